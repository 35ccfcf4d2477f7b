using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Cli.Settings;
using Ornstein.Cli.Studies.Attempts;
using Ornstein.Cli.Studies.Launching;

namespace Ornstein.Cli.Studies;

/// <summary>
/// Does every cell that has no result, one after another in this process. Stopped at any moment, by Ctrl-C or by force, it goes on where it was
/// when it is run again; what is finished is never repeated.
/// </summary>
internal static class StudyRun
{
    /// <summary>Does the cells.</summary>
    /// <param name="study">The study.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="cells">Those of its cells that are asked for.</param>
    /// <param name="retry">Whether cells that failed are tried again.</param>
    /// <returns>The exit code.</returns>
    public static int Do(StudyFile study, StudyFolder folder, IReadOnlyList<StudyCell> cells, bool retry)
    {
        using var interruption = Interruption.Listen();
        using var hold = folder.Hold();
        var states = StudyCellState.OfHeld(study, folder);
        StudyCell[] left = [.. cells.Where(cell => states[cell.Hash].Stage is var stage && stage != CellStage.Done && (retry || stage != CellStage.Failed))];
        var failed = cells.Count(cell => states[cell.Hash].Stage == CellStage.Failed && !retry);
        // Who holds the study knows that an earlier 'study run' on this machine is no more; a lock may mean nothing to another.
        var worker = new CellWorker(study, folder, folder.Ledger, 0, 0, other => other is { IsOfStudyRun: true, IsHere: true }, () => false, interruption.Token);
        StudyEntry[] submitted = [.. new SubmissionStore(folder.Path).Entries()];
        for (var i = 0; i < left.Length; i++)
        {
            using var progress = RunProgress.OnStandardError();
            var number = cells.ToList().IndexOf(left[i]) + 1;
            var remaining = StudyPace.Remaining(left[i..], [.. submitted, .. folder.Ledger.Read()], study);
            progress.Note($"cell {number} of {cells.Count}: {left[i].Id}" + (remaining is { } time ? $" (about {ProgressText.Time(time)} left for all)" : ""));
            var outcome = worker.Do(left[i], progress);
            if (interruption.IsRequested && (outcome == CellOutcome.Stopped || i + 1 < left.Length))
            {
                progress.Note($"interrupted; what is done is kept; continue with: {Continue(study, folder)}");
                return interruption.ExitCode;
            }

            if (outcome == CellOutcome.Failed) failed++;
        }

        return failed > 0 ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static string Continue(StudyFile study, StudyFolder folder) =>
        $"{Application.Name} study run {ShellQuoting.Quote(study.Path)}"
        + (folder.Path == StudyFolder.DefaultFor(study.Path) ? "" : $" --out {ShellQuoting.Quote(folder.Path)}");
}
