using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Runs;
using Ornstein.Cli.Settings;
using Ornstein.Cli.Tables;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Cli.Commands;

/// <summary><c>eval RUN</c>: measures the models of a run again, on the same data or on others, and diagnoses every layer.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of the run." };
        var data = new Option<string?>("--data")
        {
            Description = "Measure on the test part of this data set or folder instead.", HelpName = "NAME|FOLDER",
        };
        var limit = new Option<int?>("--test-limit") { Description = "Measure on the first N test images only.", HelpName = "N" };
        var draws = new Option<int?>("--evaluation-draws") { Description = "Draws of z per image.", HelpName = "N" };
        var importance = new Option<int?>("--importance-draws")
        {
            Description = "Samples k per image of the importance-weighted bounds.", HelpName = "N",
        };
        var output = new Option<string?>("--out")
        {
            Description = "Write eval.json and pictures of what each layer holds to this folder.", HelpName = "FOLDER",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON on standard output." };
        var command = new Command(
            "eval",
            "Measure the models of a run again, from its last checkpoint, and say of every layer whether it has collapsed; the run folder stays as "
            + "it is.")
        {
            run, data, limit, draws, importance, output, json,
        };
        HelpScreen.SetExamples(
            command,
            "runs/NAME --json                  the result as JSON",
            "runs/NAME --out FOLDER            pictures of what each layer holds, and eval.json",
            "runs/NAME --evaluation-draws 64   less sampling noise",
            "runs/NAME --importance-draws 5000 log p(x) as the literature estimates it",
            "runs/NAME --data FOLDER           the test part of other data");
        command.SetAction(parsed => Interruption.Guard(stop =>
        {
            RunSettings Change(RunSettings stored) => stored with
            {
                Data = parsed.GetValue(data) ?? stored.Data,
                // Other data may be of another kind: what suits them is found anew.
                Eigenvalues = parsed.GetValue(data) is null ? stored.Eigenvalues : null,
                Binarization = parsed.GetValue(data) is null ? stored.Binarization : BinarizationChoice.Auto,
                TestLimit = parsed.GetValue(limit) ?? stored.TestLimit,
                EvaluationDraws = parsed.GetValue(draws) ?? stored.EvaluationDraws,
                ImportanceDraws = parsed.GetValue(importance) ?? stored.ImportanceDraws,
            };
            var folder = parsed.GetValue(output);
            using var stored = StoredRun.Open(parsed.GetValue(run)!, Change, stop);
            if (folder is not null) Make(folder);
            var (members, models) = Measure(stored);
            foreach (var round in RunRounds.Of(stored.Folder))
            {
                using var more = StoredRun.Open(round.Path, Change, stop);
                if (more.State.Step != stored.State.Step)
                {
                    Console.Error.WriteLine($"left out: {PrintableText.Of(round.Path)}, which is at step {more.State.Step:N0} of {stored.State.Step:N0}");
                    continue;
                }

                var (others, theirs) = Measure(more);
                (members, models) = (RunRounds.Merge(members, others), [.. models, .. theirs]);
            }

            var result = RunEvaluation.Of(stored, members, models);
            var text = JsonSerializer.Serialize(result, ResultJson.Indented);
            if (folder is not null) AtomicFile.WriteText(Path.Combine(folder, "eval.json"), text + "\n");
            if (parsed.GetValue(json)) Console.Out.WriteLine(text);
            else Print(result, stored);
            return ExitCodes.Success;

            (MemberResult[] Members, ModelEvaluation[] Models) Measure(StoredRun from)
            {
                var measured = RunEvaluation.Measure(from, stop);
                if (folder is not null) RunEvaluation.Draw(from, measured.Members, folder, stop);
                return measured;
            }
        }));
        return command;
    }

    private static void Print(EvaluationResult result, StoredRun stored)
    {
        PhaseTable.Write(result.Phase, stored.Folder.Path);
        Console.Out.WriteLine();
        BoundsTable.Write(result.Phase, stored.Settings, Console.Out);
        Console.Out.WriteLine();
        KlPartsTable.Write(result.Phase, Console.Out);
        LayersTable.Write(result, Console.Out);
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
