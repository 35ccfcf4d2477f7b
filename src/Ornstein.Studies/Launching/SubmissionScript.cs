using Ornstein.Experiments.Settings;
using Ornstein.Studies.Submissions;

namespace Ornstein.Studies.Launching;

/// <summary>What is given to a scheduler: a script for Slurm, lines of a shell for any other.</summary>
internal static class SubmissionScript
{
    private static readonly TimeSpan _longestWarning = TimeSpan.FromSeconds(180);

    /// <summary>The script of a submission: its argument is the element of index 0.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="store">Where it lies.</param>
    /// <param name="work">The command that does an element, without its number.</param>
    /// <param name="calls">The calls of sbatch, for people to read.</param>
    /// <param name="folder">The study folder.</param>
    public static string Slurm(Submission submission, SubmissionStore store, string work, IEnumerable<string> calls, string folder)
    {
        var options = submission.Options;
        var logs = Path.Combine(Path.GetFullPath(store.FolderOf(submission.Number)), "logs");
        string?[] lines =
        [
            "#!/bin/bash",
            "# Written by 'ornstein study submit', which submits it as:",
            .. calls.Select(call => "#   " + call),
            options.Partition is { } partition ? $"#SBATCH --partition={partition}" : null,
            options.Time is { } time ? $"#SBATCH --time={time}" : null,
            "#SBATCH --nodes=1",
            "#SBATCH --ntasks=1",
            $"#SBATCH --cpus-per-task={options.Cpus}",
            options.Gpus > 0 ? $"#SBATCH --gres=gpu:{options.Gpus}" : null,
            "#SBATCH --requeue",
            "#SBATCH --open-mode=append",
            $"#SBATCH --signal=B:USR1@{Warning(options)}",
            // What Slurm itself says; a percent sign would be a pattern.
            $"#SBATCH --output=\"{Path.Combine(logs, "slurm.log").Replace("%", "%%", StringComparison.Ordinal)}\"",
            .. options.Sbatch.Select(option => $"#SBATCH {option}"),
            "",
            "element=$(($1 + SLURM_ARRAY_TASK_ID))",
            $"cd {ShellQuoting.Quote(Path.GetFullPath(folder))} || exit 1 # where it was moved, 'ornstein study resume' submits anew",
            $"log={ShellQuoting.Quote(logs)}/$(printf %02d $((element / 100)))/$element.log",
            "# exec: the signals that Slurm sends to the script have to reach the program.",
            $"exec {work} --element \"$element\" >>\"$log\" 2>&1",
        ];
        return string.Join('\n', lines.OfType<string>()) + "\n";
    }

    /// <summary>The arguments of sbatch for one array job.</summary>
    public static string[] Call(Submission submission, SubmissionStore store, int first, int count, string? after)
    {
        var most = submission.Options.MaxRunning is { } number ? $"%{number}" : "";
        return
        [
            "--parsable", $"--job-name={submission.JobName(first)}", $"--array=0-{count - 1}{most}",
            // Of several arrays with a limit, one follows the other: the limit is one of each.
            .. after is null ? (string[])[] : [$"--dependency=afterany:{after}"],
            Path.GetFullPath(store.ScriptOf(submission.Number)), $"{first}",
        ];
    }

    /// <summary>The command that does an element, without its number: this program, as it was started.</summary>
    public static string Work(StudyFile study, StudyFolder folder, int submission)
    {
        var program = Environment.ProcessPath ?? "ornstein";
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] words =
        [
            program, .. isHost ? (string[])[Path.Combine(AppContext.BaseDirectory, "Ornstein.Cli.dll")] : [],
            "study", "work", Path.GetFullPath(study.Path), "--out", Path.GetFullPath(folder.Path), "--submission", $"{submission}",
        ];
        return string.Join(' ', words.Select(ShellQuoting.Quote));
    }

    // Slurm looks about every half minute whether a warning is due; a checkpoint takes a step and a write.
    private static int Warning(SubmitOptions options)
    {
        if (options.Time is null) return (int)_longestWarning.TotalSeconds;
        var limit = SubmitOptions.ParseTime(options.Time, "--time");
        return (int)Math.Min(_longestWarning.TotalSeconds, limit.TotalSeconds / 2);
    }
}
