using MathNet.Numerics.Distributions;

namespace Ornstein.Studies.Numbers;

/// <summary>
/// The exact sign test: whether so many of the seeds speak for something that, of seeds that speak for it or not with one half each, as many would do so in a share
/// <see cref="Level"/> of cases at most. It takes nothing for granted of how values are distributed. With 5 seeds all must agree, with 10 nine.
/// </summary>
internal static class SignTest
{
    /// <summary>One-sided level of a single question.</summary>
    public const double Level = 0.05;

    /// <summary>Whether most seeds speak for it.</summary>
    /// <param name="count">Those that do.</param>
    /// <param name="seeds">All that were asked; those that cannot say count as speaking against it.</param>
    /// <param name="questions">Questions of which none is to be answered so by chance (Bonferroni).</param>
    public static bool Shows(int count, int seeds, int questions = 1) =>
        count > 0 && 1 - Binomial.CDF(0.5, seeds, count - 1) <= (Level / questions) + 1e-12;
}
