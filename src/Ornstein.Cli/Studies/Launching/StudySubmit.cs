using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Settings;

namespace Ornstein.Cli.Studies.Launching;

/// <summary>Gives cells to a scheduler, and takes them back.</summary>
internal static class StudySubmit
{
    /// <summary>Submits the cells that nobody was asked to do yet.</summary>
    public static int Submit(StudyFile study, StudyFolder folder, SubmitOptions options, bool dryRun, TextWriter output)
    {
        var (number, states) = (new SubmissionStore(folder.Path).Next, StudyCellState.Of(study, folder));
        StudyCell[] cells = [.. study.Cells.Where(cell => states[cell.Hash] is { Stage: CellStage.Waiting, IsGiven: false })];
        return Give(study, folder, number, cells, states, options, dryRun, output);
    }

    /// <summary>Submits every cell that has no outcome and that nobody works on or will; with retry also those that failed.</summary>
    public static int Resume(StudyFile study, StudyFolder folder, SubmitOptions options, bool retry, bool dryRun, TextWriter output)
    {
        var (number, states) = (new SubmissionStore(folder.Path).Next, StudyCellState.Of(study, folder));
        StudyCell[] cells =
        [
            .. study.Cells.Where(cell => states[cell.Hash] is var state
                && (state is { Stage: CellStage.Waiting, IsGiven: false } or { Stage: CellStage.Lost } || (retry && state.Stage == CellStage.Failed))),
        ];
        return Give(study, folder, number, cells, states, options, dryRun, output);
    }

    /// <summary>Takes back what was submitted: what runs stops with a checkpoint, what waits does not start.</summary>
    public static int Cancel(StudyFolder folder, TextWriter output)
    {
        var store = new SubmissionStore(folder.Path);
        Submission[] open = [.. store.All().Where(submission => submission.Stage != SubmissionStage.Cancelled)];
        if (open.Length == 0) throw UsageError.Because($"'{folder.Path}' has no submission that is not cancelled");
        // First in the file: a job that comes back to life later reads it and stops.
        foreach (var submission in open) store.Update(submission with { Stage = SubmissionStage.Cancelled });
        string[] jobs = [.. open.Where(submission => submission.Options.Launcher == Launcher.Slurm).SelectMany(Names)];
        var answers = jobs.Select(name => SlurmProgram.Run("scancel", $"--name={name}")).ToArray();
        if (answers.FirstOrDefault(answer => answer.Code != 0) is { } refused)
            throw new OrnsteinException($"marked as cancelled, which stops its elements at their next sign of life; but Slurm did not cancel: {refused.Trouble}");
        output.WriteLine($"cancelled submission {string.Join(", ", open.Select(submission => submission.Number))}; what is done is kept");
        return ExitCodes.Success;
    }

    private static IEnumerable<string> Names(Submission submission) =>
        submission.Arrays.Select(array => submission.JobName(array.First)).DefaultIfEmpty(submission.JobName(0));

