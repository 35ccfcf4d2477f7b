using Ornstein.Diagnosis;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Tensors;
using Ornstein.Tests.Theory;
using static TorchSharp.torch;

namespace Ornstein.Tests.Diagnosis;

/// <summary>The regression against cases in which the criterion is known without one.</summary>
public class MomentCriterionTests
{
    private const int Count = 4000;

    /// <summary>
    /// Clusters in 5 units, two of which tell: one by its mean, the other by its width alone. Never more than the truth by more than chance, and
    /// no less than it by more than the regression may miss.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_Clusters_IsAtMostTheTruthAndCloseToIt(long seed)
    {
        double[][] means = [[-1.2, 0], [0.1, 0], [1.5, 0]], variances = [[0.25, 1], [0.09, 0.2], [0.8, 2]];
        var truth = new MixtureMoments([1 / 3.0, 1 / 3.0, 1 / 3.0], means, variances);
        var (onset, code) = Measure(seed, means, variances, units: 5);
        var root = Math.Sqrt(truth.Largest);
        Assert.InRange(onset.StandardError, 1e-4, 0.02);
        Assert.InRange(onset.Value, root - 0.03 - (3 * onset.StandardError), root + (3 * onset.StandardError));
        Assert.Equal(truth.Direction.Skip(2).Sum(value => value * value), code.WidthShare, 0.1);
    }

    [Fact]
    public void Of_ACodeInWidthsAlone_SaysThatWidthsAreToldFirst()
    {
        double[][] means = [[0.0], [0]], variances = [[0.05], [2]];
        var truth = new MixtureMoments([0.5, 0.5], means, variances);
        var (onset, code) = Measure(0, means, variances, units: 3);
        Assert.Equal(Math.Sqrt(truth.Largest), onset.Value, 0.03 + (3 * onset.StandardError));
        Assert.True(truth.Largest > 0.2); // it can be told, and no mean moves
        Assert.InRange(code.WidthShare, 0.95, 1);
        Assert.Equal("widths", code.Of);
    }

    /// <summary>No code: what is found on one half by chance is nothing on the other. A number from the same data would be 0.1 or so.</summary>
    [Fact]
    public void Of_NoiseThatIsNotInTheSample_IsZeroWithinItsError()
    {
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(11);
        Tensor Draw(string name) => key.At(name).Normal(400, 8).to(ScalarType.Float64);
        // Samples that have nothing to do with the means and variances beside them.
        var (onset, _) = MomentCriterion.Of(
            Draw("z"), Draw("m"), Draw("v").Squared().Plus(0.1), [.. Enumerable.Range(0, 400).Select(row => row % MomentCriterion.Groups)]);
        // A covariance of chance is 1/sqrt(200) of the deviations on each half, and its square counts with its sign.
        Assert.InRange(onset.Value, 0, 3 / Math.Sqrt(200));
    }

    [Fact]
    public void Of_GaussianCodes_IsTheShareOfSignal()
    {
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(4);
        var mean = key.At("m").Normal(Count, 3).to(ScalarType.Float64) * tensor([2.0, 0.5, 0.1]);
        var sample = mean.Plus(key.At("eps").Normal(Count, 3).to(ScalarType.Float64));
        var (onset, code) = MomentCriterion.Of(
            sample, mean, ones_like(mean), [.. Enumerable.Range(0, Count).Select(row => row % MomentCriterion.Groups)]);
        Assert.Equal(0.8, onset.Value, 4 * onset.StandardError); // kappa = 4
        Assert.InRange(code.WidthShare, 0, 0.05);
        Assert.Equal("means", code.Of);
    }

    /// <summary>
    /// Held out means not optimistic, however few the data: over many draws the mean is at most the truth. And the standard error is that of the draws,
    /// but for the codes, which the jackknife holds.
    /// </summary>
    [Theory]
    [InlineData(240, 5)]
    [InlineData(240, 2)]
    [InlineData(1000, 5)]
    public void Of_FewData_IsAtMostTheTruthOnAverage(int count, int units)
    {
        const int Draws = 40;
        double[][] means = [[-1.2, 0], [0.1, 0], [1.5, 0]], variances = [[0.25, 1], [0.09, 0.2], [0.8, 2]];
        var truth = Math.Sqrt(new MixtureMoments([1 / 3.0, 1 / 3.0, 1 / 3.0], means, variances).Largest);
        var onsets = Enumerable.Range(100, Draws).Select(seed => Measure(seed, means, variances, units, count).Onset).ToArray();
        var mean = onsets.Average(onset => onset.Value);
        var spread = Math.Sqrt(onsets.Sum(onset => Math.Pow(onset.Value - mean, 2)) / (Draws - 1));
        Assert.InRange(mean, truth - 0.1, truth + (3 * spread / Math.Sqrt(Draws)));
        Assert.InRange(spread / onsets.Average(onset => onset.StandardError), 0.7, 2); // 40 draws know a spread to a ninth
    }

    // Clusters of equal weight in the first units; the others are noise.
    private static (Estimate Onset, FirstCode Code) Measure(long seed, double[][] means, double[][] variances, int units, int count = Count)
    {
        using var scope = NewDisposeScope();
        var (mean, variance) = (zeros(count, units, dtype: ScalarType.Float64), ones(count, units, dtype: ScalarType.Float64));
        // Groups are rows modulo their number; clusters must not be, or a half would hold one cluster alone.
        var cluster = tensor(Enumerable.Range(0, count).Select(row => row / MomentCriterion.Groups % means.Length).ToArray());
        for (var n = 0; n < means.Length; n++)
        {
            for (var j = 0; j < means[n].Length; j++)
            {
                Put(mean.select(1, j), means[n][j]);
                Put(variance.select(1, j), variances[n][j]);
                void Put(Tensor unit, double value) => unit.copy_(unit.Masked(cluster.Is(n), value));
            }
        }

        var sample = mean.Plus(variance.sqrt() * RandomKey.FromSeed(seed).Normal(count, units).to(ScalarType.Float64));
        return MomentCriterion.Of(sample, mean, variance, [.. Enumerable.Range(0, count).Select(row => row % MomentCriterion.Groups)]);
    }
}
