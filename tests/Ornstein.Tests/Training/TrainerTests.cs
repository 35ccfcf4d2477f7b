using Ornstein.Batching;
using Ornstein.Checkpoints;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Training;

namespace Ornstein.Tests.Training;

public class TrainerTests
{
    private static readonly IReadOnlyList<Member> _members = Member.Grid([0, 0.6, 1], [0, 1]);

    [Fact]
    public void Run_ForSomeEpochs_LowersTheLossOfEveryMember()
    {
        using var stack = new TinyStack(_members);
        var epochs = new Recorder();
        stack.Train(TinyStack.Training with { Epochs = 12 }, epochs);
        Assert.Equal(12, epochs.Metrics.Count);
        var (first, last) = (epochs.Metrics[0], epochs.Metrics[^1]);
        for (var member = 0; member < _members.Count; member++) Assert.True(last.Loss[member] < first.Loss[member]);
        Assert.Equal(last.Loss[0], last.Reconstruction[0] + last.Kl.Sum(layer => layer[0]), 1e-9);
        for (var layer = 0; layer < last.ValidationKl!.Length; layer++)
        {
            // A layer's KL is the sum over its units, in float on one side: a few roundings of 6e-8.
            for (var member = 0; member < _members.Count; member++)
                Assert.Equal(last.ValidationKl[layer][member], last.ValidationUnitKl![layer][member].Sum(), 1e-6 * Math.Max(1, last.ValidationKl[layer][member]));
        }
    }

    [Fact]
    public void Run_StoppedSavedAndResumedAtAnyStep_GivesTheSameNumbersBitForBit()
    {
        using var whole = new TinyStack(_members);
        var expected = new Recorder();
        whole.Train(observer: expected);
        foreach (var stopAfter in new[] { 1, 4, 6, 11 })
        {
            using var folder = new TemporaryFolder();
            var recorder = new Recorder();
            using (var first = new TinyStack(_members))
            {
                using var stop = new CancellationTokenSource();
                recorder.AfterStep = step =>
                {
                    if (step == stopAfter) stop.Cancel();
                };
                Assert.False(first.Train(observer: recorder, stop: stop.Token));
                Assert.Equal(stopAfter, first.State.Step);
                Checkpoint.Save(folder.Path, first.Adam, first.State, 0);
            }

            using var second = new TinyStack(_members);
            Checkpoint.Restore(folder.Path, second.Adam, second.State);
            recorder.AfterStep = null;
            Assert.True(second.Train(observer: recorder));
            Assert.Equal(whole.Values, second.Values);
            Assert.Equal(
                expected.Metrics.Select(epoch => string.Join(' ', epoch.Loss.Concat(epoch.Validation!))),
                recorder.Metrics.Select(epoch => string.Join(' ', epoch.Loss.Concat(epoch.Validation!))));
        }
    }

