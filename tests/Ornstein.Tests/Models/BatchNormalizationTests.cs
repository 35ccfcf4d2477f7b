using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

public class BatchNormalizationTests
{
    private static HierarchicalVae Create() =>
        new(TinyStack.Model.With(p => p with { NormalizesBatches = true }), [new Member(1, 3)], new SmoothingOptions());

    [Fact]
    public void Forward_BatchStatistics_GivesMeanZeroAndVarianceOne()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Create();
        var network = vae.Networks.Q[0].Network;
        var layer = network.Layer(0);
        var value = RandomKey.FromSeed(1).Normal(1, 500, layer.Outputs).Times(3).Plus(2);
        var entries = network.Network.Parameters.ToDictionary(parameter => parameter.Name, parameter => network.Entry(parameter.Name));
        var weights = new NetworkWeights(vae.Parameters, entries, new TrainingMode { Statistics = [] }, "q1", isStacked: true);
        var normal = layer.Normalization!.Forward(weights, value, layer.Bias);
        // Sums of 500 floats: 500 roundings of 6e-8 at the most; eps = 1e-5 takes 1e-6 of a variance of 9.
        Assert.True(normal.mean([1L]).abs().max().item<float>() < 3e-5);
        Assert.True(normal.Squared().mean([1L]).Minus(1).abs().max().item<float>() < 6e-5);
    }

    [Fact]
    public void Infer_Evaluation_GivesADatumTheSameAloneAndInABatch()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Create();
        var x = RandomKey.FromSeed(1).Uniform(1, 20, TinyStack.Features);
        var together = vae.Inference(0, x).Mean.narrow(1, 0, 1);
        var alone = vae.Inference(0, x.narrow(1, 0, 1)).Mean;
        // The same sums of a dozen products, perhaps in another order.
        Assert.True((together - alone).abs().max().item<float>() < 1e-5);
    }
}
