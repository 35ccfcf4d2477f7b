using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>Where the parameters of a perceptron's layer lie.</summary>
/// <param name="Weight">[inputs, outputs].</param>
/// <param name="Bias">[outputs].</param>
internal sealed record DenseEntries(ParameterEntry Weight, ParameterEntry Bias)
{
    /// <summary>Those of a layer of the network at a place.</summary>
    public static DenseEntries Of(PlacedNetwork network, DenseLayer layer) => new(network.Entry(layer.Weight), network.Entry(layer.Bias));
}
