using System.Text.Json;
using Ornstein.Experiments.Runs;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Submissions;

namespace Ornstein.Studies.Status;

/// <summary>How far a cell is.</summary>
internal enum CellStage
{
    Waiting,
    Running,
    Failed,
    Done,

    /// <summary>Given to a scheduler that will do no more of it, without an outcome: <c>study resume</c> submits it again.</summary>
    Lost,
}

/// <summary>How far a cell is: by its run folder first, then the ledgers, then the attempts at it and what their scheduler says.</summary>
/// <param name="Stage">How far.</param>
/// <param name="Epochs">Epochs trained; of the last round of refinement where there is one.</param>
/// <param name="Reason">Why it failed or is lost, where it runs, or what it waits for; null where there is nothing to say.</param>
/// <param name="IsGiven">Whether a scheduler was asked to do it and may yet, or a process works on it.</param>
internal sealed record StudyCellState(CellStage Stage, int Epochs, string? Reason, bool IsGiven = false)
{
    /// <summary>Every cell of a study by its hash.</summary>
    public static IReadOnlyDictionary<string, StudyCellState> Of(StudyFile study, StudyFolder folder) =>
        Of(study, folder, Entries(folder), new CellQueue(folder.Path));

    /// <summary>As <see cref="Of(StudyFile, StudyFolder)"/>, for one who has read the ledgers and asked the queue.</summary>
    public static IReadOnlyDictionary<string, StudyCellState> Of(
        StudyFile study, StudyFolder folder, IReadOnlyList<StudyEntry> entries, CellQueue queue) => Of(study, folder, entries, queue, folder.IsHeld(), isWhole: false);

    /// <summary>
    /// As <see cref="Of(StudyFile, StudyFolder)"/>, for the process that holds the study: what an earlier <c>study run</c> began is not running, and
    /// results are read, not taken from the ledgers.
    /// </summary>
    public static IReadOnlyDictionary<string, StudyCellState> OfHeld(StudyFile study, StudyFolder folder) =>
        Of(study, folder, Entries(folder), new CellQueue(folder.Path), isHeld: false, isWhole: true);

    /// <summary>Every entry of the study's own ledger and of those of submitted elements, oldest first.</summary>
    public static IReadOnlyList<StudyEntry> Entries(StudyFolder folder) =>
        [.. folder.Ledger.Read().Concat(new SubmissionStore(folder.Path).Entries()).OrderBy(entry => entry.Time)];

    private static Dictionary<string, StudyCellState> Of(
        StudyFile study, StudyFolder folder, IReadOnlyList<StudyEntry> entries, CellQueue queue, bool isHeld, bool isWhole)
    {
        var last = new Dictionary<string, StudyEntry>(StringComparer.Ordinal);
        foreach (var entry in entries) last[entry.Hash] = entry;
        return study.Cells.ToDictionary(
            cell => cell.Hash, cell => Of(cell, folder, last.GetValueOrDefault(cell.Hash), queue, isHeld, isWhole), StringComparer.Ordinal);
    }

    private static StudyCellState Of(StudyCell cell, StudyFolder study, StudyEntry? last, CellQueue queue, bool isHeld, bool isWhole)
    {
        var folder = study.Of(cell);
        if (!isWhole && last?.Event == StudyEvent.Finished && StoredResult.IsWhole(folder))
            return new(CellStage.Done, cell.Settings.Epochs, null);
        var attempt = queue.AttemptAt(cell.Hash);
        // While an attempt lives, what was published is what it is to replace; a dead one may have died after it had published.
        var result = attempt is { LooksAlive: true } ? null : CellPlace.ResultAt(folder);
        var useless = result is null ? null : CellResult.WhyUseless(result);
        if (result is not null && useless is null) return new(CellStage.Done, EpochsOf(folder), null);
        var epochs = EpochsOf(folder);
        if (attempt is not null) epochs = Math.Max(epochs, EpochsOf(new CellAttempts(study.Path, cell.Hash).FolderOf(attempt.Number)));
        var standing = queue.Of(cell.Hash, attempt, isHeld);
        // The last attempt says how it ended. The ledgers are in the order of clocks, which differ: they are asked where there is none.
        var failure = (attempt?.Record, last?.Event) switch
        {
            ({ Stage: AttemptStage.Failed } record, _) => record.Reason ?? "it failed",
            ({ }, _) or (_, StudyEvent.Started or StudyEvent.Interrupted) => null, // it is tried again
            (_, StudyEvent.Failed) => last!.Reason ?? "it failed",
            _ => useless,
        };
        // What was submitted since is tried again as well.
        var isFailed = failure is not null && standing.Stage != CellStage.Running && !queue.IsGivenAgain(cell.Hash, attempt, last?.Time);
        return isFailed ? new(CellStage.Failed, epochs, failure) : new(standing.Stage, epochs, standing.Reason, standing.IsGiven);
    }

    // Counted, not read: the last line may be half written.
    private static int EpochsOf(RunFolder folder)
    {
        var round = 1;
        while (File.Exists(Path.Combine(folder.File($"round-{round}"), "metrics.jsonl"))) round++;
        var metrics = round == 1 ? folder.Metrics : Path.Combine(folder.File($"round-{round - 1}"), "metrics.jsonl");
        if (!File.Exists(metrics)) return 0; // the most usual, of which no exception is made
        try
        {
            using var file = new FileStream(metrics, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Count(letter => letter == '\n');
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0; // its folder is being published or removed at this moment
        }
    }
}
