using Ornstein.Batching;
using Ornstein.Information;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Tests.Information;

/// <summary>Models whose layers are maps are measured on a few data at a time, because theirs are thousands of numbers each.</summary>
public class InformationOfMapsTests
{
    private const int Side = 32, Count = 300;

    [Fact(Explicit = true)]
    public void Of_DataThatComeInParts_IsThatOfAllOfThem()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var vae = Convolutional();
        var atOnce = RowsAtOnce.Of(vae, Count);
        Assert.InRange(atOnce, 2, Count - 1);
        var x = RandomKey.FromSeed(3).At("data").Uniform(Count, 3 * Side * Side);
        using var rows = DataRows.FromReals([.. x.data<float>()], 3 * Side * Side, 3);
        var measured = InformationSplit.Of(vae, rows, [0], new InformationOptions { Data = Count, Draws = 2 })[0]!;
        // q(z1 | x) is one Gaussian, whatever the noise: its units' information has no noise to tell parts by.
        var q = vae.Infer(x.unsqueeze(0), StackNoise.Shared(RandomKey.FromSeed(9))).Layers[0];
        var (mean, deviation) = (q.Mean[0].to(ScalarType.Float64), q.StandardDeviation[0].to(ScalarType.Float64));
        var whole = InformationSplit.Of(new CodeComponents(mean, new(mean, deviation), [new(mean, deviation)], IsExact: true), default);
        Assert.Contains(whole.UnitInformation, unit => unit.Value > 1e-3);
        foreach (var (expected, actual) in whole.UnitInformation.Zip(measured[0].UnitInformation)) Assert.Equal(expected.Value, actual.Value, 1e-5);
        Assert.Equal(vae.Options.Units, measured.Select(layer => layer.UnitInformation.Length));
    }

    [Fact]
    public void Of_APerceptron_TakesAllThatItIsAskedFor()
    {
        using var stack = new TinyStack(Member.Grid([1], [0]));
        Assert.Equal(250, RowsAtOnce.Of(stack.Vae, 250));
    }

    private static HierarchicalVae Convolutional() => new(
        new ModelOptions
        {
            Data = new Shape(3, Side, Side), Latents = [new Shape(2, 16, 16), new Shape(4, 8, 8)],
            Networks = new Convolutions { Widths = [32, 32] }, Likelihood = new GaussianLikelihood(),
        },
        Member.Grid([1], [0]), new SmoothingOptions());
}
