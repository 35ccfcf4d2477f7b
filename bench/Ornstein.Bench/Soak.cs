using System.Diagnostics;
using System.Globalization;
using Ornstein.Batching;
using Ornstein.Bench.Compare;
using Ornstein.Data;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Training;
using TorchSharp;

namespace Ornstein.Bench;

/// <summary>
/// `soak MINUTES`: trains a smoothed stack of 16 with its curves, measures it in full now and then, and watches memory: resident size, the
/// managed heap and the number of tensors after a collection. Fails where the last quarter's median is above the second quarter's.
/// </summary>
internal sealed class Soak : ITrainingObserver
{
    // Of the resident size: the allocator's own movement.
    private const double Slack = 0.03;

    private const int EpochsBetweenMeasurements = 20;

    private readonly HierarchicalVae _vae;
    private readonly DataRows _test;
    private readonly TimeSpan _length;
    private readonly CancellationTokenSource _stop;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(double Resident, double Managed, long Tensors)> _samples = [];
    private TimeSpan _next;

    private Soak(HierarchicalVae vae, DataRows test, TimeSpan length, CancellationTokenSource stop) =>
        (_vae, _test, _length, _stop) = (vae, test, length, stop);

    public static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count != 1 || !double.TryParse(arguments[0], CultureInfo.InvariantCulture, out var minutes) || !(minutes > 0))
        {
            Console.Error.WriteLine("usage: soak MINUTES");
            return 2;
        }

        var digits = DatasetCatalog.Load("digits");
        using var train = DataRows.FromPixels(digits.Train.Bytes!, digits.Features, Binarization.Dynamic, training: true);
        using var test = DataRows.FromPixels(digits.Test.Bytes!, digits.Features, Binarization.Static, training: false);
        using var vae = new HierarchicalVae(BenchModel.Small.Options, OwnTraining.MembersOf(16, 8), new SmoothingOptions());
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        using var stop = new CancellationTokenSource();
        var soak = new Soak(vae, test, TimeSpan.FromMinutes(minutes), stop);
        var state = new TrainingState(BenchModel.Small.Options.Layers, vae.Members.Count);
        Trainer.Run(vae, adam, state, train, test, new TrainingOptions { Epochs = int.MaxValue }, soak, stop.Token);
        return soak.Judge(state.Step);
    }

    public void OnStep(in TrainingProgress progress)
    {
    }

    public void OnEpoch(EpochMetrics metrics)
    {
        if (metrics.Epoch % EpochsBetweenMeasurements == 0) Evaluator.Members(_vae, _test, new EvaluationOptions { ImportanceDraws = 50 });
        if (_clock.Elapsed < _next) return;
        _next = _clock.Elapsed + (_length / 60);
        var managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        _samples.Add((Resident() / 1e6, managed, torch.Tensor.TotalCount));
        var (resident, _, tensors) = _samples[^1];
        Console.WriteLine($"{_clock.Elapsed.TotalMinutes,6:F1} min  {resident,7:F1} MB resident  {managed,6:F2} MB managed  {tensors} tensors");
        if (_clock.Elapsed >= _length) _stop.Cancel();
    }

    public void OnDiverged(int member, long step)
    {
    }

    public void OnBetweenSteps(TrainingState state)
    {
    }

    private int Judge(long steps)
    {
        var quarter = _samples.Count / 4;
        var (early, late) = (_samples[quarter..(2 * quarter)], _samples[^quarter..]);
        double Median(List<(double Resident, double Managed, long Tensors)> of, Func<(double Resident, double Managed, long Tensors), double> what) =>
            Quartiles.Of(of.Select(what)).Median;
        var resident = Median(late, sample => sample.Resident) / Median(early, sample => sample.Resident);
        var managed = Median(late, sample => sample.Managed) / Median(early, sample => sample.Managed);
        var tensors = late[^1].Tensors - early[0].Tensors;
        var isFlat = resident < 1 + Slack && managed < 1 + Slack && tensors <= 0;
        Console.WriteLine($"{steps:N0} steps; last quarter over second: resident {resident:F4}, managed {managed:F4}, tensors {tensors:+0;-0;0}: "
            + (isFlat ? "flat" : "NOT flat"));
        return isFlat ? 0 : 1;
    }

    private static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
