using System.ComponentModel;
using System.Diagnostics;
using Ornstein.Experiments.Settings;
using Ornstein.Storage;

namespace Ornstein.Studies.Submissions;

/// <summary>What a program of Slurm said.</summary>
internal sealed record SlurmAnswer(int Code, string Output, string Error)
{
    private static readonly string[] _silences = ["timed out", "Zero Bytes were transmitted", "Unexpected message received"];

    /// <summary>
    /// Whether it is not known what came of it: the program did not end, or its own time ran out while it waited for the controller's answer. Slurm may
    /// have done what was asked.
    /// </summary>
    public bool IsUnsure => Code < 0 || (Code != 0 && _silences.Any(words => Error.Contains(words, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What went wrong, in one line, without the program's own prefix.</summary>
    public string Trouble
    {
        get
        {
            var lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.IndexOf("error: ", StringComparison.Ordinal) is var at and >= 0 ? line[(at + 7)..] : line);
            return string.Join("; ", lines.Distinct(StringComparer.Ordinal)) is { Length: > 0 } text ? text : $"it ended with {Code}";
        }
    }
}

/// <summary>Runs Slurm's programs.</summary>
internal static class SlurmProgram
{
    private static readonly string[] _options = ["SBATCH_", "SQUEUE_", "SCANCEL_", "SINFO_", "SCONTROL_"];
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    /// <summary>Whether a program is on the path.</summary>
    public static bool IsThere(string program) => ProgramPath.Find(program) is not null;

    /// <summary>Runs a program to its end; one that cannot be started or does not end answers so.</summary>
    public static SlurmAnswer Run(string program, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // Options of a job that this process runs in are not those of the job it asks about, and a user's choice of what squeue shows is not ours.
        foreach (var name in start.Environment.Keys.Where(IsOption).ToArray()) start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (process.WaitForExit(_longest)) return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
            process.Kill();
            return new(-1, "", $"{program} did not answer within {_longest.TotalSeconds} s");
        }
        catch (Win32Exception error)
        {
            return new(-1, "", error.Message);
        }
    }

    // On whose account work is done is the user's choice, wherever it is made.
    private static bool IsOption(string name) => name is not ("SBATCH_ACCOUNT" or "SBATCH_QOS" or "SBATCH_RESERVATION")
        && _options.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Refuses what Slurm would refuse, or take and never start.</summary>
    public static void Check(SubmitOptions options)
    {
        if (!IsThere("sbatch"))
        {
            throw UsageError.Because(
                "there is no sbatch on the path: submit from a login node of a Slurm cluster, or give --launcher command for lines that any scheduler can run");
        }

        var answer = Run("scontrol", "show", "partition", "--oneliner");
        if (answer.Code != 0) throw new OrnsteinException($"Slurm does not answer: {answer.Trouble}");
        var partitions = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Fields).ToArray();
        var names = partitions.Select(partition => partition.GetValueOrDefault("PartitionName", "")).ToArray();
        var chosen = options.Partition is { } name
            ? partitions.FirstOrDefault(partition => partition.GetValueOrDefault("PartitionName") == name)
                ?? throw UsageError.Because($"there is no partition {name}{Suggestions.DidYouMean(name, names)}; partitions are {string.Join(", ", names)}")
            : partitions.FirstOrDefault(partition => partition.GetValueOrDefault("Default") == "YES")
                ?? throw UsageError.Because($"this cluster has no default partition; give --partition, one of {string.Join(", ", names)}");
        RequireWithin(options, chosen);
    }

    // Slurm by default takes such a job, and lets it wait for ever.
    private static void RequireWithin(SubmitOptions options, Dictionary<string, string> partition)
    {
        var name = partition["PartitionName"];
        if (options.Time is { } time && partition.GetValueOrDefault("MaxTime", "UNLIMITED") is var most && char.IsAsciiDigit(most[0])
            && SubmitOptions.ParseTime(time, "--time") > SubmitOptions.ParseTime(most, "MaxTime"))
        {
            throw UsageError.Because($"partition {name} refuses --time {time}: its limit is {most}");
        }

        if (partition.GetValueOrDefault("State", "UP") is var state && state is not "UP")
            throw UsageError.Because($"partition {name} is {state}: it takes no jobs now");
        var cpus = Run("sinfo", "--noheader", "--partition", name, "--format", "%c").Output.Split('\n', StringSplitOptions.TrimEntries)
            .Select(text => int.TryParse(text.TrimEnd('+'), out var number) ? number : 0).DefaultIfEmpty(0).Max();
        if (cpus > 0 && options.Cpus > cpus) throw UsageError.Because($"partition {name} refuses --cpus {options.Cpus}: its largest node has {cpus}");
    }

    private static Dictionary<string, string> Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(field => field.Split('=', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0])
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
