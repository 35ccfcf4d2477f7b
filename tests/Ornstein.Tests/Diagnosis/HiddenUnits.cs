using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Tests.Diagnosis;

/// <summary>What the last hidden layer of a perceptron gives.</summary>
internal static class HiddenUnits
{
    /// <param name="network">The perceptron at its place.</param>
    /// <param name="parameters">The stack's parameters.</param>
    /// <param name="rows">What it reads, [members, rows, units].</param>
    public static Tensor Of(PlacedNetwork network, StackParameters parameters, Tensor rows)
    {
        var perceptron = (Perceptron)network.Network;
        var entries = perceptron.Parameters.ToDictionary(parameter => parameter.Name, parameter => network.Entry(parameter.Name));
        var hidden = new Perceptron(perceptron.Input.Units, perceptron.Layers[^2].Outputs, [.. perceptron.Layers.SkipLast(1)], perceptron.Activation);
        return hidden.Forward(new NetworkWeights(parameters, entries, new TrainingMode(), network.Place.Name, isStacked: true), rows);
    }
}
