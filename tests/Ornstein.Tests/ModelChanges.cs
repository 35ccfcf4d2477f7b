using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Stacks;

namespace Ornstein.Tests;

/// <summary>Short ways to write what tests change of models.</summary>
internal static class ModelChanges
{
    /// <summary>The model with other perceptrons.</summary>
    public static ModelOptions With(this ModelOptions model, Func<Perceptrons, Perceptrons> change) =>
        model with { Networks = change((Perceptrons)model.Networks) };

    /// <summary>A layer of the perceptron at a place.</summary>
    public static DenseLayer Layer(this PlacedNetwork network, Index layer) => ((Perceptron)network.Network).Layers[layer];

    /// <summary>[1, shape...].</summary>
    public static long[] ShapeOfOne(this ParameterEntry entry) => [1, .. entry.Shape.Axes.Select(axis => (long)axis)];
}
