using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// Batch normalization of a hidden layer (Ioffe and Szegedy 2015): gain (h - mean) / sqrt(variance + eps) + shift, the shift being the layer's bias.
/// A training step takes mean and variance (the biased one) of its own rows: the batch, times the inner draws where the network is smoothed.
/// Evaluation takes running means of both, so that a datum's numbers do not depend on what is measured beside it.
/// </summary>
/// <param name="Gain">[1, units], from 1.</param>
/// <param name="Mean">Running mean, [1, units], from 0; no gradient reaches it.</param>
/// <param name="Variance">Running variance, [1, units], from 1; no gradient reaches it.</param>
internal sealed record BatchNormalization(ParameterEntry Gain, ParameterEntry Mean, ParameterEntry Variance)
{
    /// <summary>Added to every variance.</summary>
    public const float Epsilon = 1e-5f;

    public static BatchNormalization Declare(ParameterLayout layout, string name, int units) => new(
        layout.Add($"{name}.gain", 1, units, 0, 1), layout.Add($"{name}.mean", 1, units, 0), layout.Add($"{name}.variance", 1, units, 0, 1));

    /// <summary>Normalizes [members, rows, units].</summary>
    /// <param name="parameters">The stack's parameters.</param>
    /// <param name="value">What is normalized.</param>
    /// <param name="bias">The layer's bias.</param>
    /// <param name="mode">Whether by the rows' own mean and variance, which are then noted.</param>
    public Tensor Forward(StackParameters parameters, Tensor value, ParameterEntry bias, TrainingMode mode)
    {
        var usesBatch = mode.Statistics is not null;
        var mean = usesBatch ? value.mean([1L], keepdim: true) : parameters[Mean].detach();
        var centred = value - mean;
        var variance = usesBatch ? centred.square().mean([1L], keepdim: true) : parameters[Variance].detach();
        mode.Statistics?.AddRange([(Mean, mean.detach()), (Variance, variance.detach())]);
        return (centred * variance.add(Epsilon).rsqrt() * parameters[Gain]) + parameters[bias];
    }
}
