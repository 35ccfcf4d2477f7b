using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Cli.Commands;

/// <summary><c>diagnose RUN</c>: the share of signal in every layer, and the critical rhos that it predicts.</summary>
internal static class DiagnoseCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of the run." };
        var on = new MeasuredOnOptions("Measure on N test images; as many as the run otherwise.", least: 2);
        var quiet = QuietOption.Create(); // nothing to do for it: there is no progress to show
        var json = new Option<bool>("--json") { Description = "Print the result as JSON on standard output." };
        var command = new Command(
            "diagnose",
            "Show the share of signal in the code of every layer, and the critical rho that it predicts for the layer above; "
            + "writes diagnosis.json to the run folder.")
        {
            run, json, quiet,
        };
        on.AddTo(command);
        HelpScreen.SetExamples(
            command,
            "runs/NAME                     a table per link, a row per rho; predicted and measured critical rhos",
            "runs/NAME --test-limit 500    quicker");
        command.SetAction(parsed => Interruption.Guard(stop =>
        {
            using var stored = StoredRun.Open(parsed.GetValue(run)!, on.Of(parsed), settings => settings, stop);
            if (stored.Vae.Options.Layers < 2)
                throw new OrnsteinException("the models of this run have one layer, so there is none above it to collapse.");
            stored.RequireMarkov("a share of signal");
            var unusable = UnusableModel.Of(stored, stop);
            var result = RunDiagnosis.Measure(stored, unusable, stop);
            var text = JsonSerializer.Serialize(result, ResultJson.Indented);
            AtomicFile.WriteText(stored.Folder.File("diagnosis.json"), text + "\n");
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(text);
            else DiagnosisTable.Write(result, Screen.Of(output));
            if (!parsed.GetValue(json)) PhaseWords.WriteOtherData(result.OtherData, Screen.Of(output));
            return Array.Exists(unusable, model => model is null) ? ExitCodes.Success : throw UnusableModel.NoneLeft();
        }));
        return command;
    }
}
