using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Exports;
using Ornstein.Experiments.Settings;
using Ornstein.Storage;

namespace Ornstein.Cli.Commands;

/// <summary><c>export RUN...</c>: how trainings went and what they came to, for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN...") { Description = "Folder of a run, which may still be training; of --results, one or more that are finished.", Arity = ArgumentArity.OneOrMore };
        var csv = new Option<string?>("--csv") { Description = "Write a table with a line for each epoch of each model.", HelpName = "FILE.csv" };
        var events = new Option<string?>("--tensorboard") { Description = "Write event files of TensorBoard, a folder for each model; those of an earlier export are replaced.", HelpName = "FOLDER" };
        var results = new Option<string?>("--results") { Description = "Write a table with a line for each model of each run: rho, remedy, seed, and every number that phase.json has of it; an earlier one is replaced.", HelpName = "FILE.csv" };
        var command = new Command(
            "export", "Write how a training went, epoch by epoch, for pandas, R or TensorBoard: objective, KL of every layer, and what else metrics.jsonl holds; and what the models of runs "
            + "came to.")
        {
            runs, csv, events, results,
        };
        HelpScreen.SetExamples(
            command,
            "runs/NAME --csv epochs.csv            for pandas.read_csv",
            "runs/NAME --tensorboard events/NAME   then: tensorboard --logdir events",
            "runs/A runs/B --results results.csv   a line for each model of both");
        command.SetAction(parsed =>
        {
            var (paths, table, folder, models) = (parsed.GetValue(runs)!, parsed.GetValue(csv), parsed.GetValue(events), parsed.GetValue(results));
            Check(paths, table, folder, models);
            var output = parsed.InvocationConfiguration.Output;
            if (models is not null) WriteResults(models, paths, output);
            if (table is not null || folder is not null) WriteEpochs(paths[0], table, folder, output);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Check(string[] paths, string? table, string? folder, string? results)
    {
        if (table is null && folder is null && results is null) throw UsageError.Because("export needs --csv FILE, --tensorboard FOLDER or --results FILE");
        if (table is "") throw UsageError.Because("--csv is empty; give a file");
        if (folder is "") throw UsageError.Because("--tensorboard is empty; give a folder");
        if (results is "") throw UsageError.Because("--results is empty; give a file");
        if (paths.Length > 1 && (table is not null || folder is not null))
            throw UsageError.Because($"{(table is not null ? "--csv" : "--tensorboard")} is of one run, and {paths.Length} are given; give one, or --results alone");
        if (paths.GroupBy(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw UsageError.Because($"run {twice.First()} is given twice");
    }

    private static void WriteResults(string file, string[] paths, TextWriter output)
    {
        var table = ResultTable.Of(paths);
        // A file of somebody's own is not to be lost by a slip.
        if (File.Exists(file) && !ResultTable.IsOne(file)) throw UsageError.Because($"--results {file} exists and is no earlier table of results; give another file");
        AtomicFile.WriteText(file, table.Csv);
        output.WriteLine($"wrote {PrintableText.Of(file)}: {Count(table.Models, "model")} of {Count(paths.Length, "run")}");
    }

    private static void WriteEpochs(string path, string? table, string? folder, TextWriter output)
    {
        var models = TrainedEpochs.Of(path);
        if (table is not null)
        {
            AtomicFile.WriteText(table, EpochTable.Csv(models));
            output.WriteLine($"wrote {PrintableText.Of(table)}: {models.Sum(model => model.Epochs.Count)} lines of {Count(models.Count, "model")}");
        }

        if (folder is not null) output.WriteLine($"wrote {PrintableText.Of(folder)}: events of {Count(EventFiles.Write(folder, models, path), "model")}");
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