    public static TheoryData<ModelOptions> Architectures => new(
        TinyStack.Model,
        TinyStack.Model.With(p => p with { NormalizesBatches = true }) with { Inference = InferenceKind.Ladder },
        TinyStack.Model with { Skip = SkipConnections.Generative | SkipConnections.Inference },
        TinyStack.Model with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Learned) },
        TinyStack.Model.With(p => p with { NormalizesBatches = true }) with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Analytic) });

    [Theory]
    [MemberData(nameof(Architectures), DisableDiscoveryEnumeration = true)]
    public void Run_EveryRemedyStoppedSavedAndResumed_LowersTheLossAndGivesTheSameNumbersBitForBit(ModelOptions model)
    {
        Remedy[] remedies =
        [
            Remedy.None, new() { FreeBits = new FreeBits { Nats = 0.1, Cooldown = 0.5 } }, new() { CommittedRate = 0.2 },
            new() { Aggressive = new AggressiveEncoder { Updates = 2, Epochs = 1.5 }, Beta = [0.5, 1, 2] },
            new() { Annealing = new RhoAnnealing(), WarmUp = new KlWarmUp { Epochs = 2 } },
            model.Likelihood.DependsOnBatch ? Remedy.None : new() { Importance = new ImportanceObjective { Samples = 3 } },
        ];
        Member[] members = [.. remedies.Select(remedy => new Member(0.5, 3) { Remedy = remedy })];
        var options = TinyStack.Training with { Epochs = 12 };
        using var whole = new TinyStack(members, model: model);
        var expected = new Recorder();
        whole.Train(options, expected);
        foreach (var member in Enumerable.Range(0, members.Length))
            Assert.True(expected.Metrics[^1].Reconstruction[member] < expected.Metrics[0].Reconstruction[member]);

        using var folder = new TemporaryFolder();
        using (var first = new TinyStack(members, model: model))
        {
            using var stop = new CancellationTokenSource();
            var recorder = new Recorder { AfterStep = step => { if (step == 7) stop.Cancel(); } };
            Assert.False(first.Train(options, recorder, stop.Token));
            Checkpoint.Save(folder.Path, first.Adam, first.State, 0);
        }

        using var second = new TinyStack(members, model: model);
        Checkpoint.Restore(folder.Path, second.Adam, second.State);
        second.Train(options);
        Assert.Equal(whole.Values, second.Values);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1e30)] // overflows on the way
    public void Run_AMemberIsPoisoned_IsFrozenAndReportedAndTouchesNoOther(double poison)
    {
        using var healthy = new TinyStack(_members);
        using var poisoned = new TinyStack(_members);
        poisoned.Fill(2, poison);
        var recorder = new Recorder();
        healthy.Train();
        poisoned.Train(observer: recorder);
        Assert.Equal([(2, 1L)], recorder.Diverged);
        Assert.Equal([null, null, 1L, null, null, null], poisoned.State.DivergedAt);
        Assert.All(poisoned.ValuesOf(2), value => Assert.Equal((float)poison, value));
        for (var member = 0; member < _members.Count; member++)
        {
            if (member != 2) Assert.Equal(healthy.ValuesOf(member), poisoned.ValuesOf(member));
        }

        Assert.True(double.IsNaN(recorder.Metrics[^1].Loss[2]));
        Assert.True(double.IsFinite(recorder.Metrics[^1].Loss[1]));
    }

    /// <summary>Of 3 epochs of 4 steps, warm-up over 2: the last steps see 3, 7 and 11 steps done.</summary>
    [Fact]
    public void Run_AWarmUp_WritesTheWeightOfEveryKlInTheLastStepOfEveryEpoch()
    {
        var warmUp = new Remedy { WarmUp = new KlWarmUp { Epochs = 2 }, Beta = [0.5, 1, 2] };
        using var stack = new TinyStack([new Member(0.5, 0), new Member(0.5, 0) { Remedy = warmUp }, new Member(0.5, 1)]);
        stack.Fill(2, double.NaN);
        var recorder = new Recorder();
        stack.Train(observer: recorder);
        double[] ramp = [3 / 8.0, 7 / 8.0, 1];
        foreach (var (epoch, weight) in recorder.Metrics.Zip(ramp))
            Assert.Equal([[1, 0.5 * weight, double.NaN], [1, weight, double.NaN], [1, 2 * weight, double.NaN]], epoch.KlWeight!);
        var end = new TrainingClock(12, 4, 12);
        Assert.Equal(recorder.Metrics[^1].KlWeight!.Select(layer => layer[1]), warmUp.KlWeights(3, end.OfLastStep));
    }

    [Theory]
    [InlineData(1, 64, "a batch of at least 2")]
    [InlineData(16, 1, "at least 2 training data")] // the batch is cut to the data
    public void Run_BatchNormalizationOfOneDatum_IsRefused(int batch, int data, string expected)
    {
        using var stack = new TinyStack([new Member(0.5, 0)], model: TinyStack.Model.With(p => p with { NormalizesBatches = true }));
        using var rows = TinyStack.Images(data, Binarization.Static);
        var error = Assert.Throws<OrnsteinException>(() =>
            Trainer.Run(stack.Vae, stack.Adam, stack.State, rows, null, TinyStack.Training with { BatchSize = batch }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stack.State.Step);
    }

    /// <summary>Settings of Adam that the optimizer was not made with would be passed over in silence.</summary>
    [Fact]
    public void Run_OptimizerMadeWithOtherSettingsThanTheTrainings_IsRefused()
    {
        var clipped = new AdamOptions { ClipNorm = 100 };
        using (var stack = new TinyStack(_members))
            Assert.Contains("make it with them", Assert.Throws<OrnsteinException>(() => { stack.Train(TinyStack.Training with { Adam = clipped }); }).Message, StringComparison.Ordinal);
        using var same = new TinyStack(_members, adam: clipped);
        Assert.True(same.Train(TinyStack.Training with { Adam = clipped }));
    }

    [Fact]
    public void Run_DataOfAnotherWidth_SaysSo()
    {
        using var stack = new TinyStack(_members, model: TinyStack.Model with { Data = 13 });
        Assert.Contains("12 features", Assert.Throws<OrnsteinException>(() => stack.Train()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ACheckpointOfOtherData_IsRefused()
    {
        using var stack = new TinyStack(_members);
        stack.Train();
        stack.State.StepsPerEpoch = 7;
        Assert.Contains("the data have changed", Assert.Throws<OrnsteinException>(() => stack.Train()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ACheckpointBeyondTheLastStep_IsRefused()
    {
        using var stack = new TinyStack(_members);
        stack.State.Step = 1_000_000;
        Assert.Contains("step 1000000", Assert.Throws<OrnsteinException>(() => stack.Train()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmoothingSampler.Iid, ReferenceMeasure.Own, SmoothedNetworks.P)]
    [InlineData(SmoothingSampler.Antithetic, ReferenceMeasure.Own, SmoothedNetworks.PQ)]
    [InlineData(SmoothingSampler.Iid, ReferenceMeasure.Standard, SmoothedNetworks.Q)]
    [InlineData(SmoothingSampler.Sobol, ReferenceMeasure.Own, SmoothedNetworks.PQ)]
    [InlineData(SmoothingSampler.GaussHermite, ReferenceMeasure.Own, SmoothedNetworks.P)]
    public void Run_AnyKindOfSmoothing_Trains(SmoothingSampler sampler, ReferenceMeasure measure, SmoothedNetworks networks)
    {
        using var stack = new TinyStack(_members, new SmoothingOptions { Draws = 4, Sampler = sampler, Measure = measure, Networks = networks });
        stack.Train();
        Assert.Equal(0, stack.State.Diverged);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_AnyDepth_Trains(int layers)
    {
        var model = new ModelOptions
        {
            Data = TinyStack.Features,
            Latents = [.. Enumerable.Repeat(2, layers)],
            Networks = new Perceptrons { Hidden = [.. Enumerable.Repeat(4, layers)], HiddenLayers = 1 },
        };
        using var stack = new TinyStack([new Member(0.5, 0)], model: model);
        stack.Train();
        Assert.Equal(0, stack.State.Diverged);
    }

    private sealed class Recorder : ITrainingObserver
    {
        public List<EpochMetrics> Metrics { get; } = [];

        public List<(int Member, long Step)> Diverged { get; } = [];

        public Action<long>? AfterStep { get; set; }

        public void OnStep(in TrainingProgress progress)
        {
        }

        public void OnEpoch(EpochMetrics metrics) => Metrics.Add(metrics);

        public void OnDiverged(int member, long step) => Diverged.Add((member, step));

        public void OnBetweenSteps(TrainingState state) => AfterStep?.Invoke(state.Step);
    }

    [Fact]
    public void Run_AnnealedMember_EndsUnsmoothedAndLeavesItsNeighbourAsItWas()
    {
        var annealed = new Member(0.2, 3) { Remedy = new Remedy { Annealing = new RhoAnnealing { Until = 0.5 } } };
        using var both = new TinyStack([new Member(0.2, 3), annealed]);
        using var alone = new TinyStack([new Member(0.2, 3)]);
        both.Train();
        alone.Train();
        Assert.Equal([0.2, 0.2], both.Vae.Rho[0]);
        Assert.Equal([1, 1], both.Vae.Rho[1]);
        Assert.Equal(alone.ValuesOf(0), both.ValuesOf(0));
        Assert.NotEqual(both.ValuesOf(0), both.ValuesOf(1));
    }
}
