using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>
/// Batch normalization of a hidden layer (Ioffe and Szegedy 2015): gain (h - mean) / sqrt(variance + eps) + shift, the shift being the layer's bias.
/// A training step takes mean and variance (the biased one) of its own rows: the batch, times the inner draws where the network is smoothed.
/// Evaluation takes running means of both, so that a datum's numbers do not depend on what is measured beside it.
/// </summary>
/// <param name="layer">Name of the layer.</param>
internal sealed class BatchNormalization(string layer)
{
    /// <summary>Added to every variance.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>Name of the gain.</summary>
    public string Gain { get; } = $"{layer}.gain";

    /// <summary>Name of the running mean.</summary>
    public string Mean { get; } = $"{layer}.mean";

    /// <summary>Name of the running variance.</summary>
    public string Variance { get; } = $"{layer}.variance";

    /// <summary>Gain from 1; running mean from 0 and running variance from 1, which no gradient reaches.</summary>
    /// <param name="units">Units of the layer.</param>
    public IEnumerable<PartParameter> Parameters(int units) =>
    [
        new(Gain, units, InitialValues.Constant(1)),
        new(Mean, units, InitialValues.Constant(0), IsTrained: false),
        new(Variance, units, InitialValues.Constant(1), IsTrained: false),
    ];

    /// <summary>Normalizes [members, rows, units].</summary>
    /// <param name="weights">The network's weights.</param>
    /// <param name="value">What is normalized.</param>
    /// <param name="bias">Name of the layer's bias.</param>
    public Tensor Forward(NetworkWeights weights, Tensor value, string bias) =>
        (Standardized(weights, value, 1, Mean, Variance) * weights[Gain].unsqueeze(1)).Plus(weights[bias].unsqueeze(1));

    /// <summary>(value - mean) / sqrt(variance + eps) over the rows of a training batch, whose mean and variance are noted; else by their running means.</summary>
    /// <param name="weights">The network's weights.</param>
    /// <param name="value">What is normalized, [rows, units] or [members, rows, units].</param>
    /// <param name="rows">The axis of its rows.</param>
    /// <param name="meanName">Name of the running mean.</param>
    /// <param name="varianceName">Name of the running variance.</param>
    public static Tensor Standardized(NetworkWeights weights, Tensor value, int rows, string meanName, string varianceName)
    {
        var mean = weights.IsTraining ? value.mean([rows], keepdim: true) : weights[meanName].unsqueeze(rows);
        var centred = value - mean;
        var variance = weights.IsTraining ? centred.Squared().mean([rows], keepdim: true) : weights[varianceName].unsqueeze(rows);
        if (weights.IsTraining)
        {
            weights.Note(meanName, mean.squeeze(rows));
            weights.Note(varianceName, variance.squeeze(rows));
        }

        return centred * variance.Plus(Epsilon).rsqrt();
    }
}
