using Ornstein.Batching;
using Ornstein.Kernels;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>
/// Independent grey levels, each a logistic distribution cut into 256 bins (Kingma et al. 2016; Salimans et al. 2017, section 2.1). The decoder gives the means of all
/// features, on [-1, 1], then the logs of their scales. Data are levels over 255.
/// </summary>
public sealed record DiscretizedLogisticLikelihood : IFusedLikelihood
{
    private const double InitialLogScale = -1;

    /// <inheritdoc/>
    public string Name => "discretized-logistic";

    /// <inheritdoc/>
    public int? Levels => DiscretizedLogistic.Levels;

    /// <inheritdoc/>
    public int Outputs(int features) => 2 * features;

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (mean, logScale) = Parts(output);
        return DiscretizedLogistic.LogMass(x, mean, logScale).sum([-1L]);
    }

    /// <inheritdoc/>
    public Tensor Mean(Tensor output)
    {
        var (mean, logScale) = Parts(output);
        return DiscretizedLogistic.Mean(mean, logScale);
    }

    /// <inheritdoc/>
    public Tensor Sample(Tensor output, PartState state, StackNoise noise, string place)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var (mean, logScale) = Parts(output);
        return DiscretizedLogistic.Sample(mean, logScale, noise.Draw(place, mean.shape[1], (key, rows) => key.Uniform(rows, mean.shape[2])));
    }

    /// <inheritdoc/>
    public double[] OutputOf(IReadOnlyList<double> mean)
    {
        ArgumentNullException.ThrowIfNull(mean);
        return [.. mean.Select(value => GreyLevels.ArgumentOf(value, 50, argument => DiscretizedLogistic.Mean(argument, InitialLogScale))), .. Enumerable.Repeat(InitialLogScale, mean.Count)];
    }

    /// <inheritdoc/>
    public string? Misfit(DataRange data) => GreyLevels.Misfit(data);

    /// <inheritdoc/>
    public unsafe double NegativeLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, float weight, Span<float> gradient)
    {
        var sum = 0.0;
        fixed (float* given = output, data = x, target = gradient)
        {
            for (var row = 0; row < x.Length / features; row++)
            {
                nint from = (nint)row * features, to = 2 * from;
                sum += LogisticKernels.NegativeLogMass(given + to, data + from, features, weight, target == null ? null : target + to);
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public unsafe void AddLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, int samples, Span<float> sums)
    {
        fixed (float* given = output, data = x)
        {
            for (var row = 0; row < sums.Length; row++)
                sums[row] -= (float)LogisticKernels.NegativeLogMass(given + ((nint)row * 2 * features), data + ((nint)(row / samples) * features), features, 0, null);
        }
    }

    private static (Tensor Mean, Tensor LogScale) Parts(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var halves = output.chunk(2, -1);
        return (halves[0], halves[1]);
    }
}
