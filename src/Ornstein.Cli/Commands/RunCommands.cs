using System.CommandLine;
using System.CommandLine.Parsing;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Runs;

namespace Ornstein.Cli.Commands;

/// <summary><c>phase</c> and <c>train</c>: a stack over rho and seeds, and a single model; the same run with other defaults.</summary>
internal static class RunCommands
{
    public static Command Phase() => Create(
        "phase",
        "Train models over a range of rho and show where the top layers collapse: the phase transition.",
        RunSettings.ForPhase,
        "                                           embedded digits, 16 models",
        "--rho 0,0.5,1 --seeds 0 --epochs 5         three models, quickly",
        "--data mnist --draws 16 --out runs/mnist   other data, more draws",
        "--refine 2                                 then 8 more rhos around the transitions",
        "--data gaussian --latents 4,4 --hidden none  linear models, whose theory is known",
        "--resume --out runs/mnist                  go on with an interrupted run");

    public static Command Train() => Create(
        "train",
        "Train a model (or several: every rho with every seed) and measure it.",
        RunSettings.ForTrain,
        "                                           one model without smoothing",
        "--rho 0.7 --latents 16,16 --hidden 64,64   one model of two layers, smoothed",
        "--config runs/NAME/config.json --rho 1     another run's settings with another rho",
        "--start-from runs/NAME --rho 0.9           from another run's weights on");

    private static Command Create(string name, string description, RunSettings defaults, params string[] examples)
    {
        var command = new Command(name, description).AddSettings(defaults);
        HelpScreen.SetExamples(command, examples);
        command.SetAction(parsed =>
        {
            var flags = SettingsBinder.Flags(parsed);
            int Start(Func<int>? begun) => RunScreen.Start(name, SettingsBinder.Bind(parsed, defaults), defaults, flags, begun: begun);
            return flags.Resume ? Resume(parsed, name, flags, Start) : Start(null);
        });
        return command;
    }

    /// <summary>
    /// Goes on with the run in --out; settings given must be those that it was started with, and its data may lie elsewhere. Where there is no run
    /// yet it is started, so that a job script can give the same command again and again.
    /// </summary>
    internal static int Resume(ParseResult parsed, string name, RunFlags flags, Func<Func<int>?, int> start)
    {
        // Not its value, which is the default's description where none was given.
        if (parsed.GetResult("--out") is not OptionResult { Implicit: false } given || given.GetValueOrDefault<string>() is not { } path)
            throw UsageError.Because($"--resume needs the run: {name} --resume --out FOLDER");
        if (!RunFolder.IsBegun(path))
        {
            if (!flags.Quiet) Console.Error.WriteLine($"there is no run in {path} yet: it is started");
            return start(() => Resume(parsed, name, flags, start));
        }

        var folder = RunFolder.Open(path);
        var stored = StoredRun.SettingsOf(folder);
        var asked = SettingsBinder.Bind(parsed, stored);
        asked = asked with { Data = RunData.PathOf(asked.Data), StartFrom = StartingWeights.PathOf(asked.StartFrom) };
        var isKnown = SettingsJson.ReadFacts(folder.Config).Fingerprint is not null;
        // Data that were moved: their fingerprint says whether they are the same.
        if (SettingsDifference.First(stored, asked, mayResolve: true, isKnown ? [nameof(RunSettings.Data)] : []) is { } other)
            throw UsageError.Because($"{other.Option} {other.Now} differs from {other.Before} that the run in {path} was started with; leave it out, or start a new run");

        return RunScreen.Resume(folder, stored with { Data = asked.Data, CheckpointSeconds = asked.CheckpointSeconds, Device = asked.Device }, flags);
    }
}
