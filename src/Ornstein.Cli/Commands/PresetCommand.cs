using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Presets;
using Ornstein.Experiments.Settings;
using Ornstein.Results;

namespace Ornstein.Cli.Commands;

/// <summary><c>ornstein preset list|show|run</c>: experiments of the literature as settings.</summary>
internal static class PresetCommand
{
    public static Command Create() => new("preset", "List, show and run experiments of the literature.") { List(), Show(), Run() };

    private static Option<bool> Json() => new("--json") { Description = "Write one JSON document to standard output, and nothing else." };

    private static Option<bool> Full() => new("--full") { Description = "The paper's budget; otherwise a reduced one, as 'preset list' shows it." };

    private static Argument<string> Name()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the preset, as 'ornstein preset list' shows it." };
        name.CompletionSources.Add([.. PresetCatalog.All.Select(preset => preset.Name)]);
        return name;
    }

    private static Command List()
    {
        var json = Json();
        var command = new Command("list", "List the presets, with the value that was published and the one to expect of the reduced budget.") { json };
        HelpScreen.SetExamples(
            command,
            "         all of them",
            "--json   as JSON");
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(PresetCatalog.All, ResultJson.Indented));
            else PresetText.List(PresetCatalog.All, Screen.Of(output));
        });
        return command;
    }

    private static Command Show()
    {
        var (name, full, json) = (Name(), Full(), Json());
        var command = new Command("show", "Show a preset: source, settings, differences to the paper, and the command line that it stands for.")
        {
            name, full, json,
        };
        HelpScreen.SetExamples(
            command,
            "burda-1-vae          the reduced budget, its command line and its config.json",
            "burda-1-vae --full   the paper's budget");
        command.SetAction(parsed =>
        {
            var (preset, isFull) = (PresetCatalog.Find(parsed.GetValue(name)!), parsed.GetValue(full));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(preset, ResultJson.Indented));
            else PresetText.Show(preset, isFull, Screen.Of(output));
        });
        return command;
    }

    private static Command Run()
    {
        var (name, full) = (Name(), Full());
        var command = new Command("run", "Run a preset as 'ornstein train' would; options given here win over it. Defaults below are of what the preset does not set.") { name, full };
        command.AddSettings(RunSettings.ForTrain);
        HelpScreen.SetExamples(
            command,
            "burda-1-vae                          the reduced budget",
            "burda-1-vae --full --out FOLDER      the paper's",
            "burda-1-vae --epochs 3 --seeds 0,1   the preset with another option",
            "burda-1-vae --resume --out FOLDER    go on with it as it was started");
        command.SetAction(parsed =>
        {
            var preset = PresetCatalog.Find(parsed.GetValue(name)!);
            var flags = SettingsBinder.Flags(parsed);
            int Start(Func<int>? begun) => RunScreen.Start("train", SettingsBinder.Bind(parsed, preset.ToSettings(parsed.GetValue(full))), RunSettings.ForTrain, flags, preset.Name, begun);
            return flags.Resume ? RunCommands.Resume(parsed, $"preset run {preset.Name}", flags, Start) : Start(null);
        });
        return command;
    }
}
