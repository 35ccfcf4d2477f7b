using System.Text.Json;
using Ornstein.Cli.Tables;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Cli.Studies;

/// <summary>How far a cell is.</summary>
internal enum CellStage
{
    Waiting,
    Running,
    Failed,
    Done,
}

/// <summary>How far a cell is, by its run folder first and the ledger second.</summary>
/// <param name="Stage">How far.</param>
/// <param name="Epochs">Epochs trained; of the last round of refinement where there is one.</param>
/// <param name="Reason">Why it failed; else null.</param>
internal sealed record StudyCellState(CellStage Stage, int Epochs, string? Reason)
{
    /// <summary>Every cell of a study by its hash.</summary>
    public static IReadOnlyDictionary<string, StudyCellState> Of(StudyFile study, StudyFolder folder) => Of(study, folder, folder.IsHeld());

    /// <summary>As <see cref="Of(StudyFile, StudyFolder)"/>, for the process that holds the study: what an earlier one began is not running.</summary>
    public static IReadOnlyDictionary<string, StudyCellState> OfHeld(StudyFile study, StudyFolder folder) => Of(study, folder, isHeld: false);

    private static Dictionary<string, StudyCellState> Of(StudyFile study, StudyFolder folder, bool isHeld)
    {
        var last = folder.Ledger.Read().GroupBy(entry => entry.Hash, StringComparer.Ordinal)
            .ToDictionary(entries => entries.Key, entries => entries.Last(), StringComparer.Ordinal);
        return study.Cells.ToDictionary(
            cell => cell.Hash, cell => Of(folder.Of(cell), last.GetValueOrDefault(cell.Hash), isHeld), StringComparer.Ordinal);
    }

    /// <summary>The result of a run that ended; null where it has none, or not a whole one.</summary>
    public static PhaseResult? ResultOf(RunFolder folder)
    {
        if (!File.Exists(folder.Phase)) return null;
        try
        {
            return JsonSerializer.Deserialize<PhaseResult>(File.ReadAllText(folder.Phase), ResultJson.Indented);
        }
        catch (JsonException)
        {
            return null; // running it again measures again
        }
    }

    /// <summary>Why a result is of no use; null where it is.</summary>
    public static string? WhyUseless(PhaseResult result) => result.Members.Any(RhoSummary.IsFinished)
        ? null
        : $"no model is left ({result.Members.FirstOrDefault()?.Status ?? "there was none"}); try a lower learningRate, or a clipNorm of 100";

    private static StudyCellState Of(RunFolder folder, StudyEntry? last, bool isHeld)
    {
        var epochs = EpochsOf(folder);
        var isRunning = isHeld && last?.Event == StudyEvent.Started;
        // The report is what a run writes last.
        if (!isRunning && File.Exists(folder.File("report.html")) && ResultOf(folder) is { } result)
        {
            var reason = WhyUseless(result);
            return new(reason is null ? CellStage.Done : CellStage.Failed, epochs, reason);
        }

        if (last?.Event == StudyEvent.Failed) return new(CellStage.Failed, epochs, last.Reason ?? "it failed");
        return new(isRunning ? CellStage.Running : CellStage.Waiting, epochs, null);
    }

    // Counted, not read: the last line may be half written.
    private static int EpochsOf(RunFolder folder)
    {
        var round = 1;
        while (File.Exists(Path.Combine(folder.File($"round-{round}"), "metrics.jsonl"))) round++;
        var metrics = round == 1 ? folder.Metrics : Path.Combine(folder.File($"round-{round - 1}"), "metrics.jsonl");
        if (!File.Exists(metrics)) return 0;
        using var file = new FileStream(metrics, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Count(letter => letter == '\n');
    }
}
