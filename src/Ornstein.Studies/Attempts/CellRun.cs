using Ornstein.Checkpoints;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Runs;

namespace Ornstein.Studies.Attempts;

/// <summary>Does what of a cell's run is left to do.</summary>
internal static class CellRun
{
    /// <summary>Begins the run of a cell, or goes on with it from its checkpoint.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="folder">The folder of an attempt at it.</param>
    /// <param name="accept">Throws where its data will not do.</param>
    /// <param name="progress">Where it says how far it is.</param>
    /// <param name="stop">Ends it with a checkpoint.</param>
    public static RunOutcome Complete(StudyCell cell, RunFolder folder, Action<RunFingerprint> accept, IRunProgress progress, CancellationToken stop)
    {
        StudyFolder.ClearUnmade(folder);
        if (!Checkpoint.Exists(folder.Checkpoint))
        {
            using IDisposable place = File.Exists(folder.Config) ? folder.Hold() : RunFolder.Reserve(folder.Path);
            return RunJob.Complete(folder, cell.Settings, Provenance.Of(cell.Command(folder: null), DateTimeOffset.Now), fresh: true, progress, stop, accept, saysTime: false);
        }

        using var hold = folder.Hold();
        var stored = StoredRun.SettingsOf(folder);
        RequireSame(cell, stored, folder);
        var settings = stored with { Data = cell.Settings.Data, CheckpointSeconds = cell.Settings.CheckpointSeconds, Device = cell.Settings.Device };
        return RunJob.Complete(folder, settings, SettingsJson.ReadProvenance(folder.Config), fresh: false, progress, stop, accept, saysTime: false);
    }

    // What a run resolves, as auto and all processors, is as the first start found it. Of another setting, a default of the program changed.
    private static void RequireSame(StudyCell cell, RunSettings stored, RunFolder folder)
    {
        if (SettingsDifference.First(stored, cell.Settings, mayResolve: true, nameof(RunSettings.Data)) is not { } other) return;
        throw new OrnsteinException(
            $"cell {cell.Id} was begun with {other.Option} {other.Before} and now asks for {other.Now}: its config.json or this program changed; "
            + $"delete '{Path.GetDirectoryName(folder.Path)}' to train the cell anew.");
    }
}
