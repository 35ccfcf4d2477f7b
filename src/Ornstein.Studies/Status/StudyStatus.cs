using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Studies.Status;

/// <summary>How far one cell is, as <c>study status --json</c> says it.</summary>
internal sealed record CellStatus(
    string Cell, string Hash, CellStage Stage, string Folder, int Epochs, int OfEpochs, double? Seconds, string? Reason, [property: JsonIgnore] StudyCell Of)
{
    public string Command => Of.Command(folder: null);
}

/// <summary>How far an experiment is.</summary>
internal sealed record ExperimentStatus(string Experiment, int Cells, int Done, int Running, int Failed, int Waiting, int Lost, CellStatus[] Each);

/// <summary>How far a study is.</summary>
internal sealed record StudyStatus
{
    private const int MostLines = 20;

    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    public required string Study { get; init; }

    public required string Folder { get; init; }

    /// <summary>Distinct cells: one that several experiments name counts once.</summary>
    public required int Cells { get; init; }

    public required int Done { get; init; }

    public required ExperimentStatus[] Experiments { get; init; }

    /// <summary>Why Slurm could not be asked; null where it was, or need not be.</summary>
    public string? Trouble { get; init; }

    /// <summary>Run folders that are no part of the study, as its file is now.</summary>
    public required string[] Others { get; init; }

    public static StudyStatus Of(StudyFile study, StudyFolder folder)
    {
        var (entries, queue) = (StudyCellState.Entries(folder), new CellQueue(folder.Path));
        var states = StudyCellState.Of(study, folder, entries, queue);
        var seconds = StudyPace.Seconds(entries);
        CellStatus Cell(StudyCell cell)
        {
            var state = states[cell.Hash];
            double? time = seconds.TryGetValue(cell.Hash, out var value) ? value : null;
            return new(
                cell.Name, cell.Hash, state.Stage, folder.Of(cell).Path, state.Epochs, cell.Settings.Epochs, time, state.Reason, cell);
        }

        return new StudyStatus
        {
            Study = study.Name,
            Folder = folder.Path,
            Cells = study.Cells.Count,
            Done = study.Cells.Count(cell => states[cell.Hash].Stage == CellStage.Done),
            Experiments =
            [
                .. study.Experiments.Select(experiment =>
                {
                    CellStatus[] each = [.. experiment.Cells.Select(Cell)];
                    int Count(CellStage stage) => each.Count(cell => cell.Stage == stage);
                    return new ExperimentStatus(
                        experiment.Name, each.Length, Count(CellStage.Done), Count(CellStage.Running), Count(CellStage.Failed), Count(CellStage.Waiting),
                        Count(CellStage.Lost), each);
                }),
            ],
            Trouble = queue.Trouble,
            Others = [.. folder.Others(study)],
        };
    }

    public string Json() => JsonSerializer.Serialize(this, ResultJson.Indented);

    /// <summary>The table, what is at work, and what failed; the commands of all cells while nothing was run.</summary>
    public void Write(TextWriter output)
    {
        Table.Write(
            output,
            ["experiment", "cells", "done", "running", "failed", "waiting", "lost"],
            Experiments.Select(e => (string[])[e.Experiment, Text(e.Cells), Text(e.Done), Text(e.Running), Text(e.Failed), Text(e.Waiting), Text(e.Lost)]));
        output.WriteLine();
        output.WriteLine($"{Done} of {Cells} cells done; a cell that several experiments name is run once; study folder: {PrintableText.Of(Folder)}");
        CellStatus[] cells = [.. Experiments.SelectMany(experiment => experiment.Each).DistinctBy(cell => cell.Hash)];
        WriteSome("running", cells.Where(cell => cell.Stage == CellStage.Running), cell => $"{At(cell)}{After(cell.Reason)}", output);
        WriteSome("begun", cells.Where(cell => cell.Stage == CellStage.Waiting && cell.Epochs > 0), cell => $"{At(cell)}{After(cell.Reason)}", output);
        WriteSome("failed", cells.Where(cell => cell.Stage == CellStage.Failed), cell => $": {cell.Reason}", output);
        WriteSome("lost", cells.Where(cell => cell.Stage == CellStage.Lost), cell => $"{At(cell)}{After(cell.Reason)}", output);
        var waiting = cells.Where(cell => cell.Stage == CellStage.Waiting && cell.Epochs == 0 && cell.Reason is not null);
        WriteSome("waiting", waiting, cell => $": {cell.Reason}", output);
        if (Trouble is not null) output.WriteLine($"Slurm was not asked: {Trouble}");
        if (Array.Exists(cells, cell => cell.Stage == CellStage.Lost)) output.WriteLine("'study resume' submits again what is lost");
        if (Array.Exists(cells, cell => cell.Stage == CellStage.Failed)) output.WriteLine("'study run --retry' tries cells that failed again");
        foreach (var other in Others) output.WriteLine(PrintableText.Of($"no longer part of the study: {other}"));
        if (!cells.All(cell => cell is { Stage: CellStage.Waiting, Epochs: 0, Reason: null })) return;
        output.WriteLine();
        WriteCells(cells, output);
    }

    private static string At(CellStatus cell) => $", epoch {cell.Epochs} of {cell.OfEpochs}";

    private static string After(string? reason) => reason is null ? "" : $": {reason}";

    private static void WriteSome(string title, IEnumerable<CellStatus> cells, Func<CellStatus, string> text, TextWriter output)
    {
        CellStatus[] all = [.. cells];
        foreach (var cell in all.Take(MostLines)) output.WriteLine(PrintableText.Of($"{title}: {cell.Cell}{text(cell)}"));
        if (all.Length > MostLines) output.WriteLine($"{title}: and {all.Length - MostLines:N0} more, which --json names");
    }

    /// <summary>Every cell with its full command.</summary>
    public void WriteCells(IReadOnlyCollection<string> hashes, TextWriter output) =>
        WriteCells([.. Experiments.SelectMany(experiment => experiment.Each).DistinctBy(cell => cell.Hash).Where(cell => hashes.Contains(cell.Hash))], output);

    private static void WriteCells(CellStatus[] cells, TextWriter output)
    {
        foreach (var cell in cells)
        {
            output.WriteLine($"{cell.Cell} ({Name(cell.Stage)})");
            ScreenWriter.WriteWhole(output, PrintableText.Of($"  {cell.Command}"));
        }
    }

    private static string Name(CellStage stage) => JsonNamingPolicy.KebabCaseLower.ConvertName(stage.ToString());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
