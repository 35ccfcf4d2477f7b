using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Studies;
using Ornstein.Studies.Launching;
using Ornstein.Studies.Report;
using Ornstein.Studies.Status;

namespace Ornstein.Cli.Commands;

/// <summary><c>ornstein study run|status|report</c>: experiments over data, models and smoothing, from one file.</summary>
internal static class StudyCommand
{
    public static Command Create()
    {
        var command = new Command("study", "Run experiments over data, models and smoothing from one file, and report what they answer.")
        {
            Run(), Status(), Report(),
        };
        foreach (var launch in StudyLaunchCommands.All()) command.Add(launch);
        return command;
    }

    internal static Argument<string> File() => new("FILE") { Description = "The study file: JSON, explained in docs/studies.md." };

    internal static Option<string?> Out() => new("--out")
    {
        Description = "Folder of the study. [beside the file, same name without .json]", HelpName = "FOLDER",
    };

    private static Command Run()
    {
        var (file, folder) = (File(), Out());
        var only = new Option<string?>("--only")
        {
            Description = "Do the cells of this experiment, or those whose name fits this pattern, such as mnist/*/p.", HelpName = "PATTERN",
        };
        var retry = new Option<bool>("--retry") { Description = "Try cells that failed again; what they had is kept." };
        var quiet = QuietOption.Create();
        var list = new Option<bool>("--list") { Description = "Show the cells with their full commands, and run nothing." };
        var command = new Command("run", "Do every cell of a study that has no result. Stopped at any moment, it goes on when it is run again.")
        {
            file, folder, only, retry, list, quiet,
        };
        HelpScreen.SetExamples(
            command,
            "studies/digits.json                    all that is left to do",
            "studies/digits.json --list             the cells and their commands",
            "studies/digits.json --only 'digits/*'  some of them");
        command.SetAction(parsed =>
        {
            var (study, place) = Open(parsed.GetValue(file)!, parsed.GetValue(folder));
            var cells = study.Matching(parsed.GetValue(only));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(list))
            {
                StudyStatus.Of(study, place).WriteCells([.. cells.Select(cell => cell.Hash)], Screen.Of(output));
                return ExitCodes.Success;
            }

            using var interruption = Interruption.Listen();
            var isQuiet = parsed.GetValue(quiet);
            var end = StudyRun.Do(study, place, cells, parsed.GetValue(retry), () => RunProgress.OnStandardError(isQuiet), interruption.Token, saysTime: !isQuiet);
            if (end == StudyRunEnd.Stopped) return interruption.ExitCode;
            StudyStatus.Of(study, new StudyFolder(place.Path)).Write(Screen.Of(output));
            return end == StudyRunEnd.Done ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command;
    }

    private static Command Status()
    {
        var (file, folder) = (File(), Out());
        var json = new Option<bool>("--json") { Description = "Print the status as JSON on standard output." };
        var command = new Command("status", "Show how far a study is, what failed and why; before anything was run, the cells with their commands.")
        {
            file, folder, json,
        };
        HelpScreen.SetExamples(
            command,
            "studies/digits.json          also while it runs",
            "studies/digits.json --json   as JSON");
        command.SetAction(parsed =>
        {
            var (study, place) = Open(parsed.GetValue(file)!, parsed.GetValue(folder));
            var status = StudyStatus.Of(study, place);
            if (parsed.GetValue(json)) parsed.InvocationConfiguration.Output.WriteLine(status.Json());
            else status.Write(Screen.Of(parsed.InvocationConfiguration.Output));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Report()
    {
        var (file, folder) = (File(), Out());
        var command = new Command(
            "report", "Write report.html, report.md, report.json and figures to the study folder, from what its runs have written; says what is missing.")
        {
            file, folder,
        };
        HelpScreen.SetExamples(command, "studies/digits.json   also while it runs");
        command.SetAction(parsed =>
        {
            var (study, place) = Open(parsed.GetValue(file)!, parsed.GetValue(folder));
            StudyReport.Write(study, place, parsed.InvocationConfiguration.Output);
            return ExitCodes.Success;
        });
        return command;
    }

    internal static (StudyFile Study, StudyFolder Folder) Open(string file, string? folder)
    {
        if (folder is not null && string.IsNullOrWhiteSpace(folder)) throw UsageError.Because("--out is empty; give the folder of the study");
        return (StudyJson.Read(file), new StudyFolder(folder ?? StudyFolder.DefaultFor(file)));
    }
}
