using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;

namespace Ornstein.Studies.Launching;

/// <summary>
/// How long cells will take: by a probe of each kind of them before the first is begun, and then by what the cells that were done took beside what was said of
/// them.
/// </summary>
/// <param name="each">Estimates by the hash of a cell; a cell that could not be probed has none.</param>
internal sealed class StudyEstimate(IReadOnlyDictionary<string, RunEstimate> each)
{
    private double _said, _taken;

    /// <summary>Probes cells.</summary>
    /// <param name="cells">Those that are left.</param>
    /// <param name="epochsDone">Epochs of a cell that are trained already.</param>
    /// <param name="progress">Told how far fetching data is, and of every probe.</param>
    /// <param name="stop">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public static StudyEstimate Of(IReadOnlyList<StudyCell> cells, Func<StudyCell, int> epochsDone, IRunProgress progress, CancellationToken stop)
    {
        var each = new Dictionary<string, RunEstimate>(StringComparer.Ordinal);
        var (kinds, probed) = (cells.DistinctBy(cell => RunProbe.KindOf(cell.Settings)).Count(), 0);
        foreach (var cell in cells)
        {
            try
            {
                IDisposable Begin() => progress.Busy($"timing a few steps of {cell.Id} first ({RunProbe.Length}; kind {++probed} of {kinds})");
                each[cell.Hash] = Of(cell.Settings, epochsDone(cell), cells.Count, progress.Note, Begin, stop);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // What is wrong with a cell is told when its turn comes, and kept in the ledger.
            }
        }

        return new(each);
    }

    /// <summary>An estimate for cells that are not begun; null where nothing is known of one of them.</summary>
    public TimeSpan? Left(IReadOnlyList<StudyCell> cells)
    {
        if (!cells.All(cell => each.ContainsKey(cell.Hash))) return null;
        var ratio = _said > 0 ? _taken / _said : 1;
        return TimeSpan.FromSeconds(ratio * cells.Sum(cell => each[cell.Hash].Seconds));
    }

    /// <summary>Tells what a cell took, by which what is left is corrected; of one that was too short for a probe it says nothing of others.</summary>
    public void Took(StudyCell cell, TimeSpan time)
    {
        if (each.TryGetValue(cell.Hash, out var said) && said.Steps > 0) (_said, _taken) = (_said + said.Seconds, _taken + time.TotalSeconds);
    }

    /// <summary>What is said before the first cell.</summary>
    public string Text(IReadOnlyList<StudyCell> cells)
    {
        StudyCell[] known = [.. cells.Where(cell => each.ContainsKey(cell.Hash))];
        if (known.Length == 0) return "";
        var missing = cells.Count - known.Length;
        RunEstimate[] probes = [.. known.DistinctBy(cell => RunProbe.KindOf(cell.Settings)).Select(cell => each[cell.Hash]).Where(estimate => estimate.Steps > 0)];
        return $"{known.Length:N0} {(known.Length == 1 ? "cell takes" : "cells take")} {ProgressText.About(Left(known)!.Value)}"
            + (probes.Length == 0 ? "" : $" (probe of {probes.Sum(probe => probe.Steps):N0} steps{(probes.Length == 1 ? "" : $", {probes.Length} kinds of cells")})")
            + (missing == 0 ? "" : $"; of {missing:N0} more nothing is known");
    }

    private static RunEstimate Of(RunSettings settings, int epochs, int cells, Action<string> note, Func<IDisposable> begin, CancellationToken stop)
    {
        RunThreads.Set(settings.Threads);
        using var data = RunData.Load(settings, new FetchProgress(note), stop);
        settings = data.Resolve(settings);
        using var vae = RunPlan.Stack(settings, data.ModelShape, data.Likelihood);
        var done = (long)epochs * (data.Train.Count / Math.Min(settings.Batch, data.Train.Count));
        return RunEstimator.Of(settings, data, vae, done, stop, cells, begin);
    }
}
