using Ornstein.Checkpoints;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Cli.Tables;
using Ornstein.Experiments.Exports;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Cli.Commands;

/// <summary>A run as the terminal sees it: progress on standard error, the result on standard output, a signal that ends it with a checkpoint.</summary>
internal static class RunScreen
{
    /// <summary>Starts a run in a new folder.</summary>
    /// <param name="command">The command that repeats it.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="defaults">The command's defaults.</param>
    /// <param name="flags">How it is shown.</param>
    /// <param name="name">How a folder without a name begins; null for the command.</param>
    /// <param name="begun">Called instead where another process has begun the run since this one looked; null where that is an error.</param>
    public static int Start(string command, RunSettings settings, RunSettings defaults, RunFlags flags, string? name = null, Func<int>? begun = null)
    {
        RequireEvents(flags, settings);
        // Before anything else: of two runs that want one folder the second is told at once.
        using var place = begun is not null && settings.Out is { } path ? RunFolder.TryReserve(path, Console.Error.WriteLine) : RunJob.Reserve(settings, name ?? command);
        if (place is null) return begun!();
        var line = $"{Application.Name} {command} {SettingsArguments.ToCommandLine(settings with { Out = null }, defaults)}".TrimEnd();
        var provenance = Provenance.Of(line, DateTimeOffset.Now);
        using var interruption = Interruption.Listen();
        return Run(place.Folder, settings, provenance, flags, interruption, fresh: true);
    }

    /// <summary>Goes on with the run of a folder.</summary>
    public static int Resume(RunFolder folder, RunSettings settings, RunFlags flags)
    {
        RequireEvents(flags, settings);
        using var hold = folder.Hold(Console.Error.WriteLine);
        using var interruption = Interruption.Listen();
        var provenance = SettingsJson.ReadProvenance(folder.Config);
        return Run(folder, settings, provenance, flags, interruption, fresh: !Checkpoint.Exists(folder.Checkpoint));
    }

    private static int Run(RunFolder folder, RunSettings settings, Provenance provenance, RunFlags flags, Interruption interruption, bool fresh)
    {
        var screen = RunProgress.OnStandardError(flags.Quiet);
        using var progress = flags.Tensorboard is { } events ? new LiveEvents(screen, folder, events) : screen;
        try
        {
            var outcome = RunJob.Complete(folder, settings, provenance, fresh, progress, interruption.Token, saysTime: !flags.Quiet);
            if (outcome.Stopped is not null)
            {
                progress.Warn($"interrupted {outcome.Stopped}, checkpoint written; continue with: {Continue(folder, provenance, flags)}");
                return interruption.ExitCode;
            }

            progress.Dispose();
            if (outcome.Branches is { } branches)
            {
                if (flags.Json) Console.Out.WriteLine(RunResults.Json(branches));
                else BranchTable.Write(branches, folder.Path, Screen.Of(Console.Out));
                return ExitCodes.Success;
            }

            var result = outcome.Result!;
            if (flags.Json) Console.Out.WriteLine(RunResults.Json(result));
            else PhaseTable.Write(result, folder.Path, Screen.Of(Console.Out));
            return Array.Exists(result.Members, member => member.IsOk) ? ExitCodes.Success : throw NoneLeft(folder, result);
        }
        catch (OperationCanceledException) when (interruption.IsRequested)
        {
            progress.Warn(File.Exists(folder.Config)
                ? $"interrupted; continue with: {Continue(folder, provenance, flags)}"
                : "interrupted before the training: nothing to continue");
            return interruption.ExitCode;
        }
    }

    private static void RequireEvents(RunFlags flags, RunSettings settings)
    {
        if (flags.Tensorboard is null) return;
        if (flags.Tensorboard.Length == 0) throw UsageError.Because("--tensorboard is empty; give a folder");
        if (File.Exists(flags.Tensorboard)) throw UsageError.Because($"--tensorboard {flags.Tensorboard} is a file; give a folder");
        if (settings.Branches != BranchChoice.None) throw UsageError.Because("--tensorboard cannot follow a run of two branches; 'ornstein export --tensorboard' writes the events of each of its stacks");
    }

    private static string Continue(RunFolder folder, Provenance provenance, RunFlags flags) =>
        $"{Application.Name} {provenance.Command.Split(' ')[1]} --resume --out {ShellQuoting.Quote(folder.Path)}{(flags.Tensorboard is { } events ? $" --tensorboard {ShellQuoting.Quote(events)}" : "")}";

    private static OrnsteinException NoneLeft(RunFolder folder, PhaseResult result)
    {
        var diverged = Array.TrueForAll(result.Members, member => member.Status.StartsWith("diverged", StringComparison.Ordinal));
        var what = diverged ? "every model diverged" : "every model diverged, or its numbers are not finite";
        return new($"{what}; try a lower --learning-rate or --clip-norm 100 (what there is lies in {folder.Path}).");
    }
}
