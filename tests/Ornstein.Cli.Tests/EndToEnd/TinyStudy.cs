using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A study of three cells of a second or two each; the first is the run of <see cref="TinyRun"/>.</summary>
internal static class TinyStudy
{
    public const string Json = """
        {
          "name": "tiny",
          "settings": {
            "trainLimit": 256, "testLimit": 100, "validation": 50, "batch": 32, "threads": 1, "draws": 3,
            "rho": [0.2, 1], "seeds": [0, 1], "epochs": 12, "checkpointSeconds": 0
          },
          "models": {
            "L3": { "latents": [6, 4, 3], "hidden": [16, 12, 8] },
            "L2": { "latents": [6, 3], "hidden": [16, 8] }
          },
          "smoothing": { "p": {}, "standard": { "measure": "standard" } },
          "experiments": {
            "depth": { "question": "Does depth matter?", "models": ["L3", "L2"], "smoothing": ["p"] },
            "measure": { "question": "Does the measure matter?", "models": ["L3"], "smoothing": ["p", "standard"] }
          }
        }
        """;

    /// <summary>The run folders of a study's cells by the cells' names.</summary>
    public static Dictionary<string, string> Cells(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(folder, "cells"), "*-??????????", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(Path.Combine(folder, "cells"), path).Replace('\\', '/')[..^11]);

    /// <summary>The events of the ledger as <c>started L3/p</c>.</summary>
    public static string[] Ledger(string folder) =>
    [
        .. File.ReadLines(Path.Combine(folder, "ledger.jsonl")).Select(line => JsonNode.Parse(line)!).Select(entry => $"{entry["event"]} {entry["cell"]}"),
    ];

    /// <summary>Steps of the checkpoints of all cells: of their run folders, and of the furthest attempts at those that have none.</summary>
    public static long Steps(string folder)
    {
        var cells = !Directory.Exists(Path.Combine(folder, "cells")) ? 0 : Cells(folder).Values.Sum(run => Math.Max(0, TinyRun.CheckpointStep(run)));
        return cells + Attempts(folder).GroupBy(record => Path.GetDirectoryName(record)).Sum(cell => Math.Max(0, cell.Max(Step)));
    }

    /// <summary>The records of all attempts.</summary>
    public static string[] Attempts(string folder) => !Directory.Exists(Path.Combine(folder, "attempts"))
        ? []
        : Directory.GetFiles(Path.Combine(folder, "attempts"), "*.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 });

    /// <summary>The step of the checkpoint of an attempt; -1 without one.</summary>
    public static long Step(string record) => TinyRun.CheckpointStep(Path.ChangeExtension(record, null));
}
