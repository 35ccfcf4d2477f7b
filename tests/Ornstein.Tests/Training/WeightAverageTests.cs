using Ornstein.Checkpoints;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Training;

namespace Ornstein.Tests.Training;

/// <summary>The moving average of the weights (<see cref="WeightAverage"/>), by every engine: fused on one thread and on several, autograd, and the device's way on the processor.</summary>
public class WeightAverageTests
{
    private const double Decay = 0.8;

    // The second has updates of q alone before its steps, the last one's steps are skipped at a bound of 1,000.
    private static readonly Member[] _members =
        [new(0.5, 3), new(1, 4) { Remedy = new Remedy { Aggressive = new AggressiveEncoder { Updates = 2, Epochs = 0.5 } } }, new(1, 4) { Remedy = new Remedy { Beta = [1e6, 1, 1] } }];

    private static readonly ModelOptions _model = TinyStack.Model.With(p => p with { NormalizesBatches = true });

    public static TheoryData<string> Engines => ["fused", "shared", "autograd", "tensors"];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_EveryStep_MovesByHandAsTheFormulaSays(string engine)
    {
        using var run = Stack(engine, Decay);
        var (begin, end, expected) = (run.Values, run.Values, run.Values.Select(value => (double)value).ToArray());
        Train(run, engine, _ =>
        {
            end = run.Values;
            for (var i = 0; i < end.Length; i++) expected[i] += (1 - Decay) * (end[i] - expected[i]);
        });
        var average = run.Adam.Average!.Values.data<float>().ToArray();
        for (var i = 0; i < average.Length; i++) Assert.Equal(expected[i], average[i], 1e-6 * Math.Max(1, Math.Abs(expected[i])));
        Assert.Contains(Enumerable.Range(0, average.Length), i => Math.Abs(average[i] - end[i]) > 1e-3);
        Assert.NotEqual(begin, end);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_WithAnAverage_TrainsTheBitsOfNone(string engine)
    {
        using var plain = Stack(engine, null);
        using var averaged = Stack(engine, Decay);
        Train(plain, engine);
        Train(averaged, engine);
        Assert.Null(plain.Adam.Average);
        Assert.Equal(plain.Values, averaged.Values);
    }

    [Theory]
    [InlineData("fused")]
    [InlineData("shared")]
    public void Run_AMemberAlone_HasTheAverageOfTheStackBitForBit(string engine)
    {
        using var stack = Stack(engine, Decay);
        Train(stack, engine);
        stack.Adam.Average!.Take();
        for (var member = 0; member < _members.Length; member++)
        {
            using var alone = Stack(engine, Decay, _members[member]);
            Train(alone, engine);
            alone.Adam.Average!.Take();
            Assert.Equal(stack.ValuesOf(member), alone.ValuesOf(0));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_StoppedSavedAndResumed_GivesTheSameBits(string engine)
    {
        using var folder = new TemporaryFolder();
        using var whole = Stack(engine, Decay);
        Train(whole, engine);
        using (var first = Stack(engine, Decay))
        {
            using var stop = new CancellationTokenSource();
            Train(first, engine, step => { if (step == 6) stop.Cancel(); }, stop: stop.Token);
            Checkpoint.Save(folder.Path, first.Adam, first.State, 0);
        }

        using var second = Stack(engine, Decay);
        Checkpoint.Restore(folder.Path, second.Adam, second.State);
        Train(second, engine);
        Checkpoint.Save(folder.Path, second.Adam, second.State, 0);
        Assert.Equal(whole.Adam.Average!.Values.data<float>().ToArray(), second.Adam.Average!.Values.data<float>().ToArray());
        Assert.Equal(whole.Values, second.Values);
        Assert.Single(Directory.GetFiles(folder.Path, "average-*"));

        // Whoever reads the weights alone reads the average.
        using var read = Stack(engine, null);
        Checkpoint.RestoreWeights(folder.Path, read.Vae.Parameters, 3);
        whole.Adam.Average.Take();
        Assert.Equal(whole.Values, read.Values);
    }

    [Fact]
    public void Validation_OfAnEpoch_IsThatOfTheAverage()
    {
        using var run = Stack("fused", Decay);
        var metrics = new List<EpochMetrics>();
        Train(run, "fused", metrics: metrics);
        double Loss() => -Evaluator.Objectives(run.Vae, run.Validation, new EvaluationOptions(), CancellationToken.None).SmoothedObjective(0);
        var raw = Loss();
        using (run.Adam.Average!.Lend()) Assert.Equal(metrics[^1].Validation![0], Loss());
        Assert.Equal(raw, Loss());
        Assert.NotEqual(raw, metrics[^1].Validation![0]);
    }

    [Fact]
    public void Restore_OfACheckpointWithoutAnAverage_IsRefusedInOneLine()
    {
        using var folder = new TemporaryFolder();
        using var plain = Stack("fused", null);
        Checkpoint.Save(folder.Path, plain.Adam, plain.State, 0);
        using var averaged = Stack("fused", Decay);
        Assert.Contains("no average of the weights", Assert.Throws<OrnsteinException>(() => Checkpoint.Restore(folder.Path, averaged.Adam, averaged.State)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Validate_ADecayOutOfRange_IsRefused(double decay) =>
        Assert.Contains("(0, 1)", Assert.Throws<OrnsteinException>(() => new AdamOptions { AverageDecay = decay }.Validate()).Message, StringComparison.Ordinal);

    private static TinyStack Stack(string engine, double? decay, params Member[] members) => new(
        members.Length == 0 ? _members : members, model: _model, adam: new AdamOptions { AverageDecay = decay, SkipNorm = 1e3 }, isByTensors: engine == "tensors");

    private static void Train(TinyStack stack, string engine, Action<long>? afterStep = null, List<EpochMetrics>? metrics = null, CancellationToken stop = default) => Trainer.Run(
        stack.Vae, stack.Adam, stack.State, stack.Data, stack.Validation, TinyStack.Training,
        batches => engine switch
        {
            "fused" => new FusedStep(stack.Vae, stack.Adam, batches, threads: 1, epochs: 3),
            "shared" => new FusedStep(stack.Vae, stack.Adam, batches, threads: 7, epochs: 3),
            _ => new AutogradStep(stack.Vae, stack.Adam, batches, epochs: 3, stepsAtOnce: 1),
        },
        new Recorder(afterStep ?? (_ => { }), metrics ?? []), stop);

    private sealed class Recorder(Action<long> afterStep, List<EpochMetrics> metrics) : ITrainingObserver
    {
        public void OnStep(in TrainingProgress progress)
        {
        }

        public void OnEpoch(EpochMetrics epoch) => metrics.Add(epoch);

        public void OnDiverged(int member, long step)
        {
        }

        public void OnBetweenSteps(TrainingState state) => afterStep(state.Step);
    }
}
