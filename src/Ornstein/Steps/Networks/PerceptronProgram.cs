using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps.Networks;

/// <summary>A perceptron as operations.</summary>
/// <param name="build">Where they go.</param>
/// <param name="network">The network at its place.</param>
/// <param name="perceptron">The network.</param>
/// <param name="isHeld">Whether its parameters are constants here.</param>
internal sealed class PerceptronProgram(ProgramBuilder build, PlacedNetwork network, Perceptron perceptron, bool isHeld) : INetworkProgram
{
    public Slot Hidden(Slot input)
    {
        foreach (var layer in perceptron.Layers.Where(layer => layer.IsHidden))
        {
            var entries = DenseEntries.Of(network, layer);
            input = entries.Normalization is null
                ? build.Dense(input, entries, firstColumn: 0, entries.Weight.Columns, perceptron.Activation, isHeld)
                : Normalized(build.Dense(input, entries, firstColumn: 0, entries.Weight.Columns, activation: null, isHeld), entries.Normalization);
        }

        return input;
    }

    public Slot Output(Slot hidden, int first, int count) => build.Dense(hidden, DenseEntries.Of(network, perceptron.Layers[^1]), first, count, activation: null, isHeld);

    // Products of their own, so that each half lies without gaps.
    public (Slot First, Slot Second) Halves(Slot hidden)
    {
        var half = perceptron.Output.Units / 2;
        return (Output(hidden, 0, half), Output(hidden, half, half));
    }

    public Slot Whole(Slot input)
    {
        var hidden = Hidden(input);
        return perceptron.Layers[^1].IsHidden ? hidden : Output(hidden, 0, perceptron.Output.Units);
    }

    private Slot Normalized(Slot value, NormalizationEntries entries)
    {
        var (activation, output) = (perceptron.Activation, value);
        var slope = ActivationKernels.SlopeOf(activation);
        if (!build.WithGradients)
        {
            build.Operations.Add(new RunningNormalizeOperation(value, entries, slope ?? 1));
        }
        else
        {
            output = build.Computed(value.Width, value.Draws);
            var normalize = new NormalizeOperation(value, output, entries, slope ?? 1, build.Memory.AddShared(NormalizeOperation.StatisticsOf(value.Width)));
            build.Operations.Add(normalize);
            build.Running.AddRange(normalize.Running);
        }

        if (slope is null) build.Activate(output, activation);
        return output;
    }
}
