using System.Diagnostics;
using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Training;

namespace Ornstein.Bench.Compare;

/// <summary>
/// Ornstein's own training, through the trainer that everyone uses. A smoothed stack is a sweep: two seeds, half as many rhos. In a
/// vanilla one every member has a seed of its own, and so its own batches.
/// </summary>
internal sealed class OwnTraining : IContender
{
    private readonly HierarchicalVae _vae;
    private readonly Adam _adam;
    private readonly TrainingState _state;
    private readonly DataRows _rows;
    private readonly int _batchSize;

    public OwnTraining(BenchModel model, int members, int draws)
        : this(NameOf(members, draws), model, [.. MembersOf(members, draws).Select(member => member with { Remedy = model.Remedy })], Math.Max(1, draws))
    {
    }

    /// <summary>A stack of any members.</summary>
    public OwnTraining(string name, BenchModel model, Member[] members, int draws)
    {
        (Name, ImagesPerStep) = (name, members.Length * model.BatchSize);
        (_rows, _batchSize) = (model.Images(), model.BatchSize);
        _vae = new HierarchicalVae(model.Options, members, new SmoothingOptions { Draws = draws });
        _adam = new Adam(_vae.Parameters, new AdamOptions());
        _state = new TrainingState(model.Options.Layers, members.Length);
    }

    public string Name { get; }

    public int ImagesPerStep { get; }

    public static string NameOf(int members, int draws) => $"ornstein x{members}{(draws == 0 ? "" : $" K={draws}")}";

    /// <summary>The members of a stack; no draws: vanilla.</summary>
    public static Member[] MembersOf(int members, int draws) => draws == 0
        ? [.. Enumerable.Range(0, members).Select(i => new Member(1, i))]
        : [.. Enumerable.Range(0, members).Select(i => new Member(BenchModel.RhoOf(draws) * (1 + i / 2) / (1 + members / 2), i % 2))];

    /// <summary>The embedded digits' training images.</summary>
    public static DataRows Digits()
    {
        var digits = DatasetCatalog.Load("digits");
        return DataRows.FromPixels(digits.Train.Bytes!, digits.Features, Binarization.None, training: true);
    }

    public double Run(int steps)
    {
        using var stop = new CancellationTokenSource();
        var clock = new StepClock(steps, stop);
        Trainer.Run(
            _vae, _adam, _state, _rows, null, new TrainingOptions { Epochs = int.MaxValue, BatchSize = _batchSize }, clock, stop.Token);
        var seconds = clock.Seconds;
        return _state.Diverged == 0 ? seconds : throw new InvalidOperationException($"{Name}: a member diverged.");
    }

    public void Dispose()
    {
        _vae.Dispose();
        _adam.Dispose();
        _rows.Dispose();
    }

    // Times the steps after the first, before which a trainer takes its memory, as the peers took theirs when they were made.
    private sealed class StepClock(int steps, CancellationTokenSource stop) : ITrainingObserver
    {
        private readonly Stopwatch _clock = new();
        private int _left = steps;

        public double Seconds { get; private set; }

        public void OnStep(in TrainingProgress progress)
        {
            if (!_clock.IsRunning)
            {
                _clock.Start();
            }
            else if (--_left == 0)
            {
                Seconds = _clock.Elapsed.TotalSeconds;
                stop.Cancel();
            }
        }

        public void OnEpoch(EpochMetrics metrics)
        {
        }

        public void OnDiverged(int member, long step)
        {
        }

        public void OnBetweenSteps(TrainingState state)
        {
        }
    }
}