    private static int Give(
        StudyFile study, StudyFolder folder, int number, StudyCell[] cells, IReadOnlyDictionary<string, StudyCellState> states, SubmitOptions options,
        bool dryRun, TextWriter output)
    {
        var store = new SubmissionStore(folder.Path);
        foreach (var earlier in store.All().Where(submission => submission.Stage != SubmissionStage.Cancelled))
        {
            // Of what is done the run folders keep the settings; a file may outgrow it.
            var (done, all) = (DoneHashes(folder), store.CellsOf(earlier.Number));
            if (all.Any(cell => !done.Contains(cell.Hash))) StudyDifference.Refuse(study, earlier, store, all);
        }

        if (options.Launcher == Launcher.Slurm && (!dryRun || SlurmProgram.IsThere("sbatch"))) SlurmProgram.Check(options);
        if (cells.Length == 0) throw UsageError.Because(WhyNothing(study, states));
        var time = options.ElementTime is { } text ? SubmitOptions.ParseTime(text, "--element-time") : (TimeSpan?)null;
        var pace = new StudyPace(study, StudyCellState.Entries(folder));
        var elements = ElementPacking.Pack(cells, time, cell => pace.Of(cell));
        var longest = options.Launcher == Launcher.Slurm && SlurmProgram.IsThere("scontrol") ? SlurmProgram.LongestArray() : int.MaxValue;
        var submission = new Submission(
            Guid.NewGuid().ToString("N")[..12], SubmissionStage.Submitting, DateTimeOffset.Now, $"{Environment.UserName} on {Environment.MachineName}",
            options, elements.Count, cells.Length, []) { Number = number };
        if (dryRun)
        {
            output.Write(Text(submission));
            return ExitCodes.Success;
        }

        if (!store.TryAdd(submission))
            throw new OrnsteinException($"somebody else submits this study at this moment; see '{Application.Name} study status'");
        try
        {
            store.Write(submission, study.Path, elements, Text(submission));
        }
        catch
        {
            store.Remove(submission);
            throw;
        }

        return options.Launcher == Launcher.Command ? Print() : Sbatch();

        string Text(Submission of)
        {
            var work = SubmissionScript.Work(study, folder, of.Number);
            if (of.Options.Launcher == Launcher.Command) return string.Concat(Enumerable.Range(0, elements.Count).Select(element => $"{work} --element {element}\n"));
            var calls = Arrays().Select(array => $"sbatch {string.Join(' ', SubmissionScript.Call(of, store, array.First, array.Count, null).Select(ShellQuoting.Quote))}");
            return SubmissionScript.Slurm(of, store, work, calls, folder.Path);
        }

        IEnumerable<(int First, int Count)> Arrays()
        {
            for (var first = 0; first < elements.Count; first += longest) yield return (first, Math.Min(longest, elements.Count - first));
        }

        int Print()
        {
            store.Update(submission with { Stage = SubmissionStage.Submitted });
            output.Write(File.ReadAllText(store.ScriptOf(submission.Number)));
            return ExitCodes.Success;
        }

        int Sbatch()
        {
            foreach (var (first, count) in Arrays())
            {
                var after = options.MaxRunning is null ? null : submission.Arrays.LastOrDefault()?.Job;
                var answer = SlurmProgram.Run("sbatch", SubmissionScript.Call(submission, store, first, count, after));
                if (answer.Code != 0)
                {
                    if (submission.Arrays.Length == 0) store.Remove(submission);
                    else store.Update(submission with { Stage = SubmissionStage.Submitted });
                    throw new OrnsteinException($"Slurm refuses {(first == 0 ? "the submission" : $"the elements from {first} on")}: {answer.Trouble}"
                        + (first == 0 ? "" : "; 'study resume' submits them later"));
                }

                submission = submission with { Arrays = [.. submission.Arrays, new SubmittedArray(answer.Output.Split(';')[0].Trim(), first, count)] };
                store.Update(submission);
            }

            // Cancelled while it was submitted, it stays so.
            if (!store.IsCancelled(submission.Number)) store.Update(submission with { Stage = SubmissionStage.Submitted });
            output.WriteLine($"submitted {Count(cells.Length, "cell")} as {Count(elements.Count, "element")}: "
                + $"job {string.Join(", ", submission.Arrays.Select(array => array.Job))}; script: {store.ScriptOf(submission.Number)}");
            return ExitCodes.Success;
        }
    }

    private static HashSet<string> DoneHashes(StudyFolder folder) => StudyCellState.Entries(folder)
        .GroupBy(entry => entry.Hash, StringComparer.Ordinal).Where(entries => entries.Last().Event == StudyEvent.Finished)
        .Select(entries => entries.Key).ToHashSet(StringComparer.Ordinal);

    private static string WhyNothing(StudyFile study, IReadOnlyDictionary<string, StudyCellState> states)
    {
        int Stage(CellStage stage) => study.Cells.Count(cell => states[cell.Hash].Stage == stage);
        var given = study.Cells.Count(cell => states[cell.Hash] is { Stage: CellStage.Waiting, IsGiven: true });
        return $"nothing to submit: of {Count(study.Cells.Count, "cell")} {Stage(CellStage.Done)} are done, {Stage(CellStage.Running)} running, {given} submitted, "
            + $"{Stage(CellStage.Failed)} failed ('study resume --retry' tries them again) and {Stage(CellStage.Lost)} lost ('study resume' submits them again)";
    }

    private static string Count(int number, string what) => $"{number:N0} {what}{(number == 1 ? "" : "s")}";
}
