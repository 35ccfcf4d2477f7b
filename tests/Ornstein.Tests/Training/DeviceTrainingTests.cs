using System.Text.Json;
using Ornstein.Batching;
using Ornstein.Checkpoints;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Objectives;
using Ornstein.Priors;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Tensors;
using Ornstein.Tests.Networks;
using Ornstein.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Training;

/// <summary>
/// What holds on every device that there is (<see cref="Devices.All"/>): a machine with a card runs all of it on the card too. On the processor the steps are made
/// to go the device's way: Adam in tensors, several steps before numbers are collected.
/// </summary>
public class DeviceTrainingTests
{
    private static readonly Member[] _members =
    [
        new(0.5, 3), new(1, 4) { Remedy = new Remedy { WarmUp = new KlWarmUp { Epochs = 2 }, Annealing = new RhoAnnealing() } },
        new(0.8, 3) { Remedy = Remedy.Of(new Breaks(6)) },
    ];

    private static readonly TrainingOptions _options = TinyStack.Training with { Adam = new() { ClipNorm = 2 } };

    public static TheoryData<string> Names => [.. Devices.All];

    public static TheoryData<string, string> Models => new(Devices.All.SelectMany(device => _models.Keys.Select(model => (device, model))).ToArray());

    private static readonly Dictionary<string, (ModelOptions Model, SmoothingOptions Smoothing, Remedy Remedy)> _models = new()
    {
        ["chain"] = (TinyStack.Model, new() { Draws = 3, Networks = SmoothedNetworks.PQ }, Remedy.None),
        ["quadrature"] = (TinyStack.Model, new() { Draws = 2, Sampler = SmoothingSampler.GaussHermite }, Remedy.None),
        ["sobol"] = (TinyStack.Model with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Learned) }, new() { Draws = 4, Sampler = SmoothingSampler.Sobol }, Remedy.None),
        ["ladder"] = (
            TinyStack.Model.With(p => p with { NormalizesBatches = true }) with { Inference = InferenceKind.Ladder, Skip = SkipConnections.Generative },
            new() { Draws = 4, Sampler = SmoothingSampler.Antithetic }, new() { FreeBits = new FreeBits { Nats = 0.1 } }),
        ["joint"] = (TinyStack.Model, new() { Draws = 3 }, new() { Importance = new ImportanceObjective { Samples = 3 } }),
        ["encoder"] = (TinyStack.Model, new() { Draws = 3 }, new() { Aggressive = new AggressiveEncoder { Updates = 2, Epochs = 1.5 }, CommittedRate = 0.2 }),
        ["modules"] = (TinyStack.Model with { Networks = TestModules.Linear(6) }, new() { Draws = 3 }, Remedy.None),
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Run_SeveralStepsAtOnce_GivesTheNumbersOfOneAtATimeBitForBit(string device, string model)
    {
        using var single = Stack(device, model);
        var expected = new Recorder();
        Assert.True(Train(single, stepsAtOnce: 1, expected));
        Assert.Equal([null, null, 6L], single.State.DivergedAt); // within the second epoch of four steps
        foreach (var stepsAtOnce in new[] { 3, 50 })
        {
            using var several = Stack(device, model);
            var recorder = new Recorder();
            Assert.True(Train(several, stepsAtOnce, recorder));
            Assert.Equal(single.Values, several.Values);
            Assert.Equal(single.State.DivergedAt, several.State.DivergedAt);
            Assert.Equal(expected.Text, recorder.Text);
        }
    }

    // As AutogradStepTests compares the two engines, by their terms. After a few steps the tiny gradients, which Adam makes large, go their own ways.
    [Theory]
    [MemberData(nameof(Models))]
    public void Run_OnADevice_GivesTheNumbersOfTheProcessor(string device, string model)
    {
        using var plain = Stack(Devices.Processor, model, isByTensors: false);
        using var stack = Stack(device, model);
        Assert.Equal(plain.Values, stack.Values); // they begin with the same
        var (expected, recorder) = (new Recorder(), new Recorder());
        Trainer.Run(plain.Vae, plain.Adam, plain.State, plain.Data, plain.Validation, _options, batches => new AutogradStep(plain.Vae, plain.Adam, batches, _options.Epochs), expected);
        Train(stack, stepsAtOnce: 50, recorder);
        foreach (var (first, second) in expected.Metrics[0].Loss.Zip(recorder.Metrics[0].Loss)) Assert.Equal(first, second, 1e-4 * Math.Max(1, Math.Abs(first)));
        Assert.Equal(plain.State.DivergedAt, stack.State.DivergedAt);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_EveryMemberDiverges_EndsAtThatStep(string device)
    {
        Member[] members = [new Member(0.5, 3) { Remedy = Remedy.Of(new Breaks(2)) }, new Member(1, 4) { Remedy = Remedy.Of(new Breaks(7)) }];
        using var stack = new TinyStack(members, adam: _options.Adam, device: Devices.Of(device), isByTensors: true);
        var recorder = new Recorder();
        Assert.True(Train(stack, stepsAtOnce: 50, recorder));
        Assert.Equal([2L, 7L], stack.State.DivergedAt);
        Assert.Equal(7, stack.State.Step);
        Assert.Equal(Enumerable.Range(1, 7).Select(step => (long)step), recorder.Steps);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Run_SavedWhereACheckpointIsDueAndResumed_GivesTheSameNumbersBitForBit(string device, string model)
    {
        using var whole = Stack(device, model);
        Train(whole, stepsAtOnce: 50, new Recorder());
        using var folder = new TemporaryFolder();
        using (var first = Stack(device, model))
        {
            using var stop = new CancellationTokenSource();
            var recorder = new Recorder { WaitsFor = 3 };
            recorder.Between = state =>
            {
                Checkpoint.Save(folder.Path, first.Adam, state, 0);
                stop.Cancel();
            };
            Assert.False(Train(first, stepsAtOnce: 50, recorder, stop.Token));
            Assert.Equal(3, first.State.Step); // the epoch has a fourth
        }

        using var second = Stack(device, model);
        Checkpoint.Restore(folder.Path, second.Adam, second.State);
        Assert.True(Train(second, stepsAtOnce: 50, new Recorder()));
        Assert.Equal(whole.Values, second.Values);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_StoppedWithinABlock_EndsAfterTheStep(string device)
    {
        using var stack = Stack(device, "chain");
        using var stop = new CancellationTokenSource();
        var recorder = new Recorder { AtQuestion = count => { if (count == 2) stop.Cancel(); } };
        Assert.False(Train(stack, stepsAtOnce: 50, recorder, stop.Token));
        Assert.Equal(3, stack.State.Step); // asked after the second step, seen after the third; the epoch has a fourth
        Assert.Equal([1L, 2L, 3L], recorder.Steps);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Members_OfAStackOnADevice_AreThoseOfTheSameOnTheProcessor(string device)
    {
        using var there = Stack(device, "chain");
        using var here = Stack(Devices.Processor, "chain", isByTensors: false);
        there.Fill(2, double.NaN);
        for (var member = 0; member < _members.Length; member++) here.Vae.Parameters.TakeMember(member, there.Vae.Parameters, member);
        Assert.Equal(there.Values, here.Values);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(there.Vae.Parameters.IsFinite));
        var options = new EvaluationOptions { Draws = 2 };
        Assert.Equal(
            JsonSerializer.Serialize(Evaluator.Members(here.Vae, here.Validation, options), ResultJson.Indented),
            JsonSerializer.Serialize(Evaluator.Members(there.Vae, there.Validation, options), ResultJson.Indented));
        Assert.Same(here.Vae, here.Vae.OnProcessor());
        Assert.Equal($"{there.Vae.Parameters.Device}", $"{there.Vae.Seeds.Device}");
    }

    /// <summary>
    /// A device without memory, which every machine has: numbers are never made there, and whatever reads one, or mixes its tensors with the processor's, fails. So
    /// nothing of the objective does. (libtorch has no <c>where</c> there: models that need one are left to a card.)
    /// </summary>
    [Fact]
    public void Differentiate_OnADeviceWithoutMemory_ReadsNothingAndMixesNothing()
    {
        using var data = TinyStack.Images(32, Binarization.None);
        foreach (var (model, smoothing) in WithoutMemory())
        {
            using var scope = NewDisposeScope();
            using var vae = new HierarchicalVae(model, [new Member(0.5, 3), new Member([0.3, 1], 3)], smoothing, new Device(DeviceType.META));
            Assert.Equal("autograd on meta: there are no fused operations for the device meta", Engine.For(vae).ToString());
            var x = new StackBatches(data, vae.Seeds, 16).Of(1);
            var terms = TrainingObjective.Differentiate(vae, x, StackNoise.OfStep(vae.Seeds, 1), new TrainingClock(0, 2, 6));
            Assert.Equal(DeviceType.META, terms.device_type);
            Assert.Equal(DeviceType.META, vae.Parameters.Gradients.device_type);
            Assert.Equal(DeviceType.CPU, get_default_device().type);
            Assert.ThrowsAny<Exception>(() => terms.cpu());
        }
    }

    private static IEnumerable<(ModelOptions Model, SmoothingOptions Smoothing)> WithoutMemory()
    {
        foreach (var sampler in Enum.GetValues<SmoothingSampler>())
        {
            foreach (var networks in new[] { SmoothedNetworks.P, SmoothedNetworks.PQ }) yield return (TinyStack.Model, new() { Draws = 2, Sampler = sampler, Networks = networks });
        }

        var plain = new SmoothingOptions { Draws = 3 };
        yield return (TinyStack.Model, plain with { Measure = ReferenceMeasure.Standard });
        yield return (TinyStack.Model with { Skip = SkipConnections.Generative | SkipConnections.Inference }, plain);
        yield return (TinyStack.Model with { Inference = InferenceKind.Ladder }, plain);
        yield return (TinyStack.Model with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Learned) }, plain);
        yield return (TinyStack.Model with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Analytic) }, plain);
    }

    private static TinyStack Stack(string device, string model, bool isByTensors = true)
    {
        var (options, smoothing, remedy) = _models[model];
        Member[] members = [.. _members.Select((member, i) => i == 1 ? member : member with { Remedy = member.Remedy.With(remedy.Parts) })];
        return new TinyStack(members, smoothing, options, _options.Adam, Devices.Of(device), isByTensors);
    }

    private static bool Train(TinyStack stack, int stepsAtOnce, Recorder recorder, CancellationToken stop = default) => Trainer.Run(
        stack.Vae, stack.Adam, stack.State, stack.Data, stack.Validation, _options,
        batches => new AutogradStep(stack.Vae, stack.Adam, batches, _options.Epochs, stepsAtOnce), recorder, stop);

    // A gradient that is not finite in one step.
    private sealed record Breaks(long Step) : IRemedy
    {
        public string Name => "breaks";

        public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock) =>
            clock.Done + 1 == Step ? terms.Plus(terms.Read.Samples[0].sum([]).Times(double.PositiveInfinity)) : terms;
    }

    private sealed class Recorder : ITrainingObserver
    {
        private readonly List<string> _lines = [];
        private int _questions;

        public List<EpochMetrics> Metrics { get; } = [];

        public List<long> Steps { get; } = [];

        public int? WaitsFor { get; init; }

        public Action<int>? AtQuestion { get; init; }

        public Action<TrainingState>? Between { get; set; }

        // All but the speed.
        public string Text => string.Join('\n', Metrics.Select(metrics => JsonSerializer.Serialize(metrics with { ImagesPerSecond = 0 }, ResultJson.Indented)))
            + string.Join('\n', _lines);

        public bool IsWaiting
        {
            get
            {
                _questions++;
                AtQuestion?.Invoke(_questions);
                return _questions == WaitsFor;
            }
        }

        public void OnStep(in TrainingProgress progress)
        {
            Steps.Add(progress.Step);
            _lines.Add($"{progress.Epoch} {progress.Step} {progress.LowestLoss} {progress.HighestLoss} {progress.MemberImages} {progress.Diverged}");
        }

        public void OnEpoch(EpochMetrics metrics) => Metrics.Add(metrics);

        public void OnDiverged(int member, long step) => _lines.Add($"{member} diverged at {step}");

        public void OnBetweenSteps(TrainingState state) => Between?.Invoke(state);
    }
}
