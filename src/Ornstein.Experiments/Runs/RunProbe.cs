using System.Collections.Concurrent;
using System.Diagnostics;
using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Information;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Steps;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// Measures how long the parts of a run take, on a stack of its own that is thrown away: a few steps of its configuration, and each part of its measurement on
/// a few data. Some ten seconds in all, once per kind in a process.
/// </summary>
internal static class RunProbe
{
    private const double StepSeconds = 2.5, PartSeconds = 0.6;
    private const int LeastSteps = 4, MostSteps = 4000, Rows = 250, FewRows = 32, MostSamples = 512, InformationRows = 400, InformationUnits = 600;

    private static readonly ConcurrentDictionary<string, RunRates> _known = new(StringComparer.Ordinal);

    /// <summary>How long a probe takes, as it is told before: steps, and each part of the measurement.</summary>
    public static string Length => ProgressText.About(TimeSpan.FromSeconds(10));

    /// <summary>The rates of a run's kind.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="data">Its data.</param>
    /// <param name="stop">Ends the probe with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="begin">Told before a probe that has not been made yet; what it gives is disposed after it. Null for nobody.</param>
    /// <exception cref="OrnsteinException">The run cannot be trained, and why.</exception>
    public static RunRates Of(RunSettings settings, RunData data, CancellationToken stop, Func<IDisposable>? begin = null)
    {
        var kind = $"{KindOf(settings)}\n{Math.Min(settings.Batch, data.Train.Count)} {data.Train.Features} {data.Likelihood.Name}";
        if (_known.TryGetValue(kind, out var rates)) return rates;
        using var busy = begin?.Invoke();
        using var vae = RunPlan.StackToTrain(settings, data.ModelShape, data.Likelihood);
        var (before, ofSteps) = (ProcessMemory.Resident(), 0.0);
        var (steps, step) = TimeOfStep(settings, data, vae, () => ofSteps = ProcessMemory.Resident() - before, stop);
        rates = Measured(settings, data, vae.OnProcessor(), stop) with { Steps = steps, Step = step };
        rates = rates with { Memory = new(ofSteps, ProcessMemory.Resident(), ProcessMemory.Peak()) };
        return _known.GetOrAdd(kind, rates);
    }

    /// <summary>What two runs whose parts take equally long have in common, as text: all but their lengths, their rates of learning, and which seeds and rhos they have.</summary>
    public static string KindOf(RunSettings settings) => SettingsJson.Write(
        settings with
        {
            Epochs = 1, Seeds = [.. Enumerable.Range(0, settings.Seeds.Length)], Rho = [.. settings.Rho.Select(Kind)], Refine = 0, Branches = BranchChoice.None,
            LearningRate = 1, Schedule = ScheduleShape.Constant, WarmupSteps = 0, AdamBeta1 = 0, AdamBeta2 = 0, AdamEpsilon = 1, AdamSecondMoment = 0,
            TrainLimit = null, TestLimit = null, Validation = 0, EvaluationDraws = 2, ImportanceDraws = null, GradientNoise = null,
            StartFrom = null, StartRho = null, InitialOutput = InitialOutputChoice.Zero, TestBinarization = TestBinarizationChoice.Once,
            Out = null, CheckpointSeconds = 0, Threads = RunThreads.Count,
        },
        provenance: null);

    // Where nothing is smoothed there are no inner draws; elsewhere each rho costs the same.
    private static RhoEntry Kind(RhoEntry rho) => RhoEntry.Of([.. rho.Values.ToArray().Select(value => value == 1 ? 1 : 0.5)]);

    // The median of the later half: the first steps are slow, before they are compiled well, and what else the machine does comes in bursts.
    private static (int Steps, double Seconds) TimeOfStep(RunSettings settings, RunData data, HierarchicalVae vae, Action done, CancellationToken stop)
    {
        var options = RunPlan.Training(settings);
        using var adam = new Adam(vae.Parameters, options.Adam);
        var batches = new StackBatches(data.Train, vae.Seeds, options.BatchSize);
        using var pass = ITrainingStep.For(vae, adam, batches, options.Epochs);
        bool[] active = [.. vae.Members.Select(_ => true)];
        List<double> seconds = [];
        var (clock, step, total) = (Stopwatch.StartNew(), 0L, (long)options.Epochs * batches.StepsPerEpoch);
        while (step < MostSteps && (clock.Elapsed.TotalSeconds < StepSeconds || (step < LeastSteps && clock.Elapsed.TotalSeconds < 4 * StepSeconds)))
        {
            stop.ThrowIfCancellationRequested();
            var start = clock.Elapsed.TotalSeconds;
            for (var i = 0; i < pass.StepsAtOnce; i++) pass.Run((step++ % total) + 1, options.LearningRate.Peak, active);
            pass.Collect();
            seconds.Add((clock.Elapsed.TotalSeconds - start) / pass.StepsAtOnce);
        }

        done();
        var updates = Updates(vae, new TrainingClock(0, batches.StepsPerEpoch, total));
        return ((int)step, MedianOfLaterHalf(seconds) / updates);
    }

