using System.Diagnostics;
using System.Globalization;
using Ornstein.Checkpoints;
using Ornstein.Experiments.Progress;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Training;

namespace Ornstein.Experiments.Runs;

/// <summary>What a run does beside its training: shows progress, writes metrics, and a checkpoint every so often.</summary>
internal sealed class RunObserver(
    RunFolder folder, HierarchicalVae vae, Adam adam, MetricsLog log, IRunProgress progress, double checkpointSeconds, RunEstimate? estimate = null)
    : ITrainingObserver
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeLeft _left = new(estimate);
    private TimeSpan _lastCheckpoint;
    private double _validation = double.NaN;

    public bool IsWaiting => (_clock.Elapsed - _lastCheckpoint).TotalSeconds >= checkpointSeconds;

    public void OnStep(in TrainingProgress at)
    {
        var elapsed = _clock.Elapsed;
        var speed = at.MemberImages / Math.Max(1e-9, elapsed.TotalSeconds);
        var remaining = _left.After(elapsed, at.Step, at.Steps, at.Epochs);
        progress.Report(new ProgressReport(
            at.Epoch, at.Epochs, at.Step, at.Steps, at.LowestLoss, at.HighestLoss, _validation, speed, elapsed, remaining,
            at.Diverged, vae.Members.Count));
    }

    public void OnEpoch(EpochMetrics metrics)
    {
        if (metrics.Validation is { } losses) _validation = -losses.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        log.Append(metrics);
    }

    public void OnDiverged(int member, long step)
    {
        var (name, seed) = (RunPictures.NameOf(vae, member), vae.Members[member].Seed);
        progress.Warn($"the model with rho {name}, seed {seed} diverged at step {step}: it is frozen, the others go on");
    }

    public void OnSkipping(int member, long step, double norm)
    {
        var (name, seed) = (RunPictures.NameOf(vae, member), vae.Members[member].Seed);
        progress.Warn(string.Create(
            CultureInfo.InvariantCulture,
            $"the model with rho {name}, seed {seed} has skipped 100 steps one after the other, up to step {step}, and learns nothing: "
            + $"its gradient's norm is {norm:G3}; give a --skip-norm several times as large, or a lower --learning-rate"));
    }

    public void OnBetweenSteps(TrainingState state)
    {
        if (IsWaiting) Save(state);
    }

    /// <summary>Writes a checkpoint now.</summary>
    public void Save(TrainingState state)
    {
        Checkpoint.Save(folder.Checkpoint, adam, state, log.Length);
        _lastCheckpoint = _clock.Elapsed;
    }
}
