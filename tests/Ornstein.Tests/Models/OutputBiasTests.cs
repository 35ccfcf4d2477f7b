using Ornstein.Batching;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

public sealed class OutputBiasTests
{
    // Of a sigmoid and its inverse in float32, of values up to log(999) = 6.9: 8 units in the last place of 1.
    private const double Rounding = 1e-6;

    private const int Rows = 5000, Features = 7; // more rows than are summed at once

    [Fact]
    public void FromMean_BernoulliPixels_WeightsOfZeroGiveTheMeanOfTheDraws()
    {
        using var scope = NewDisposeScope();
        using var data = DataRows.FromPixels(Pixels(), Features, Binarization.Dynamic, training: true);
        using var vae = Create(Likelihood.Bernoulli);
        OutputBias.FromMean(vae, data);
        // The first feature is never on, the last always.
        double[] expected = [.. Enumerable.Range(0, Features).Select(i => Math.Clamp(MeanOf(i) / 255, 0.001, 0.999))];
        AssertGives(expected, vae);
    }

    [Fact]
    public void FromMean_GaussianFeatures_WeightsOfZeroGiveTheMean()
    {
        using var scope = NewDisposeScope();
        using var data = DataRows.FromReals([.. Pixels().Select(pixel => (float)pixel - 100)], Features);
        using var vae = Create(Likelihood.Gaussian);
        OutputBias.FromMean(vae, data);
        AssertGives([.. Enumerable.Range(0, Features).Select(i => MeanOf(i) - 100)], vae, 200 * Rounding);
    }

    [Fact]
    public void FromMean_OtherData_NamesBothSizes()
    {
        using var data = DataRows.FromReals([1, 2, 3], 3);
        using var vae = Create(Likelihood.Gaussian);
        Assert.Equal("data have 3 features and the model 7; they must be the same.", Assert.Throws<OrnsteinException>(() => OutputBias.FromMean(vae, data)).Message);
    }

    private static byte[] Pixels() => [.. Enumerable.Range(0, Rows * Features).Select(i => (byte)Pixel(i / Features, i % Features))];

    private static int Pixel(int row, int feature) => feature switch { 0 => 0, Features - 1 => 255, _ => (row * 31 * feature) % 256 };

    private static double MeanOf(int feature) => Enumerable.Range(0, Rows).Average(row => Pixel(row, feature));

    // The biases alone: what the decoder gives where all of its weights are zero, whatever z is.
    private static void AssertGives(double[] expected, HierarchicalVae vae, double tolerance = Rounding)
    {
        using var guard = no_grad();
        foreach (var entry in vae.Parameters.Layout.Entries.Where(entry => entry.Name.EndsWith(".weight", StringComparison.Ordinal)))
            vae.Parameters.Block(vae.Parameters.Values, entry).zero_();
        var given = vae.Decode(randn(vae.Members.Count, 3, 2)).to(ScalarType.Float64);
        Assert.Equal([2, 3, Features], given.shape);
        var difference = given - tensor(expected).view(1, 1, -1);
        Assert.InRange(difference.abs().max().item<double>(), 0, tolerance);
    }

    private static HierarchicalVae Create(ILikelihood likelihood) => new(
        new ModelOptions { Data = Features, Latents = [2, 2], Networks = new Perceptrons { Hidden = [4, 4] }, Likelihood = likelihood }, [new Member([1], 0), new Member([0.5], 1)],
        new SmoothingOptions());
}
