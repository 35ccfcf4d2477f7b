using Ornstein.Batching;
using Ornstein.Checkpoints;
using Ornstein.Gradients;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Training;

namespace Ornstein.Tests.Gradients;

/// <summary>How gradients vary, measured while a stack trains.</summary>
public class GradientNoiseTests
{
    private static readonly Member[] _members = [new(0.5, 3), new(1, 4)];

    private static readonly TrainingOptions _measured = TinyStack.Training with { GradientNoise = new() { TimesPerEpoch = 2, Batches = 3, Draws = 2 } };

    public static TheoryData<string> Engines => ["fused", "autograd", "tensors"];

    /// <summary>
    /// A linear model whose weights are all zero, of one layer with U units of width s, and real data with N rows in batches of B. The decoder's bias has the gradient minus the batch's
    /// mean, and its weights that of x z over the batch: |mean|^2 of the data and their variance over B, and |x|^2 U s^2 / B of noise. Estimates are without bias, over all batches and draws.
    /// </summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public void Measure_ALinearModelAtZero_HasTheVarianceOfTheFormula(string engine)
    {
        const int Rows = 60, Features = 4, Units = 3, Batch = 6;
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, Rows * Features).Select(i => (float)(random.NextDouble() + (i % Features * 0.2)))];
        using var rows = DataRows.FromReals(values, Features);
        var model = new ModelOptions { Data = Features, Latents = [Units], Networks = new Perceptrons { Hidden = [] }, Likelihood = new GaussianLikelihood() };
        using var stack = new TinyStack([new Member(1, 0)], new SmoothingOptions(), model, isByTensors: engine == "tensors");
        stack.Fill(0, 0);
        var batches = new StackBatches(rows, stack.Vae.Seeds, Batch);
        using var steps = Steps(engine, stack, batches);
        var meter = new GradientNoiseMeter(stack.Vae, batches, steps, new() { Batches = 4, Draws = 2 });
        var seen = new List<GradientTotals>();
        for (var time = 0; time < (engine == "fused" ? 600 : 150); time++)
        {
            var totals = GradientTotals.None(GradientSums.NetworksOf(stack.Vae.Parameters.Layout), 1);
            meter.Measure((time * 10) + 1, totals);
            seen.Add(totals);
        }

        double[] mean = [.. Enumerable.Range(0, Features).Select(j => Enumerable.Range(0, Rows).Average(i => (double)values[(i * Features) + j]))];
        var squares = values.Sum(value => (double)value * value) / Rows;
        var variance = (squares - mean.Sum(m => m * m)) * Rows / (Rows - 1);
        var width = Math.Log(2) + DiagonalGaussianFloor;
        var decoder = Array.IndexOf(seen[0].Networks, "p0");
        GradientSumsTests.Near(mean.Sum(m => m * m) - (variance / Rows), seen.Select(totals => totals.SquaredMean[decoder][0]));
        GradientSumsTests.Near(variance / Batch, seen.Select(totals => totals.DataVariance[decoder][0]));
        GradientSumsTests.Near(squares * Units * width * width / Batch, seen.Select(totals => totals.NoiseVariance[decoder][0]));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Run_Measured_TrainsToTheSameBits(string engine)
    {
        using var plain = Train(engine, TinyStack.Training);
        using var measured = Train(engine, _measured);
        Assert.Equal(plain.Stack.Values, measured.Stack.Values);
        Assert.All(plain.Metrics, epoch => Assert.Null(epoch.Gradients));
        Assert.Equal(plain.Metrics.Select(epoch => epoch.Loss[0]), measured.Metrics.Select(epoch => epoch.Loss[0]));
        Assert.All(measured.Metrics, epoch =>
        {
            Assert.Equal(["q1", "q2", "q3", "p2", "p1", "p0"], epoch.Gradients!.Select(network => network.Network).Order(new QThenP()));
            Assert.All(epoch.Gradients!, network => Assert.All(network.SquaredMean.Concat(network.DataVariance).Concat(network.NoiseVariance), value => Assert.True(double.IsFinite(value))));
        });
    }

    /// <summary>Means of two measurements, of sums of squares: rounding of single precision, relative to the longest of the gradients.</summary>
    [Fact]
    public void Run_EveryEngine_MeasuresTheSame()
    {
        using var fused = Train("fused", _measured);
        foreach (var engine in new[] { "autograd", "tensors" })
        {
            using var other = Train(engine, _measured);
            foreach (var (first, second) in fused.Metrics[0].Gradients!.Zip(other.Metrics[0].Gradients!))
            {
                var size = 1e-3 * (first.SquaredMean.Concat(first.DataVariance).Concat(first.NoiseVariance).Select(Math.Abs).Max() + 1e-6);
                Assert.All(first.SquaredMean.Zip(second.SquaredMean), pair => Assert.Equal(pair.First, pair.Second, size));
                Assert.All(first.DataVariance.Zip(second.DataVariance), pair => Assert.Equal(pair.First, pair.Second, size));
                Assert.All(first.NoiseVariance.Zip(second.NoiseVariance), pair => Assert.Equal(pair.First, pair.Second, size));
            }
        }
    }

    [Fact]
    public void Run_StoppedSavedAndResumed_MeasuresTheSame()
    {
        using var whole = Train("fused", _measured);
        foreach (var stopAfter in new[] { 1, 2, 3, 4, 6 })
        {
            using var folder = new TemporaryFolder();
            List<EpochMetrics> metrics;
            using (var first = Train("fused", _measured, stopAfter))
            {
                Checkpoint.Save(folder.Path, first.Stack.Adam, first.Stack.State, 0);
                metrics = first.Metrics;
            }

            using var second = new Trained(new TinyStack(_members), "fused", int.MaxValue);
            Checkpoint.Restore(folder.Path, second.Stack.Adam, second.Stack.State);
            second.Run(_measured);
            metrics.AddRange(second.Metrics);
            Assert.Equal(whole.Metrics.Select(Numbers), metrics.Select(Numbers));
        }
    }

    /// <summary>A member alone has what it has in a stack, to the bit.</summary>
    [Fact]
    public void Run_OneMemberOfTheStack_MeasuresTheSameAlone()
    {
        using var both = Train("fused", _measured);
        using var alone = new Trained(new TinyStack([_members[1]]), "fused", int.MaxValue);
        alone.Run(_measured);
        for (var epoch = 0; epoch < 3; epoch++)
            Assert.Equal(both.Metrics[epoch].Gradients!.Select(network => network.NoiseVariance[1]), alone.Metrics[epoch].Gradients!.Select(network => network.NoiseVariance[0]));
    }

    [Theory]
    [InlineData(1, 10, "0 ")]
    [InlineData(3, 10, "0 4 7 ")]
    [InlineData(4, 4, "0 1 2 3 ")]
    [InlineData(9, 3, "0 1 2 ")]
    public void IsDueBefore_AnyNumberOfTimes_IsSpreadOverThePass(int times, int steps, string expected)
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        var batches = new StackBatches(stack.Data, stack.Vae.Seeds, 64 / steps);
        Assert.Equal(expected, Due(0));
        Assert.Equal(expected, Due(batches.StepsPerEpoch));

        string Due(int first)
        {
            using var engine = Steps("fused", stack, batches);
            var meter = new GradientNoiseMeter(stack.Vae, batches, engine, new() { TimesPerEpoch = times });
            return string.Concat(Enumerable.Range(0, batches.StepsPerEpoch).Where(place => meter.IsDueBefore(first + place + 1)).Select(place => $"{place} "));
        }
    }

    [Fact]
    public void Run_APassOfOneStep_IsRefused()
    {
        using var stack = new TinyStack(_members);
        Assert.Contains("give a smaller batch", Assert.Throws<OrnsteinException>(() => stack.Train(_measured with { BatchSize = 64 })).Message, StringComparison.Ordinal);
        foreach (var options in new GradientNoiseOptions[] { new() { TimesPerEpoch = 0 }, new() { Batches = 1 }, new() { Draws = 1 } })
            Assert.Throws<OrnsteinException>(options.Validate);
    }

    private const double DiagonalGaussianFloor = 1e-4;

    private static string Numbers(EpochMetrics epoch) =>
        string.Join(' ', epoch.Gradients!.SelectMany(network => network.SquaredMean.Concat(network.DataVariance).Concat(network.NoiseVariance)));

    private static ITrainingStep Steps(string engine, TinyStack stack, StackBatches batches) => engine == "fused"
        ? new FusedStep(stack.Vae, stack.Adam, batches, threads: 2, epochs: 3) : new AutogradStep(stack.Vae, stack.Adam, batches, epochs: 3);

    private static Trained Train(string engine, TrainingOptions options, int stopAfter = int.MaxValue)
    {
        var trained = new Trained(new TinyStack(_members, isByTensors: engine == "tensors"), engine, stopAfter);
        trained.Run(options);
        return trained;
    }

    private sealed class QThenP : IComparer<string>
    {
        public int Compare(string? x, string? y) => (x![0], y![0]) switch
        {
            ('q', 'q') => string.CompareOrdinal(x, y),
            ('p', 'p') => string.CompareOrdinal(y, x),
            _ => y[0] - x[0],
        };
    }

    private sealed class Trained(TinyStack stack, string engine, int stopAfter) : ITrainingObserver, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public TinyStack Stack => stack;

        public List<EpochMetrics> Metrics { get; } = [];

        public void Run(TrainingOptions options) =>
            Trainer.Run(stack.Vae, stack.Adam, stack.State, stack.Data, null, options, batches => Steps(engine, stack, batches), this, _stop.Token);

        public void OnStep(in TrainingProgress progress)
        {
        }

        public void OnEpoch(EpochMetrics metrics) => Metrics.Add(metrics);

        public void OnDiverged(int member, long step)
        {
        }

        public void OnBetweenSteps(TrainingState state)
        {
            if (state.Step >= stopAfter) _stop.Cancel();
        }

        public void Dispose()
        {
            stack.Dispose();
            _stop.Dispose();
        }
    }
}
