using Ornstein.Diagnosis;
using Ornstein.Kernels;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Steps.Operations;
using Ornstein.Theory;
using static TorchSharp.torch;

#pragma warning disable RS0030 // TorchSharp's own operations are what is checked

namespace Ornstein.Tests.Conformance;

/// <summary>
/// A choice that an enumeration gets one day must not be computed as another, silently: wherever a choice is taken apart, an unknown one throws.
/// </summary>
public class UnknownValueTests
{
    private const int Unknown = 99;

    private static readonly TrainingClock _start = new(0, 10, 100);

    [Fact]
    public void ChoicesOfTheModel_Unknown_Throw()
    {
        static void Create(ModelOptions options) => new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions()).Dispose();
        Throws(() => Create(Tiny with { Inference = (InferenceKind)Unknown }));
        Throws(() => Create(Tiny with { Likelihood = new GaussianLikelihood(1, (GaussianVariance)Unknown) }));
        Assert.Contains("skip is 99", Assert.Throws<OrnsteinException>(() => Create(Tiny with { Skip = (SkipConnections)Unknown })).Message);
        Throws(() => ActivationKernels.NeedsInput((Activation)Unknown));
        Throws(() => ActivationKernels.SlopeOf((Activation)Unknown));
    }

    [Fact]
    public void ChoicesOfSmoothing_Unknown_Throw()
    {
        var sampler = new SmoothingOptions { Sampler = (SmoothingSampler)Unknown, Draws = 4 };
        var measure = new SmoothingOptions { Measure = (ReferenceMeasure)Unknown, Networks = SmoothedNetworks.PQ };
        Assert.Contains("networks to smooth are 99", Assert.Throws<OrnsteinException>(() =>
            new SmoothingOptions { Networks = (SmoothedNetworks)Unknown }.Validate()).Message);
        Throws(() => InnerDraws.Fill(sampler, RandomKey.FromSeed(0), new float[8]));
        Throws(() => InnerDraws.FillMean(sampler, RandomKey.FromSeed(0), new float[8]));
        Throws(() => InnerDraws.Make(sampler, StackNoise.Shared(RandomKey.FromSeed(0)), "place", 2, 2));
        Throws(() => InnerDraws.MakeMean(sampler, StackNoise.Shared(RandomKey.FromSeed(0)), "place", 2, 2));
        Throws(() => NoiseSource.Inner(new WorkspacePlan(2, 2), 2, "place", sampler, isMean: false));
        Throws(() => NoiseSource.Weights(sampler, 2, 4));
        Throws(() => _ = new LinearSmoothing { Sampler = sampler.Sampler, Draws = 4 }.InnerNoise);
        Throws(() => ActivityRule.InferenceNoise(measure, 0.5));
        using var scope = NewDisposeScope();
        using var vae = new HierarchicalVae(Tiny, [new Member(0.5, 0)], measure);
        Throws(() => vae.Infer(rand(1, 3, 4), StackNoise.Shared(RandomKey.FromSeed(1))));
        Throws(() => _ = new LogWeightProgram(vae, 2, 2, ProgramKind.Measured([true], isCapped: false)));
    }

    [Fact]
    public void ChoicesOfTheTraining_Unknown_Throw()
    {
        Throws(() => new KlWarmUp { Shape = (WarmUpShape)Unknown }.At(_start));
        Throws(() => new RhoAnnealing { Order = (AnnealingOrder)Unknown }.At(0.5, 0, 2, _start));
        Throws(() => new LearningRateSchedule { Shape = (ScheduleShape)Unknown }.At(1, 10));
        Throws(() => new Remedy { FreeBits = new FreeBits { Scope = (FreeBitsScope)Unknown } }.Validate(Tiny, new SmoothingOptions()));
        Throws(() => new Remedy { Form = (ObjectiveForm)Unknown }.Validate(Tiny, new SmoothingOptions()));
        Throws(() => new Remedy { Importance = new ImportanceObjective { Gradient = (ImportanceGradient)Unknown } }.Validate(Tiny, new SmoothingOptions()));
    }

    private delegate void Work(in Frame frame);

    private static ModelOptions Tiny => new() { Data = 4, Latents = [2, 2], Networks = new Perceptrons { Hidden = [3, 3], HiddenLayers = 1 } };

    // An operation of the decoder's output and the data, over memory of its own.
    private static unsafe void Run(ModelOptions options, Func<Slot, Slot, Work> operation)
    {
        var plan = new WorkspacePlan(2, 2);
        var (output, data) = (plan.Add(options.Features, 1, gradient: true), plan.Add(options.Features, 1, gradient: false));
        var work = operation(output, data);
        using var workspace = new Workspace(plan.Length, parameters: 0, new PackingNeed(64, 0));
        work(new Frame(plan, workspace, new ParameterMemory(1, 0), 0, 0, 2, workspace));
    }

    private static void Throws(Action action) =>
        Assert.StartsWith($"{Unknown} ", Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);
}
