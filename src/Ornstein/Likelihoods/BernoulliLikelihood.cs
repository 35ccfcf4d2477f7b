using Ornstein.Batching;
using Ornstein.Kernels;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>Independent pixels that are on with a probability of their own; the decoder gives logits. Data lie in [0, 1], grey values as probabilities.</summary>
public sealed record BernoulliLikelihood : IFusedLikelihood
{
    private const double LeastProbability = 0.001; // a pixel that is never on

    /// <inheritdoc/>
    public string Name => "bernoulli";

    /// <inheritdoc/>
    public int Outputs(int features) => features;

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        ArgumentNullException.ThrowIfNull(x);
        return (x * output).sum([-1L]) - output.Softplus().sum([-1L]); // x logit - softplus(logit), for x in [0, 1]
    }

    /// <inheritdoc/>
    public Tensor Mean(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.sigmoid();
    }

    /// <inheritdoc/>
    public Tensor Sample(Tensor output, PartState state, StackNoise noise, string place)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(noise);
        var uniform = noise.Draw(place, output.shape[1], (key, rows) => key.Uniform(rows, output.shape[2]));
        return uniform.lt(output.sigmoid()).to(output.dtype);
    }

    /// <inheritdoc/>
    public double[] OutputOf(IReadOnlyList<double> mean) => [.. mean.Select(value =>
    {
        var probability = Math.Clamp(value, LeastProbability, 1 - LeastProbability);
        return Math.Log(probability / (1 - probability));
    })];

    /// <inheritdoc/>
    public string? Misfit(DataRange data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var what = !(data.Least >= 0 && data.Greatest <= 1) ? FormattableString.Invariant($"lie between 0 and 1, and these data between {data.Least:G4} and {data.Greatest:G4}")
            : data.Channels > 1 ? FormattableString.Invariant($"are on or off, and these images have {data.Channels} channels") : null;
        return what is null ? null : $"Bernoulli pixels {what}; take the gaussian likelihood";
    }

    /// <inheritdoc/>
    public unsafe double NegativeLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, float weight, Span<float> gradient)
    {
        fixed (float* logits = output, data = x, target = gradient) return LikelihoodKernels.Bernoulli(logits, data, output.Length, weight, target);
    }

    /// <inheritdoc/>
    public unsafe void AddLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, int samples, Span<float> sums)
    {
        fixed (float* logits = output, data = x, target = sums) RowKernels.AddBernoulli(logits, data, features, sums.Length, samples, target);
    }
}
