using Ornstein.Batching;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using static TorchSharp.torch;

namespace Ornstein.Tests.Networks;

/// <summary>Ladders of many layers of maps: what climbs has each layer's own resolution, and depth changes neither it nor the first gradients.</summary>
public class DeepLadderTests
{
    [Theory]
    [InlineData("3x16x16", "4x16x16,4x16x16,4x8x8,4x8x8,4x4x4,4x4x4,10", "5x16x16,5x16x16,5x8x8,5x8x8,5x4x4,5x4x4,5x4x4")]
    [InlineData("3x32x32", "4x32x32,10,6", "5x32x32,5x8x8,5x8x8")] // a vector reads the smallest map on the way, 8 a side
    [InlineData("1x28x28", "2x7x7,2x7x7", "5x7x7,5x7x7")]
    [InlineData("12", "4,3", "5,5")]
    public void Climbing_ToEveryLayer_HasTheSizeOfItsMap(string data, string latents, string expected)
    {
        using var vae = Stack(ShapeOf(data), [.. latents.Split(',').Select(ShapeOf)], width: 5);
        var climbing = ((LadderInference)vae.Networks.Inference).Climbing;
        Assert.Equal(expected.Split(','), climbing.Select(network => $"{network.Network.Output}"));
        Assert.Equal(vae.Options.Latents.Select(latent => latent.Twice()), vae.Networks.Q.Select(head => head.Network.Network.Output));
    }

    [Fact]
    public void Create_AMapThatHalvesDoNotReach_NamesThoseThatTheyDo()
    {
        var mistake = Assert.Throws<OrnsteinException>(() => Stack(new Shape(3, 16, 16), [new Shape(2, 16, 16), new Shape(2, 6, 6)], width: 5));
        Assert.Contains("q2 lead from 5x16x16 to 5x6x6", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("16x16, 8x8, 4x4, 2x2, 1x1", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InferenceKind.Chain)]
    [InlineData(InferenceKind.Ladder)]
    public void Latent_OfEveryPlace_IsTheShapeOfItsLayer(InferenceKind inference)
    {
        Shape[] latents = [new Shape(2, 4, 4), new Shape(3, 4, 4), 6];
        using var vae = Stack(new Shape(1, 8, 8), latents, width: 5, inference);
        Assert.All(vae.Networks.All, network => Assert.Equal(latents[network.Place.Layer], network.Place.Latent));
        Assert.Equal(inference == InferenceKind.Ladder ? 9 : 6, vae.Networks.All.Count());
    }

    /// <summary>Thirty layers of one size: blocks begin as the identity and nothing else lies between, so the last reads the very numbers that the first reads.</summary>
    [Fact]
    public void Climbing_ThirtyLayers_BeginsWithTheSameFeaturesEverywhere()
    {
        using var scope = NewDisposeScope();
        using var vae = Stack(new Shape(3, 4, 4), [.. Enumerable.Repeat(new Shape(1, 4, 4), 30)], width: 5);
        var climbing = ((LadderInference)vae.Networks.Inference).Climbing;
        var hidden = climbing[0].Forward(vae.Parameters, RandomKey.FromSeed(1).At("x").Normal(1, 2, 48));
        var first = hidden.data<float>().ToArray();
        foreach (var network in climbing.Skip(1)) hidden = network.Forward(vae.Parameters, hidden);
        Assert.Equal(first, hidden.data<float>().ToArray());
    }

    /// <summary>Merged with a narrow p, q begins near it: of KLs a thousandth of a nat a unit, where two equal widths begin with 0.1. A chain, which merges nothing, begins with equal ones.</summary>
    [Theory]
    [InlineData(InferenceKind.Chain, 0.69)]
    [InlineData(InferenceKind.Ladder, 0.127)]
    public void Generative_AtTheStart_IsNarrowInALadderAlone(InferenceKind inference, double width)
    {
        using var scope = NewDisposeScope();
        using var vae = Stack(new Shape(1, 8, 8), [new Shape(2, 8, 8), new Shape(2, 4, 4), 6, 5], 5, inference);
        foreach (var (layer, network) in vae.Networks.P.Index())
        {
            var deviation = network.Forward(vae.Parameters, zeros(1, 2, vae.Options.Latents[layer + 1].Units)).StandardDeviation;
            Assert.Equal(width, deviation.mean().item<float>(), 0.25 * width);
        }
    }

    /// <summary>Ten layers, without a warm-up: the loss falls from the first steps on, and no gradient is out of the way.</summary>
    [Fact]
    public void Train_TenLayers_LearnsFromTheFirstStepsOn()
    {
        var random = new Random(1);
        byte[] pixels = [.. Enumerable.Range(0, 32).SelectMany(_ =>
        {
            var (corner, image) = (4 * ((8 * random.Next(2)) + random.Next(2)), new byte[64]);
            for (var i = 0; i < 16; i++) image[corner + (8 * (i / 4)) + (i % 4)] = 220;
            return image;
        })];
        using var rows = DataRows.FromPixels(pixels, 64, Binarization.None, training: true);
        Shape[] latents =
        [
            .. Enumerable.Repeat(new Shape(1, 8, 8), 3), .. Enumerable.Repeat(new Shape(2, 4, 4), 3), .. Enumerable.Repeat(new Shape(2, 2, 2), 3), 4,
        ];
        using var vae = Stack(new Shape(1, 8, 8), latents, width: 4);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        var batches = new StackBatches(rows, vae.Seeds, 8);
        using var step = ITrainingStep.For(vae, adam, batches, epochs: 10);
        var (losses, norms, terms) = (new List<double>(), new List<double>(), new double[11]);
        for (var i = 1; i <= 16; i++)
        {
            step.Run(i, 3e-3, [true], terms);
            losses.Add(terms.Sum());
            norms.Add(adam.GradientNorms[0]);
        }

        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.True(losses.TakeLast(3).Average() < losses.Take(3).Average() - 10, string.Join(' ', losses));
        Assert.True(norms.Max() < 20 * norms.Order().ElementAt(8), string.Join(' ', norms));
    }

    private static HierarchicalVae Stack(Shape data, Shape[] latents, int width, InferenceKind inference = InferenceKind.Ladder) => new(
        new ModelOptions
        {
            Data = data, Latents = latents, Networks = new Convolutions { Widths = [.. latents.Select(_ => width)] }, Likelihood = new GaussianLikelihood(0.05), Inference = inference,
        },
        [new Member(1, 0)], new SmoothingOptions());

    private static Shape ShapeOf(string text) => Shape.TryParse(text, out var shape) ? shape : throw new ArgumentException(text, nameof(text));
}
