using Ornstein.Measures;
using Ornstein.Results;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Measures;

/// <summary>A measure from outside the library, as docs/evaluation.md shows it.</summary>
public sealed record MeanEnergy : IMeasure
{
    public string Key => "meanEnergy";
    public string Heading => "E|m|²";
    public string Legend => "mean over data of the squared length of q's mean";
    public bool IsPerLayer => true;

    public IReadOnlyList<IReadOnlyList<Estimate>> Of(MeasuredModels on) =>
        on.Means((x, noise) => [.. on.Stack.Infer(x, noise).Layers.Select(q => q.Mean.Squared().sum(-1L))]);
}
