using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Comparisons;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Commands;

/// <summary><c>compare RUN...</c>: one table over the models of one or more runs.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN...") { Description = "Folders of finished runs.", Arity = ArgumentArity.OneOrMore };
        var sort = new Option<string>("--sort")
        {
            Description = $"Column to sort by, best first: objective, elbo, sampled-elbo, bound, kl-z1, active-z1, seconds, memory, and so on. [{ComparisonColumn.Bound}]",
            HelpName = "COLUMN",
            DefaultValueFactory = _ => ComparisonColumn.Bound,
        };
        var columns = new Option<string?>("--columns")
        {
            Description = "Columns to show in the place of the usual ones, with commas between them; the figure draws the first. CSV and JSON have every column.",
            HelpName = "COLUMNS",
        };
        var against = new Option<string?>("--against")
        {
            Description = "Also say what every row differs by from this one, seed by seed, and which differences are shown: its name in the table, or a part of it.",
            HelpName = "ROW",
        };
        var anyData = new Option<bool>("--allow-different-data")
        {
            Description = "List runs that were measured on different data, whose numbers are not comparable.",
        };
        var folder = new Option<string?>("--out")
        {
            Description = "Also write compare.csv, compare.md, compare.json, the figure (compare.svg, compare.png), and how the trainings went (training.csv, training.svg, training.png) to this folder.", HelpName = "FOLDER",
        };
        var json = new Option<bool>("--json") { Description = "Print the comparison as JSON on standard output." };
        var command = new Command(
            "compare",
            "Compare runs, and the models within them, in one table: bounds, KLs, active units, time and memory, with 95 % confidence "
            + "intervals over seeds, and what eval stored of their layers. Reads what the runs have written; nothing is measured again.")
        {
            runs, sort, columns, against, anyData, folder, json,
        };
        HelpScreen.SetExamples(
            command,
            "runs/ONE                              the models of one run",
            "runs/ONE runs/TWO --out comparison    two runs, also as files",
            "runs/* --sort kl-z3                   by the KL of the third layer",
            "runs/* --columns verdict-z3,kl-z3     these columns alone",
            "runs/ONE --against 'rho 1'            differences from the row at rho 1");
        command.SetAction(parsed =>
        {
            // Of the same folder given twice, as runs/* beside its name, there is one.
            ComparedRun[] compared = [.. parsed.GetValue(runs)!.DistinctBy(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), StringComparer.Ordinal)
                .Select(ComparedRun.Read)];
            var keys = parsed.GetValue(columns)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (keys is []) throw UsageError.Because("--columns is empty; give names of columns, such as kl-z3,elbo");
            var comparison = Comparison.Of(compared, parsed.GetValue(sort)!, parsed.GetValue(anyData), keys, parsed.GetValue(against));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(folder) is { } path) ComparisonFiles.Write(path, comparison, compared);
            if (parsed.GetValue(json)) output.WriteLine(comparison.Json());
            else ComparisonText.Write(comparison, Screen.Of(output));
            return ExitCodes.Success;
        });
        return command;
    }
}
