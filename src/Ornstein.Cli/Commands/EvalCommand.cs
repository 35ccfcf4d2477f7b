using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Runs;
using Ornstein.Cli.Settings;
using Ornstein.Cli.Tables;

namespace Ornstein.Cli.Commands;

/// <summary><c>eval RUN</c>: measures the models of a run again, on the same data or on others.</summary>
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
        var json = new Option<bool>("--json") { Description = "Print the result as JSON on standard output." };
        var command = new Command("eval", "Measure the models of a run again, from its last checkpoint; the run folder stays as it is.")
        {
            run, data, limit, draws, importance, json,
        };
        HelpScreen.SetExamples(
            command,
            "runs/NAME --json                  the result as JSON",
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
            using var stored = StoredRun.Open(parsed.GetValue(run)!, Change, stop);
            var members = stored.Measure(stop);
            foreach (var round in RunRounds.Of(stored.Folder))
            {
                using var more = StoredRun.Open(round.Path, Change, stop);
                if (more.State.Step == stored.State.Step) members = RunRounds.Merge(members, more.Measure(stop));
                else Console.Error.WriteLine($"left out: {round.Path}, which is at step {more.State.Step:N0} of {stored.State.Step:N0}");
            }

            var result = RunResults.Of(stored.Settings, stored.Data, members, stored.State.Step, stored.State.StepsPerEpoch);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(RunResults.Json(result));
            }
            else
            {
                PhaseTable.Write(result, stored.Folder.Path);
                Console.Out.WriteLine();
                BoundsTable.Write(result, stored.Settings, Console.Out);
                Console.Out.WriteLine();
                KlPartsTable.Write(result, Console.Out);
            }

            return ExitCodes.Success;
        }));
        return command;
    }
}
