namespace Ornstein.Likelihoods;

/// <summary>A likelihood that can be computed on plain memory too, by which models train several times as fast. Held to its tensors by a test.</summary>
public interface IFusedLikelihood : ILikelihood
{
    /// <summary>What of it has no such form, in a few words; null where all has.</summary>
    string? NotFused => null;

    /// <summary>Sum over rows and features of -log p(x | z), nats, and its gradient.</summary>
    /// <param name="output">What the decoder gives, row by row.</param>
    /// <param name="x">The data, row by row.</param>
    /// <param name="features">Features of a row of <paramref name="x"/>.</param>
    /// <param name="weight">What the gradient is multiplied by.</param>
    /// <param name="gradient">Receives the gradient by <paramref name="output"/>; empty where nobody asks.</param>
    double NegativeLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, float weight, Span<float> gradient);

    /// <summary>Adds log p(x | z), nats, to a sum per row.</summary>
    /// <param name="output">What the decoder gives, row by row.</param>
    /// <param name="x">The data, row by row, each for several rows of <paramref name="output"/> one after another.</param>
    /// <param name="features">Features of a row of <paramref name="x"/>.</param>
    /// <param name="samples">Rows of <paramref name="output"/> of a datum.</param>
    /// <param name="sums">What is added to, one number per row of <paramref name="output"/>.</param>
    void AddLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, int samples, Span<float> sums);
}
