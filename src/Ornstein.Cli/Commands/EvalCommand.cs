using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Cli.Tables;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Cli.Commands;

/// <summary><c>eval RUN</c>: measures the models of a run again, on the same data or on others, and says what is known of every layer.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of the run." };
        var on = new MeasuredOnOptions("Measure on N test images only.");
        var draws = new Option<int?>("--evaluation-draws") { Description = "Draws of z per image.", HelpName = "N" };
        var importance = new Option<int?>("--importance-draws")
        {
            Description = "Samples k per image of the importance-weighted bounds.", HelpName = "N",
        };
        var output = new Option<string?>("--out")
        {
            Description = "Write eval.json and pictures of what each layer holds to this folder.", HelpName = "FOLDER",
        };
        var quiet = QuietOption.Create();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON on standard output." };
        var command = new Command(
            "eval",
            "Measure the models of a run again, from its last checkpoint, and say of every layer whether it has collapsed. On the run's own "
            + "data it is stored in the run, whose report and comparisons then show it.")
        {
            run, draws, importance, output, json, quiet,
        };
        on.AddTo(command);
        HelpScreen.SetExamples(
            command,
            "runs/NAME --json                  the result as JSON",
            "runs/NAME --out FOLDER            pictures of what each layer holds, and eval.json",
            "runs/NAME --evaluation-draws 64   less sampling noise",
            "runs/NAME --importance-draws 5000 log p(x) as the literature estimates it",
            "runs/NAME --data FOLDER           data that were moved, or the test part of others");
        command.SetAction(parsed => Interruption.Guard(stop =>
        {
            RunSettings Change(RunSettings stored) => stored with
            {
                EvaluationDraws = parsed.GetValue(draws) ?? stored.EvaluationDraws,
                ImportanceDraws = parsed.GetValue(importance) ?? stored.ImportanceDraws,
            };
            var folder = parsed.GetValue(output);
            var measured = on.Of(parsed);
            using var stored = StoredRun.Open(parsed.GetValue(run)!, measured, Change, stop);
            if (folder is not null) Make(folder);
            var result = Measure(stored, measured, Change, folder, parsed.GetValue(quiet), stop);
            var text = JsonSerializer.Serialize(result, ResultJson.Indented);
            if (folder is not null) AtomicFile.WriteText(Path.Combine(folder, "eval.json"), text + "\n");
            if (parsed.GetValue(json)) Console.Out.WriteLine(text);
            else Print(result, stored, Screen.Of(parsed.InvocationConfiguration.Output));
            if (!Array.Exists(result.Phase.Members, member => member.IsOk)) throw UnusableModel.NoneLeft();
            if (StoredEvaluation.Store(stored, result) is { } reason) Console.Error.WriteLine($"not stored in the run: {PrintableText.Of(reason)}");
            return ExitCodes.Success;
        }));
        return command;
    }

    // The line of progress is gone before the result is printed.
    private static EvaluationResult Measure(
        StoredRun stored, MeasuredOn on, Func<RunSettings, RunSettings> change, string? pictures, bool quiet, CancellationToken stop)
    {
        using var progress = RunProgress.OnStandardError(quiet);
        return RunEvaluation.Of(stored, on, change, pictures, progress, stop);
    }

    private static void Print(EvaluationResult result, StoredRun stored, TextWriter output)
    {
        Action[] tables =
        [
            () => PhaseTable.Write(result.Phase, stored.Folder.Path, output),
            () => BoundsTable.Write(result.Phase, stored.Settings, output),
            () => KlPartsTable.Write(result.Phase, output),
            () => LayersTable.Write(result, output),
        ];
        foreach (var (i, write) in tables.Index())
        {
            if (i is 1 or 2) output.WriteLine();
            write();
            PhaseWords.WriteOtherData(stored.OtherData, output);
        }
    }

    // Before anything is measured: a folder that cannot be made is known at once.
    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the folder", folder, error);
        }
    }
}
