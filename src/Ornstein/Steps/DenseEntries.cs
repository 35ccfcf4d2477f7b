using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>Where the parameters of a perceptron's layer lie.</summary>
/// <param name="Weight">[inputs, outputs].</param>
/// <param name="Bias">[outputs]; of a layer that is batch-normalized, what is added after that.</param>
/// <param name="Normalization">Those of its batch normalization; null for none.</param>
internal sealed record DenseEntries(ParameterEntry Weight, ParameterEntry Bias, NormalizationEntries? Normalization)
{
    /// <summary>Those of a layer of the network at a place.</summary>
    public static DenseEntries Of(PlacedNetwork network, DenseLayer layer) => new(
        network.Entry(layer.Weight), network.Entry(layer.Bias), layer.Normalization is { } normalization
            ? new(network.Entry(normalization.Gain), network.Entry(layer.Bias), network.Entry(normalization.Mean), network.Entry(normalization.Variance))
            : null);
}

/// <summary>Where the parameters of a batch normalization lie, each [units].</summary>
/// <param name="Gain">What standardized numbers are multiplied by.</param>
/// <param name="Shift">What is added then.</param>
/// <param name="Mean">Running mean, which no gradient reaches.</param>
/// <param name="Variance">Running variance, which no gradient reaches.</param>
internal sealed record NormalizationEntries(ParameterEntry Gain, ParameterEntry Shift, ParameterEntry Mean, ParameterEntry Variance);
