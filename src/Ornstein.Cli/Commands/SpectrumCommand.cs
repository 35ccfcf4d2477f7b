using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Harmonics;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Cli.Commands;

/// <summary><c>spectrum RUN</c>: the harmonics of the functions between the layers of a run's models.</summary>
internal static class SpectrumCommand
{
    // Enough for shares to within a percent; the whole test part only where it is asked for.
    private const int DefaultData = 200;
    private const int Points = 16;

    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of the run." };
        var on = new MeasuredOnOptions($"Average over N test images; {DefaultData} otherwise.", least: 2);
        var samples = new Option<int>("--samples")
        {
            Description = $"Evaluations of each function per image, a multiple of {Points} from {3 * Points}. [{4 * Points}]",
            HelpName = "N",
            DefaultValueFactory = _ => 4 * Points,
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON on standard output." };
        var command = new Command(
            "spectrum",
            "Show how the energy of the functions between layers is spread over degrees (frequencies), and what smoothing leaves of it; "
            + "writes spectrum.json, spectrum.png and spectrum.svg to the run folder.")
        {
            run, samples, json,
        };
        on.AddTo(command);
        HelpScreen.SetExamples(
            command,
            "runs/NAME                                   a table per function, a row per rho",
            "runs/NAME --test-limit 1000 --samples 128   less sampling noise");
        command.SetAction(parsed => Interruption.Guard(stop =>
        {
            var evaluations = parsed.GetValue(samples);
            if (evaluations < 3 * Points || evaluations > 64 * Points || evaluations % Points != 0)
            {
                throw UsageError.Because(
                    $"--samples {evaluations} is out of range; it must be a multiple of {Points} between {3 * Points} and {64 * Points}");
            }

            var options = new HarmonicsOptions { Points = Points, Circles = evaluations / Points };
            using var stored = StoredRun.Open(parsed.GetValue(run)!, on.Of(parsed, most: DefaultData), settings => settings, stop);
            if (stored.Vae.Options.Layers < 2) throw new OrnsteinException("the models of this run have one layer, so there is no function between layers.");
            stored.RequireMarkov("a function of one layer");
            var unusable = UnusableModel.Of(stored, stop);
            var result = RunSpectrum.Measure(stored, unusable, options, stop);
            var text = JsonSerializer.Serialize(result, ResultJson.Indented);
            AtomicFile.WriteText(stored.Folder.File("spectrum.json"), text + "\n");
            var picture = SpectrumFigure.Png(result);
            AtomicFile.Write(stored.Folder.File("spectrum.png"), stream => stream.Write(picture));
            AtomicFile.WriteText(stored.Folder.File("spectrum.svg"), SpectrumFigure.Svg(result));
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(text);
            }
            else
            {
                SpectrumTable.Write(result, Screen.Of(Console.Out));
                PhaseWords.WriteOtherData(result.OtherData, Screen.Of(Console.Out));
                Console.Out.WriteLine($"figure: {PrintableText.Of(stored.Folder.File("spectrum.png"))}");
            }

            return Array.Exists(unusable, model => model is null) ? ExitCodes.Success : throw UnusableModel.NoneLeft();
        }));
        return command;
    }
}
