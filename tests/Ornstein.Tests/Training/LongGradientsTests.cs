using Ornstein.Checkpoints;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Training;

namespace Ornstein.Tests.Training;

/// <summary>Steps with a long gradient are skipped and counted, by every engine: fused, autograd, and the device's way on the processor.</summary>
public class LongGradientsTests
{
    private const int Steps = 12;

    private static readonly Member[] _members = [new(0.5, 3), new(1, 4) { Remedy = new Remedy { Beta = [1e6, 1, 1] } }];

    public static TheoryData<string> Engines => ["fused", "autograd", "tensors"];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_ABoundThatNoGradientReaches_GivesTheBitsOfNone(string engine)
    {
        using var free = Train(engine, null);
        using var bound = Train(engine, 1e30);
        Assert.Equal(free.Stack.Values, bound.Stack.Values);
        Assert.Null(free.Stack.State.LongGradients);
        Assert.Equal([0, 0], bound.Stack.State.LongGradients!.Skipped);
        Assert.All(free.Metrics, epoch => Assert.Null(epoch.Skipped));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_ABoundThatAllAreBeyond_MovesNothing(string engine)
    {
        using var begin = Stack(engine, null);
        using var run = Train(engine, 1e-30);
        Assert.Equal(begin.Values, run.Stack.Values);
        Assert.Equal(0, run.Stack.Adam.FirstMoment.abs().max().item<float>());
        Assert.Equal([Steps, Steps], run.Stack.State.LongGradients!.Skipped);
        Assert.Equal(0, run.Stack.State.Diverged);
        Assert.All(run.Metrics, epoch => Assert.Equal([4, 4], epoch.Skipped!));
        Assert.All(run.Metrics, epoch => Assert.All(epoch.GradientNorm!, norm => Assert.InRange(norm, 1e-3, 1e9)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_OneMemberSkipsAllSteps_LeavesTheOthersBits(string engine)
    {
        using var begin = Stack(engine, null);
        using var free = Train(engine, null);
        using var bound = Train(engine, 5e3);
        Assert.Equal([0, Steps], bound.Stack.State.LongGradients!.Skipped);
        Assert.Equal(free.Stack.ValuesOf(0), bound.Stack.ValuesOf(0));
        Assert.Equal(begin.ValuesOf(1), bound.Stack.ValuesOf(1));
        Assert.NotEqual(begin.ValuesOf(1), free.Stack.ValuesOf(1));
    }

    /// <summary>At a bound that some steps are beyond, and others not.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_StoppedSavedAndResumed_GivesTheSameBitsAndCounts(string engine)
    {
        var bound = Middle();
        using var whole = Train(engine, bound);
        Assert.InRange(whole.Stack.State.LongGradients!.Skipped[0], 1, Steps - 1);
        foreach (var stopAfter in new[] { 1, 6, 8 })
        {
            using var folder = new TemporaryFolder();
            List<EpochMetrics> metrics;
            using (var first = Train(engine, bound, stopAfter))
            {
                Checkpoint.Save(folder.Path, first.Stack.Adam, first.Stack.State, 0);
                metrics = first.Metrics;
            }

            using var second = new Trained(Stack(engine, bound));
            Checkpoint.Restore(folder.Path, second.Stack.Adam, second.Stack.State);
            second.Run(engine, int.MaxValue);
            Assert.Equal(whole.Stack.Values, second.Stack.Values);
            Assert.Equal(whole.Stack.State.LongGradients.Skipped, second.Stack.State.LongGradients!.Skipped);
            metrics.AddRange(second.Metrics);
            Assert.Equal(Numbers(whole.Metrics), Numbers(metrics));
        }
    }

    [Fact]
    public void Run_EveryEngine_SkipsTheSameSteps()
    {
        var bound = Middle();
        string[] all = [.. Engines.Select(row =>
        {
            using var run = Train(row.Data, bound);
            return string.Join(' ', run.Metrics.Select(epoch => $"{epoch.Skipped![0]} {epoch.Skipped[1]}"));
        })];
        Assert.Single(all.Distinct());
    }

    /// <summary>Three epochs of four steps.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_ABoundForClipping_CountsTheStepsBeyondIt(string engine)
    {
        using var free = Train(engine, null);
        using var bound = Clip(1e30);
        Assert.Equal(free.Stack.Values, bound.Stack.Values);
        Assert.All(free.Metrics, epoch => Assert.Null(epoch.Clipped));
        Assert.All(bound.Metrics, epoch => Assert.Equal([0, 0], epoch.Clipped!));
        using var all = Clip(1e-30);
        Assert.All(all.Metrics, epoch => Assert.Equal([4, 4], epoch.Clipped!));
        Assert.All(all.Metrics, epoch => Assert.Null(epoch.Skipped));

        Trained Clip(double norm)
        {
            var trained = new Trained(new TinyStack(_members, adam: new AdamOptions { ClipNorm = norm }, isByTensors: engine == "tensors"));
            trained.Run(engine, int.MaxValue);
            return trained;
        }
    }

    [Fact]
    public void Count_AStepThatIsSkipped_IsNotClippedToo()
    {
        var (counts, options) = (LongGradients.None(3), new AdamOptions { SkipNorm = 10, ClipNorm = 1 });
        counts.Count([0.5, 5, 50], [true, true, true], options);
        Assert.Equal([0, 0, 1], counts.SkippedInEpoch);
        Assert.Equal([0, 1, 0], counts.ClippedInEpoch);
        counts.BeginEpoch();
        Assert.Equal([0, 0, 0], counts.ClippedInEpoch);
        Assert.Equal([0, 0, 1], counts.Skipped);
    }

    /// <summary>Once for every row of a hundred: a burst in between begins another row, a member that is not trained has none.</summary>
    [Fact]
    public void Count_AHundredInARow_IsSaidOnceForEveryRow()
    {
        var (skipped, options, said) = (LongGradients.None(3), new AdamOptions { SkipNorm = 1 }, new List<(int Step, int Member)>());
        for (var step = 1; step <= 350; step++)
        {
            skipped.Count([2, step == 120 ? 0.5 : 2, 2], [true, true, false], options);
            for (var member = 0; member < 3; member++)
            {
                if (skipped.BeginsToLast(member)) said.Add((step, member));
            }
        }

        Assert.Equal([(100, 0), (100, 1), (220, 1)], said);
        Assert.Equal([350, 349, 0], skipped.Skipped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Validate_ABoundThatIsNotPositive_IsRefused(double bound) =>
        Assert.Contains("skip norm", Assert.Throws<OrnsteinException>(() => new AdamOptions { SkipNorm = bound }.Validate()).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Numbers(IEnumerable<EpochMetrics> metrics) =>
        metrics.Select(epoch => string.Join(' ', epoch.Loss.Concat(epoch.GradientNorm!).Concat(epoch.Skipped!.Select(count => (double)count))));

    // Between the norms that the batches have of the first member where it begins: the first is skipped, and a later one taken.
    private static double Middle()
    {
        using var still = Train("fused", 1e-30);
        Assert.True(still.Norms.Min() < still.Norms[0]);
        return (still.Norms.Min() + still.Norms[0]) / 2;
    }

    private static TinyStack Stack(string engine, double? bound) => new(_members, adam: new AdamOptions { SkipNorm = bound }, isByTensors: engine == "tensors");

    private static Trained Train(string engine, double? bound, int stopAfter = int.MaxValue)
    {
        var trained = new Trained(Stack(engine, bound));
        trained.Run(engine, stopAfter);
        return trained;
    }

    private sealed class Trained(TinyStack stack) : ITrainingObserver, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private int _stopAfter;

        public TinyStack Stack => stack;

        public List<EpochMetrics> Metrics { get; } = [];

        /// <summary>Of the first member, step by step.</summary>
        public List<double> Norms { get; } = [];

        public void Run(string engine, int stopAfter)
        {
            _stopAfter = stopAfter;
            Trainer.Run(stack.Vae, stack.Adam, stack.State, stack.Data, null, TinyStack.Training, batches => engine switch
            {
                "fused" => new FusedStep(stack.Vae, stack.Adam, batches, threads: 2, epochs: 3),
                "autograd" => new AutogradStep(stack.Vae, stack.Adam, batches, epochs: 3),
                _ => new AutogradStep(stack.Vae, stack.Adam, batches, epochs: 3, stepsAtOnce: stopAfter == int.MaxValue ? 50 : 1),
            }, this, _stop.Token);
        }

        public void OnStep(in TrainingProgress progress)
        {
        }

        public void OnEpoch(EpochMetrics metrics) => Metrics.Add(metrics);

        public void OnDiverged(int member, long step)
        {
        }

        public void OnBetweenSteps(TrainingState state)
        {
            Norms.Add(stack.Adam.GradientNorms[0]);
            if (state.Step >= _stopAfter) _stop.Cancel();
        }

        public void Dispose()
        {
            stack.Dispose();
            _stop.Dispose();
        }
    }
}
