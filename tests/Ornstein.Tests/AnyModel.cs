using CsCheck;
using Ornstein.Batching;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests;

/// <summary>A small stack of any architecture and smoothing, its data, and how a step is cut up: for what must hold for all of them.</summary>
internal sealed record AnyModel(
    ModelOptions Model, SmoothingOptions Smoothing, double[] Rho, int Batch, int Threads, int MostRows, bool Dynamic, ulong Key, Remedy Remedy)
{
    /// <summary>Of perceptrons.</summary>
    public static Gen<AnyModel> Generator { get; } = Of(Gen.Const(false));

    /// <summary>Of convolutions, whose tensors take their time.</summary>
    public static Gen<AnyModel> OfMaps { get; } = Of(Gen.Const(true));

    private static Gen<AnyModel> Of(Gen<bool> maps) =>
        from layers in Gen.Int[1, 4]
        from latents in Gen.Int[1, 20].Array[layers]
        from isLinear in Gen.Int[0, 4].Select(i => i == 0)
        from hidden in Gen.Int[1, 50].Array[layers]
        from hiddenLayers in Gen.Int[1, 3]
        from activation in Gen.Enum<Activation>()
        from likelihood in Gen.OneOf(
            Gen.Const<ILikelihood>(new BernoulliLikelihood()), Gen.Enum<GaussianVariance>().Select(kind => (ILikelihood)new GaussianLikelihood(0.7, kind)))
        from networks in Gen.Enum<SmoothedNetworks>()
        from measure in Gen.Enum<ReferenceMeasure>()
        from sampler in Gen.Enum<SmoothingSampler>()
        from draws in Gen.Int[1, sampler == SmoothingSampler.GaussHermite ? 2 : 5]
        from rho in Gen.OneOf(Gen.Double[0, 1], Gen.Const(1.0), Gen.Const(0.0)).Array[1, 2]
        from batch in Gen.OneOf(Gen.Int[1, 70], Gen.Const(32))
        from threads in Gen.Int[1, 3]
        from rows in Gen.OneOf(Gen.Int[1, 60], Gen.Const(StepProgram.MostRows))
        from dynamic in Gen.Bool
        from key in Gen.ULong
        from beta in Gen.OneOf(Gen.Double[0, 2], Gen.Const(1.0)).Array[layers]
        from warmUp in Gen.Enum<WarmUpShape>()
        from order in Gen.Enum<AnnealingOrder>()
        from parts in Gen.Int[0, 7]
        from isLadder in Gen.Bool
        from skip in Gen.OneOf(Gen.Const(SkipConnections.None), Gen.Enum<SkipConnections>())
        from normalizes in Gen.Int[0, 3].Select(i => i == 0)
        from objective in Objectives
        from ofMaps in maps
        let isSmall = sampler == SmoothingSampler.GaussHermite
        let model = Fitting(new ModelOptions
        {
            Data = ofMaps ? Image(batch) : 37 + (batch % 5),
            Latents = [.. latents.Select((n, i) => isSmall ? 1 + (n % 4) : ofMaps ? Map(Image(batch), n, i) : (Shape)n)],
            Networks = ofMaps ? new Convolutions { Widths = [.. hidden.Select(WidthOf)], Blocks = hiddenLayers - 1, Activation = activation } : new Perceptrons
            {
                Hidden = isLinear ? [] : hidden, HiddenLayers = hiddenLayers, Activation = activation, NormalizesBatches = normalizes && !isLinear,
            },
            Likelihood = likelihood, Inference = isLadder ? InferenceKind.Ladder : InferenceKind.Chain, Skip = skip,
        }, sampler)
        let smoothing = new SmoothingOptions { Networks = networks, Measure = measure, Sampler = sampler, Draws = draws }
        select new AnyModel(
            // A variance of two or three rows is nearly zero, and rounding nearly infinite.
            model, smoothing, rho, normalizes ? Math.Max(batch, 8) : ofMaps ? 1 + (batch % 10) : batch, threads, rows, dynamic, key,
            Fitting(objective, model, smoothing) with
            {
                Beta = (parts & 1) == 0 || !KeepsWeights(objective) ? [1] : objective.FreeBits is null ? beta : [.. beta.Select(weight => weight + 0.1)],
                WarmUp = (parts & 2) != 0 && KeepsWeights(objective) ? new KlWarmUp { Shape = warmUp, Epochs = 1.5, Cycles = 2 } : null,
                Annealing = (parts & 4) != 0 && layers > 1 ? new RhoAnnealing { To = [1], Until = 0.7, Order = order } : null,
            });

    // Sizes that are taken several at a time and one at a time in sums over pixels.
    private static Shape Image(int n) => n % 7 == 0 ? new(1 + (n % 3), 6, 10) : new(1 + (n % 3), n % 2 == 0 ? 8 : 16, n % 5 == 0 ? 4 : 8);

    // Multiples of 16 convolve in a way of their own.
    private static int WidthOf(int n) => n % 2 == 0 ? 16 * (1 + (n % 3)) : n;

    // Every fourth layer is a vector; maps have half the size of the layer below, or its size where that has no half.
    private static Shape Map(Shape image, int n, int layer)
    {
        var (height, width) = (image.Axes[1], image.Axes[2]);
        for (var i = 0; i <= layer && height % 2 == 0 && width % 2 == 0; i++) (height, width) = (height / 2, width / 2);
        return n % 4 == 0 ? n : new Shape(Math.Clamp(100 / (height * width), 1, 1 + (n % 5)), height, width); // points of a Sobol sequence have at most 101 numbers
    }

    // Half of them the plain one.
    private static Gen<Remedy> Objectives => Gen.OneOf(
        Gen.Const(Remedy.None),
        Gen.OneOf(
            Gen.Select(Gen.Double[0.001, 1], Gen.Enum<FreeBitsScope>(), (nats, scope) => new Remedy { FreeBits = new FreeBits { Nats = nats, Scope = scope } }),
            Gen.Const(new Remedy { Form = ObjectiveForm.Joint }),
            Gen.Select(Gen.Int[2, 6], Gen.Enum<ImportanceGradient>(), (k, gradient) => new Remedy { Importance = new() { Samples = k, Gradient = gradient } }),
            Gen.Double[0.01, 1].Select(nats => new Remedy { CommittedRate = nats }),
            Gen.Select(Gen.Int[1, 3], updates => new Remedy { Aggressive = new AggressiveEncoder { Updates = updates, Epochs = 0.5 } })));

    // Without what does not go together; points of a quadrature are as many as draws to the power of units, which skips would add up.
    private static ModelOptions Fitting(ModelOptions model, SmoothingSampler sampler)
    {
        if (model.Layers == 1 || model.IsLinear) model = model with { Inference = InferenceKind.Chain };
        if (model.Inference == InferenceKind.Ladder) model = model with { Skip = model.Skip & ~SkipConnections.Inference };
        return model.Layers == 1 || sampler == SmoothingSampler.GaussHermite ? model with { Skip = SkipConnections.None } : model;
    }

    // The doubly reparameterized gradient is that of the bound itself, of q apart from p and row by row.
    private static bool KeepsWeights(Remedy objective) => objective.Importance?.Gradient != ImportanceGradient.DoublyReparameterized;

    private static Remedy Fitting(Remedy objective, ModelOptions model, SmoothingOptions smoothing)
    {
        if (objective.Importance is not null && model.Likelihood.DependsOnBatch) return Remedy.None; // there is no such objective
        var isPlain = model.Inference == InferenceKind.Chain && !model.Networks.CouplesRows && !smoothing.Networks.HasFlag(SmoothedNetworks.Q);
        return KeepsWeights(objective) || isPlain ? objective : new Remedy { Importance = new() { Samples = objective.Importance!.Samples } };
    }

    /// <summary>Epochs of the training that a step is part of, three steps each.</summary>
    public const int Epochs = 2;

    /// <summary>A stack with two members for every rho, one of which has the remedies, with biases and scales away from zero, where a missing gradient could go unseen.</summary>
    public HierarchicalVae Create()
    {
        using var scope = NewDisposeScope();
        var vae = new HierarchicalVae(Model, Members(), Smoothing);
        // Convolutions sum over hundreds of numbers: with larger weights a few of them make millions of ones.
        vae.Parameters.Values.detach().Add(new RandomKey(Key).At("weights").Normal(vae.Parameters.Values.shape).Times(Model.Networks is Convolutions ? 0.03 : 0.1));
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