    /// <summary>Updates of a step at a moment of the training: its own, and those of the encoder before it.</summary>
    public static double Updates(HierarchicalVae vae, TrainingClock clock) => 1 + vae.Members.Max(member => member.Remedy.EncoderUpdatesBefore(clock));

    private static RunRates Measured(RunSettings settings, RunData data, HierarchicalVae vae, CancellationToken stop)
    {
        var count = Math.Min(Rows, data.Test.Count);
        var once = new EvaluationOptions { Draws = 2, ImportanceDraws = 1 };
        var curve = data.Validation is null ? 0 : PerDatum(data.Test, count, rows => Evaluator.Objectives(vae, rows, once, stop));
        var draw = PerDatum(data.Test, count, rows => Evaluator.Members(vae, rows, once, stop: stop)) / once.Draws;
        // Several blocks for every thread, but no more than a few parts' time at the speed of the draws.
        var samples = Math.Min(RunPlan.Evaluation(settings).ImportanceDraws ?? settings.EvaluationDraws, MostSamples);
        var affordable = (int)Math.Clamp(3 * PartSeconds / draw, 2, int.MaxValue);
        samples = Math.Min(samples, Math.Max(1, affordable / 2));
        var images = Math.Min(count, Math.Clamp(affordable / samples, 2, Math.Max(32, 32 * 256 / samples)));
        using var few = First(data.Test, images);
        var sample = Time(() => ImportanceBounds.Of(vae, few, samples, RandomKey.FromSeed(0), stop: stop)) / images / samples;
        var (start, row) = Information(data, vae, stop);
        return new(0, 0, curve, draw, sample, start, row, default);
    }

    // Of few data where these take long enough.
    private static double PerDatum(DataRows all, int count, Action<DataRows> part)
    {
        using var few = First(all, Math.Min(FewRows, count));
        var clock = Stopwatch.StartNew();
        part(few);
        if (clock.Elapsed.TotalSeconds > PartSeconds) return Time(() => part(few), least: 1) / few.Count;
        using var rows = First(all, count);
        return Time(() => part(rows)) / count;
    }

    // What it takes however few the data and what each adds, of two numbers of data, for the first members alone.
    private static (double Start, double Row) Information(RunData data, HierarchicalVae vae, CancellationToken stop)
    {
        // Fewer where layers are wide, whose units take a while each.
        var many = Math.Min((int)Math.Min(InformationRows, Math.Max(100, (long)InformationRows * InformationUnits / vae.Options.Units.Sum())), data.Test.Count);
        var few = many / 4;
        if (few < 2 || data.IsTestConstant) return (0, 0);
        int[] members = [.. Enumerable.Range(0, Math.Min(vae.Options.Units.Sum() > InformationUnits ? 1 : 2, vae.Members.Count))];
        double Of(int count)
        {
            using var rows = First(data.Test, count);
            return Time(() => InformationSplit.Of(vae, rows, members, RunPlan.Information, stop: stop), least: 1) / members.Length * vae.Members.Count;
        }

        var (less, more) = (Of(few), Of(many));
        return Fit(few, less, many, more);
    }

    /// <summary>a and b of a + b n through two points, neither below zero.</summary>
    internal static (double Start, double Row) Fit(int few, double less, int many, double more)
    {
        var row = Math.Max(0, (more - less) / (many - few));
        return (Math.Max(0, less - (row * few)), row);
    }

    // Once to compile it, then until it has taken a while; a part so long that its compilation is little of it, once.
    private static double Time(Action part, int least = 3)
    {
        var (clock, seconds) = (Stopwatch.StartNew(), new List<double>());
        part();
        if (clock.Elapsed.TotalSeconds > 4 * PartSeconds) return clock.Elapsed.TotalSeconds;
        clock.Restart();
        while (clock.Elapsed.TotalSeconds < PartSeconds || (seconds.Count < least && clock.Elapsed.TotalSeconds < 4 * PartSeconds))
        {
            var start = clock.Elapsed.TotalSeconds;
            part();
            seconds.Add(clock.Elapsed.TotalSeconds - start);
        }

        return MedianOfLaterHalf(seconds);
    }

    internal static double MedianOfLaterHalf(List<double> values)
    {
        double[] later = [.. values.Skip(values.Count / 2).Order()];
        return (later[(later.Length - 1) / 2] + later[later.Length / 2]) / 2;
    }

    private static DataRows First(DataRows rows, int count)
    {
        using var slice = rows.Slice(0, count);
        return DataRows.FromReals([.. slice.contiguous().data<float>()], rows.Features, rows.Channels);
    }
}
