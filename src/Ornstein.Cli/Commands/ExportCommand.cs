using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Exports;
using Ornstein.Experiments.Settings;
using Ornstein.Storage;

namespace Ornstein.Cli.Commands;

/// <summary><c>export RUN</c>: how a training went, for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of a run; it may still be training." };
        var csv = new Option<string?>("--csv") { Description = "Write a table with a line for each epoch of each model.", HelpName = "FILE.csv" };
        var events = new Option<string?>("--tensorboard") { Description = "Write event files of TensorBoard, a folder for each model; those of an earlier export are replaced.", HelpName = "FOLDER" };
        var command = new Command(
            "export", "Write how a training went, epoch by epoch, for pandas, R or TensorBoard: objective, KL of every layer, and what else metrics.jsonl holds.")
        {
            run, csv, events,
        };
        HelpScreen.SetExamples(
            command,
            "runs/NAME --csv epochs.csv            for pandas.read_csv",
            "runs/NAME --tensorboard events/NAME   then: tensorboard --logdir events");
        command.SetAction(parsed =>
        {
            var (path, table, folder) = (parsed.GetValue(run)!, parsed.GetValue(csv), parsed.GetValue(events));
            if (table is null && folder is null) throw UsageError.Because("export needs --csv FILE or --tensorboard FOLDER");
            if (table is "" || folder is "") throw UsageError.Because($"{(table is "" ? "--csv" : "--tensorboard")} is empty; give a {(table is "" ? "file" : "folder")}");
            var models = TrainedEpochs.Of(path);
            var output = parsed.InvocationConfiguration.Output;
            if (table is not null)
            {
                AtomicFile.WriteText(table, EpochTable.Csv(models));
                output.WriteLine($"wrote {PrintableText.Of(table)}: {models.Sum(model => model.Epochs.Count)} lines of {models.Count} {(models.Count == 1 ? "model" : "models")}");
            }

            if (folder is not null) output.WriteLine($"wrote {PrintableText.Of(folder)}: events of {EventFiles.Write(folder, models, path)} {(models.Count == 1 ? "model" : "models")}");
            return ExitCodes.Success;
        });
        return command;
    }
}
