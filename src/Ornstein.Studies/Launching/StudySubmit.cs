using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Studies.Status;
using Ornstein.Studies.Submissions;

namespace Ornstein.Studies.Launching;

/// <summary>Gives cells to a scheduler, and takes them back.</summary>
internal static class StudySubmit
{
    /// <summary>Submits the cells that nobody was asked to do yet.</summary>
    public static void Submit(StudyFile study, StudyFolder folder, SubmitOptions options, bool dryRun, TextWriter output)
    {
        var (number, states) = (new SubmissionStore(folder.Path).Next, StudyCellState.Of(study, folder));
        StudyCell[] cells = [.. study.Cells.Where(cell => states[cell.Hash] is { Stage: CellStage.Waiting, IsGiven: false })];
        Give(study, folder, number, cells, states, options, dryRun, output);
    }

    /// <summary>Submits every cell that has no outcome and that nobody works on or will; with retry also those that failed.</summary>
    public static void Resume(StudyFile study, StudyFolder folder, SubmitOptions options, bool retry, bool dryRun, TextWriter output)
    {
        var (number, states) = (new SubmissionStore(folder.Path).Next, StudyCellState.Of(study, folder));
        StudyCell[] cells =
        [
            .. study.Cells.Where(cell => states[cell.Hash] is var state
                && (state is { Stage: CellStage.Waiting, IsGiven: false } or { Stage: CellStage.Lost } || (retry && state.Stage == CellStage.Failed))),
        ];
        Give(study, folder, number, cells, states, options, dryRun, output);
    }

    /// <summary>Takes back what was submitted: what runs stops with a checkpoint, what waits does not start.</summary>
    public static void Cancel(StudyFolder folder, TextWriter output)
    {
        var store = new SubmissionStore(folder.Path);
        Submission[] open = [.. store.All().Where(submission => submission.Stage != SubmissionStage.Cancelled)];
        if (open.Length == 0) throw UsageError.Because($"'{folder.Path}' has no submission that is not cancelled");
        // First the mark: a job that comes back to life later sees it and stops, and so does who is submitting.
        foreach (var submission in open) store.Cancel(submission);
        // Read again: one that is being submitted may have got a job since.
        open = [.. store.All().Where(now => open.Any(submission => submission.Token == now.Token))];
        string[] troubles = [.. open.Where(submission => submission.Options.Launcher == Launcher.Slurm).Select(Recall).OfType<string>()];
        if (troubles is [var trouble, ..])
            throw new OrnsteinException($"marked as cancelled, which stops its elements at their next sign of life; but Slurm did not cancel: {trouble}");
        output.WriteLine($"cancelled submission {string.Join(", ", open.Select(submission => submission.Number))}; what is done is kept");
    }

    // Takes its jobs back from Slurm; why that did not work for one of them, or null.
    private static string? Recall(Submission submission)
    {
        SlurmAnswer[] answers = [.. submission.JobNames().Select(name => SlurmProgram.Run("scancel", $"--name={name}"))];
        return answers.FirstOrDefault(answer => answer.Code != 0)?.Trouble;
    }

    // The number of the job that has a name; null where there is none, or Slurm does not say.
    private static string? JobNamed(string name) => SlurmProgram.Run("squeue", "--noheader", "--states=all", "--format=%F", $"--name={name}") is { Code: 0 } answer
        ? answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()
        : null;

