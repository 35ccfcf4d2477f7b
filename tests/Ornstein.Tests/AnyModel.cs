using CsCheck;
using Ornstein.Batching;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Tests;

/// <summary>A small stack of any architecture and smoothing, its data, and how a step is cut up: for what must hold for all of them.</summary>
internal sealed record AnyModel(
    ModelOptions Model, SmoothingOptions Smoothing, double[] Rho, int Batch, int Threads, bool Dynamic, ulong Key, Remedy Remedy)
{

    public static Gen<AnyModel> Generator { get; } =
        from layers in Gen.Int[1, 4]
        from latents in Gen.Int[1, 20].Array[layers]
        from isLinear in Gen.Int[0, 4].Select(i => i == 0)
        from hidden in Gen.Int[1, 50].Array[layers]
        from hiddenLayers in Gen.Int[1, 3]
        from activation in Gen.Enum<Activation>()
        from likelihood in Gen.Bool.Select(isReal => isReal ? (ILikelihood)new GaussianLikelihood(0.7) : new BernoulliLikelihood())
        from networks in Gen.Enum<SmoothedNetworks>()
        from measure in Gen.Enum<ReferenceMeasure>()
        from sampler in Gen.Enum<SmoothingSampler>()
        from draws in Gen.Int[1, sampler == SmoothingSampler.GaussHermite ? 2 : 5]
        from rho in Gen.OneOf(Gen.Double[0, 1], Gen.Const(1.0), Gen.Const(0.0)).Array[1, 4]
        from batch in Gen.OneOf(Gen.Int[1, 70], Gen.Const(32))
        from threads in Gen.Int[1, 3]
        from dynamic in Gen.Bool
        from key in Gen.ULong
        from beta in Gen.OneOf(Gen.Double[0, 2], Gen.Const(1.0)).Array[layers]
        from warmUp in Gen.Enum<WarmUpShape>()
        from order in Gen.Enum<AnnealingOrder>()
        from parts in Gen.Int[0, 7]
        select new AnyModel(
            new ModelOptions
            {
                Data = 37 + (batch % 5), Latents = [.. latents.Select(n => (Shape)(sampler == SmoothingSampler.GaussHermite ? 1 + (n % 4) : n))],
                Networks = new Perceptrons { Hidden = isLinear ? [] : hidden, HiddenLayers = hiddenLayers, Activation = activation }, Likelihood = likelihood,
            },
            new SmoothingOptions { Networks = networks, Measure = measure, Sampler = sampler, Draws = draws },
            rho, batch, threads, dynamic, key,
            new Remedy
            {
                Beta = (parts & 1) != 0 ? beta : [1],
                WarmUp = (parts & 2) != 0 ? new KlWarmUp { Shape = warmUp, Epochs = 1.5, Cycles = 2 } : null,
                Annealing = (parts & 4) != 0 && layers > 1 ? new RhoAnnealing { To = [1], Until = 0.7, Order = order } : null,
            });

    /// <summary>Epochs of the training that a step is part of, three steps each.</summary>
    public const int Epochs = 2;

    /// <summary>A stack with two members for every rho, one of which has the remedies, with biases and scales away from zero, where a missing gradient could go unseen.</summary>
    public HierarchicalVae Create()
    {
        using var scope = NewDisposeScope();
        var vae = new HierarchicalVae(Model, Members(), Smoothing);
        vae.Parameters.Values.detach().add_(new RandomKey(Key).At("weights").Normal(vae.Parameters.Values.shape).mul(0.1));
        return vae;
    }

    private Member[] Members() =>
        [.. Member.Grid(Rho, [3, 5]).Select(member => member.Seed == 5 ? member with { Remedy = Remedy } : member)];

    /// <summary>Three batches of data.</summary>
    public DataRows Rows()
    {
        using var uniform = new RandomKey(Key).At("rows").Uniform(3 * Batch, Model.Features);
        var values = uniform.data<float>().ToArray();
        if (Model.Likelihood is GaussianLikelihood) return DataRows.FromReals(values, Model.Features);
        var binarization = Dynamic ? Binarization.Dynamic : Binarization.None;
        return DataRows.FromPixels([.. values.Select(value => (byte)(255 * value))], Model.Features, binarization, training: true);
    }
}
