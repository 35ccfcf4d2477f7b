using System.CommandLine;
using System.CommandLine.Parsing;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Studies;
using Ornstein.Studies.Launching;
using Ornstein.Studies.Report;
using Ornstein.Studies.Status;
using Ornstein.Studies.Submissions;

namespace Ornstein.Cli.Commands;

/// <summary><c>ornstein study submit|resume|cancel|collect|work</c>: a study on a cluster.</summary>
internal static class StudyLaunchCommands
{
    public static IEnumerable<Command> All() => [Submit(), Resume(), Cancel(), Collect(), Work()];

    private static Command Submit()
    {
        var (file, folder, asked) = (StudyCommand.File(), StudyCommand.Out(), new Asked());
        var command = new Command("submit", "Give the cells of a study to Slurm, or print a line for each element that any scheduler can run.") { file, folder };
        asked.AddTo(command);
        HelpScreen.SetExamples(
            command,
            "studies/digits.json --partition cpu --time 2:00:00 --cpus 4   on Slurm",
            "studies/digits.json --partition cpu --time 2:00:00 --dry-run  show the script alone",
            "studies/digits.json --launcher command                        lines for another scheduler");
        command.SetAction(parsed =>
        {
            var (study, place) = StudyCommand.Open(parsed.GetValue(file)!, parsed.GetValue(folder));
            var options = asked.Over(new SubmitOptions(null, null, 1, 0, null, null, Launcher.Slurm, []), parsed);
            StudySubmit.Submit(study, place, options, parsed.GetValue(asked.DryRun), parsed.InvocationConfiguration.Output);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Resume()
    {
        var (file, folder, asked) = (StudyCommand.File(), StudyCommand.Out(), new Asked());
        var retry = new Option<bool>("--retry") { Description = "Also cells that failed." };
        var command = new Command("resume", "Submit again what has no outcome and is no longer with the scheduler; options are those of the last submission.")
        {
            file, folder, retry,
        };
        asked.AddTo(command);
        HelpScreen.SetExamples(
            command,
            "studies/digits.json                   what is lost or was cancelled",
            "studies/digits.json --time 4:00:00    with another limit",
            "studies/digits.json --retry           also what failed");
        command.SetAction(parsed =>
        {
            var (study, place) = StudyCommand.Open(parsed.GetValue(file)!, parsed.GetValue(folder));
            var options = asked.Over(new SubmissionStore(place.Path).Find(null).Options, parsed);
            StudySubmit.Resume(study, place, options, parsed.GetValue(retry), parsed.GetValue(asked.DryRun), parsed.InvocationConfiguration.Output);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Cancel()
    {
        var (file, folder) = (StudyCommand.File(), StudyCommand.Out());
        var command = new Command("cancel", "Take back what was submitted: what runs stops with a checkpoint, what waits does not start.") { file, folder };
        HelpScreen.SetExamples(command, "studies/digits.json   everything of this study");
        command.SetAction(parsed =>
        {
            // The file may be gone or changed: only its folder is asked.
            var place = new StudyFolder(parsed.GetValue(folder) ?? StudyFolder.DefaultFor(parsed.GetValue(file)!));
            StudySubmit.Cancel(place, parsed.InvocationConfiguration.Output);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Collect()
    {
        var (file, folder) = (StudyCommand.File(), StudyCommand.Out());
        var command = new Command("collect", "Write the report from what there is so far, and say how far the study is.") { file, folder };
        HelpScreen.SetExamples(command, "studies/digits.json   also while it runs");
        command.SetAction(parsed =>
        {
            var (study, place) = StudyCommand.Open(parsed.GetValue(file)!, parsed.GetValue(folder));
            StudyReport.Write(study, place, parsed.InvocationConfiguration.Output);
            StudyStatus.Of(study, place).Write(parsed.InvocationConfiguration.Output);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Work()
    {
        var (file, folder) = (StudyCommand.File(), StudyCommand.Out());
        var submission = new Option<int?>("--submission") { Description = "Number of the submission. [the last]", HelpName = "N" };
        var element = new Option<int>("--element") { Description = "Number of the element, from 0.", HelpName = "N", Required = true };
        var command = new Command("work", "Do the cells of one element: what a scheduler runs. Stopped at any moment, it goes on when it is run again.")
        {
            file, folder, submission, element,
        };
        HelpScreen.SetExamples(command, "studies/digits.json --element 3   the fourth element of the last submission");
        command.SetAction(parsed =>
        {
            var (study, place) = StudyCommand.Open(parsed.GetValue(file)!, parsed.GetValue(folder));
            using var progress = RunProgress.OnStandardError();
            return StudyWork.Do(study, place, parsed.GetValue(submission), parsed.GetValue(element), progress) switch
            {
                WorkEnd.StartAgain => ExitCodes.StartAgain,
                WorkEnd.Stopped => ExitCodes.Terminated,
                _ => ExitCodes.Success,
            };
        });
        return command;
    }

    /// <summary>The options of a submission.</summary>
    private sealed class Asked
    {
        private readonly Option<string?> _partition = new("--partition") { Description = "Slurm's partition. [its default]", HelpName = "NAME" };

        private readonly Option<string?> _time = new("--time")
        {
            Description = "Time limit of an element, as Slurm writes it; out of time it goes on later. [the partition's]", HelpName = "H:M:S",
        };

        private readonly Option<int?> _cpus = new("--cpus") { Description = "Processors of an element. [1]", HelpName = "N" };
        private readonly Option<int?> _gpus = new("--gpus") { Description = "Graphics processors of an element. [0]", HelpName = "N" };
        private readonly Option<int?> _maxRunning = new("--max-running") { Description = "Elements that may run at once. [no limit]", HelpName = "N" };

        private readonly Option<string?> _elementTime = new("--element-time")
        {
            Description = "Pack cells into elements that take this long, by what finished cells took. [a cell an element]", HelpName = "H:M:S",
        };

        private readonly Option<string?> _launcher = new("--launcher")
        {
            Description = "slurm, or command: print a line for each element. [slurm]", HelpName = "NAME",
        };

        private readonly Option<string[]> _sbatch = new("--sbatch")
        {
            Description = "A further option of sbatch, such as --sbatch=--account=physics; may be given several times.", HelpName = "OPTION",
        };

        public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Print what would be submitted, and submit nothing." };

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { _partition, _time, _cpus, _gpus, _maxRunning, _elementTime, _launcher, _sbatch, DryRun }) command.Add(option);
        }

        /// <summary>What was given, over the options of before.</summary>
        public SubmitOptions Over(SubmitOptions before, ParseResult parsed)
        {
            var options = new SubmitOptions(
                parsed.GetValue(_partition) ?? before.Partition, parsed.GetValue(_time) ?? before.Time, parsed.GetValue(_cpus) ?? before.Cpus,
                parsed.GetValue(_gpus) ?? before.Gpus, parsed.GetValue(_maxRunning) ?? before.MaxRunning,
                parsed.GetValue(_elementTime) ?? before.ElementTime, parsed.GetValue(_launcher) is { } name ? ParseLauncher(name) : before.Launcher,
                parsed.GetValue(_sbatch) is { Length: > 0 } further ? further : before.Sbatch);
            if (options.Time is { } time) SubmitOptions.ParseTime(time, "--time");
            if (options.ElementTime is { } elementTime) SubmitOptions.ParseTime(elementTime, "--element-time");
            if (options.Cpus < 1) throw UsageError.Because($"--cpus {options.Cpus} is too few; give 1 at least");
            if (options.Gpus < 0) throw UsageError.Because($"--gpus {options.Gpus} is less than none; give 0 or more");
            if (options.MaxRunning < 1) throw UsageError.Because($"--max-running {options.MaxRunning} would start nothing; give 1 at least, or leave it out");
            return options;
        }

        private static Launcher ParseLauncher(string name) => name switch
        {
            "slurm" => Launcher.Slurm,
            "command" => Launcher.Command,
            _ => throw UsageError.Because($"--launcher {name} is unknown{Suggestions.DidYouMean(name, ["slurm", "command"])}; launchers are slurm and command"),
        };
    }
}
