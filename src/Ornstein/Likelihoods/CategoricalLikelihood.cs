using Ornstein.Batching;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>
/// Independent grey levels with a probability for each of 256. The decoder gives the logits of all features for level 0, then for level 1, and so on: 256 numbers a feature. Levels
/// that lie side by side are not alike to it. Data are levels over 255.
/// </summary>
public sealed record CategoricalLikelihood : ILikelihood
{
    private const int Count = 256;

    /// <inheritdoc/>
    public string Name => "categorical";

    /// <inheritdoc/>
    public int? Levels => Count;

    /// <inheritdoc/>
    public int Outputs(int features) => Count * features;

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        ArgumentNullException.ThrowIfNull(x);
        var logits = Logits(output);
        var level = x.Times(Count - 1).round().to(ScalarType.Int64).unsqueeze(-2).expand(logits.shape[0], logits.shape[1], 1, logits.shape[3]);
        return logits.gather(-2, level).squeeze(-2).sub(logits.logsumexp(-2, false)).sum([-1L]);
    }

    /// <inheritdoc/>
    public Tensor Mean(Tensor output)
    {
        var logits = Logits(output);
        return logits.softmax(-2).mul(linspace(0, 1, Count, dtype: logits.dtype, device: logits.device).unsqueeze(-1)).sum([-2L]);
    }

    /// <inheritdoc/>
    public Tensor Sample(Tensor output, PartState state, StackNoise noise, string place)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var logits = Logits(output);
        var uniform = noise.Draw(place, logits.shape[1], (key, rows) => key.Uniform(rows, logits.shape[^1])).unsqueeze(-2);
        return logits.softmax(-2).cumsum(-2).le(uniform).sum(-2).Between(0, Count - 1).to(logits.dtype).Over(Count - 1);
    }

    /// <inheritdoc/>
    /// <remarks>Logits that rise or fall evenly from level to level.</remarks>
    public double[] OutputOf(IReadOnlyList<double> mean)
    {
        ArgumentNullException.ThrowIfNull(mean);
        double[] slopes = [.. mean.Select(value => GreyLevels.ArgumentOf(value, 5000, MeanOf))];
        return [.. Enumerable.Range(0, Count).SelectMany(level => slopes.Select(slope => slope * level / (Count - 1)))];
    }

    /// <inheritdoc/>
    public string? Misfit(DataRange data) => GreyLevels.Misfit(data);

    // Of the weights r^level, r = e^(slope / 255), counted from the end that has most, so that they add up to little more than 1.
    private static double MeanOf(double slope)
    {
        var ratio = Math.Exp(-Math.Abs(slope) / (Count - 1));
        var (weight, sum, moment) = (1.0, 0.0, 0.0);
        for (var level = 0; level < Count; level++, weight *= ratio)
        {
            sum += weight;
            moment += weight * level;
        }

        var fromEnd = moment / sum / (Count - 1);
        return slope < 0 ? fromEnd : 1 - fromEnd;
    }

    // [members, rows, levels, features].
    private static Tensor Logits(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.reshape([.. output.shape[..^1], Count, output.shape[^1] / Count]);
    }
}
