using System.Globalization;
using System.Text.Json;
using Ornstein.Studies;

namespace Ornstein.Cli.Tests.View;

/// <summary>A study as <c>study run</c> leaves it: its file, and beside it its folder with a ledger and the runs of cells.</summary>
internal sealed class ShownStudy
{
    public const string Reason = "no model is left (diverged at step 12)";

    private readonly StudyLedger _ledger;
    private readonly StudyFolder _folder;

    private ShownStudy(string path, int models, int batches)
    {
        Path = path;
        static Dictionary<string, object> Entries(string name, int count, string setting, int first) =>
            Enumerable.Range(0, count).ToDictionary(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"), i => (object)new Dictionary<string, int> { [setting] = first + i });
        var (axis, other) = (Entries("m", models, "epochs", 1), Entries("s", batches, "batch", 16));
        File.WriteAllText(path + ".json", JsonSerializer.Serialize(new
        {
            name = "shown", settings = new { trainLimit = 256, testLimit = 100, latents = new[] { 6, 4, 3 }, hidden = new[] { 16, 12, 8 }, rho = new[] { 0.2, 1 } },
            models = axis, smoothing = other, experiments = new { all = new { models = axis.Keys, smoothing = other.Keys } },
        }));
        Directory.CreateDirectory(System.IO.Path.Combine(path, "cells"));
        Cells = StudyJson.Read(path + ".json").Cells;
        (_folder, _ledger) = (new StudyFolder(path), new StudyFolder(path).Ledger);
    }

    public string Path { get; }

    public IReadOnlyList<StudyCell> Cells { get; }

    /// <summary>A study of three cells: one is done, one failed, one waits.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="run">The folder of a finished run.</param>
    public static ShownStudy Small(string path, string run)
    {
        var study = new ShownStudy(path, 3, 1);
        study.Place(study.Cells[0], run, Directory.GetFiles(run, "*", SearchOption.AllDirectories));
        study._ledger.Append(new StudyEntry(DateTimeOffset.Now, StudyEvent.Finished, study.Cells[0].Name, study.Cells[0].Hash, 1));
        study.Fail(study.Cells[1]);
        return study;
    }

    /// <summary>A study of ten thousand cells, the first half of which is done.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="run">The folder of a finished run.</param>
    public static ShownStudy Large(string path, string run)
    {
        var study = new ShownStudy(path, 100, 100);
        foreach (var cell in study.Cells.Take(study.Cells.Count / 2))
        {
            study.Place(cell, run, [System.IO.Path.Combine(run, "config.json")]);
            File.WriteAllText(study._folder.Of(cell).Phase, "{}"); // the list needs no more of it, and the study nothing
        }

        // Appended one by one, each would be forced to the disk.
        File.WriteAllLines(study._folder.FileIn("ledger.jsonl"), study.Cells.Take(study.Cells.Count / 2).Select(cell =>
            $$"""{"time":"2026-01-02T03:04:05+00:00","event":"finished","cell":"{{cell.Name}}","hash":"{{cell.Hash}}","seconds":1.5,"reason":null}"""));
        return study;
    }

    public void Fail(StudyCell cell) => _ledger.Append(new StudyEntry(DateTimeOffset.Now, StudyEvent.Failed, cell.Name, cell.Hash, 1, Reason));

    private void Place(StudyCell cell, string run, string[] files)
    {
        var place = _folder.Of(cell);
        foreach (var file in files)
        {
            var copy = place.File(System.IO.Path.GetRelativePath(run, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        if (!File.Exists(place.File("report.html"))) File.WriteAllText(place.File("report.html"), "");
    }
}