    private static void Give(
        StudyFile study, StudyFolder folder, int number, StudyCell[] cells, IReadOnlyDictionary<string, StudyCellState> states, SubmitOptions options,
        bool dryRun, TextWriter output)
    {
        var store = new SubmissionStore(folder.Path);
        var entries = StudyCellState.Entries(folder);
        var done = DoneHashes(entries);
        foreach (var earlier in store.All().Where(submission => submission.Stage != SubmissionStage.Cancelled))
        {
            // Of what is done the run folders keep the settings; a file may outgrow it.
            StudyDifference.Refuse(study, earlier, store, store.CellsOf(earlier.Number).Where(cell => !done.Contains(cell.Hash)));
        }

        if (options.Launcher == Launcher.Slurm && (!dryRun || SlurmProgram.IsThere("sbatch"))) SlurmProgram.Check(options);
        if (cells.Length == 0) throw UsageError.Because(WhyNothing(study, states));
        var time = options.ElementTime is { } text ? SubmitOptions.ParseTime(text, "--element-time") : (TimeSpan?)null;
        var pace = new StudyPace(study, entries);
        var elements = ElementPacking.Pack(cells, time, cell => pace.Of(cell));
        var cluster = options.Launcher == Launcher.Slurm ? SlurmConfiguration.Read() : null;
        var longest = cluster?.LongestArray ?? int.MaxValue;
        var submission = new Submission(
            Guid.NewGuid().ToString("N")[..12], SubmissionStage.Submitting, DateTimeOffset.Now, $"{Environment.UserName} on {Environment.MachineName}",
            options, elements.Count, cells.Length, []) { Number = number };
        if (dryRun)
        {
            output.Write(Text(submission));
            return;
        }

        if (!store.TryAdd(submission))
            throw new OrnsteinException($"somebody else submits this study at this moment; see '{Product.Name} study status'");
        try
        {
            store.Write(submission, study.Path, elements, Text(submission));
        }
        catch
        {
            store.Remove(submission);
            throw;
        }

        if (options.Launcher == Launcher.Command) Print();
        else Sbatch();

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

        void Print()
        {
            store.Update(submission with { Stage = SubmissionStage.Submitted });
            output.Write(File.ReadAllText(store.ScriptOf(submission.Number)));
        }

        void Sbatch()
        {
            foreach (var (first, count) in Arrays())
            {
                var after = options.MaxRunning is null ? null : submission.Arrays.LastOrDefault()?.Job;
                var answer = SlurmProgram.Run("sbatch", SubmissionScript.Call(submission, store, first, count, after));
                var job = answer.Code == 0 ? answer.Output.Split(';')[0].Trim() : answer.IsUnsure ? JobNamed(submission.JobName(first)) : null;
                if (job is null && answer.IsUnsure)
                {
                    // It may be on its way: what was cancelled does nothing, should it ever start.
                    store.Cancel(submission);
                    Recall(submission);
                    throw new OrnsteinException($"whether Slurm took the elements from {first} on is not known ({answer.Trouble}), so submission "
                        + $"{submission.Number} was cancelled; submit again when Slurm answers");
                }

                if (job is null)
                {
                    if (submission.Arrays.Length == 0) store.Remove(submission);
                    else store.Update(submission with { Stage = SubmissionStage.Submitted });
                    throw new OrnsteinException($"Slurm refuses {(first == 0 ? "the submission" : $"the elements from {first} on")}: {answer.Trouble}"
                        + (first == 0 ? "" : "; 'study resume' submits them later"));
                }

                submission = submission with { Arrays = [.. submission.Arrays, new SubmittedArray(job, first, count)] };
                store.Update(submission);
                // After the job is known to whoever cancels: one of the two takes it back.
                if (!store.IsCancelled(submission)) continue;
                Recall(submission);
                throw new OrnsteinException($"submission {submission.Number} was cancelled by somebody while it was submitted");
            }

            store.Update(submission with { Stage = SubmissionStage.Submitted });
            output.WriteLine($"submitted {Count(cells.Length, "cell")} as {Count(elements.Count, "element")}: "
                + $"job {string.Join(", ", submission.Arrays.Select(array => array.Job))}; script: {store.ScriptOf(submission.Number)}");
            if (cluster is { PreemptsUnwarned: true })
                output.WriteLine("note: this cluster preempts without a warning (SlurmctldParameters has no preempt_send_user_signal); what that stops wants 'study resume'");
        }
    }

    private static HashSet<string> DoneHashes(IReadOnlyList<StudyEntry> all) => all
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
