using System.Globalization;
using System.Text.RegularExpressions;
using Ornstein.Experiments.Settings;

namespace Ornstein.Studies.Submissions;

/// <summary>Who starts the elements.</summary>
internal enum Launcher
{
    /// <summary>Slurm, as array jobs.</summary>
    Slurm,

    /// <summary>The user, by any other scheduler, from lines of a shell.</summary>
    Command,
}

/// <summary>What is asked of the scheduler for every element.</summary>
/// <param name="Partition">Slurm's partition; null for its default.</param>
/// <param name="Time">Time limit as Slurm writes it; null for the partition's.</param>
/// <param name="Cpus">Processors.</param>
/// <param name="Gpus">Graphics processors.</param>
/// <param name="MaxRunning">Elements that may run at once; null for no limit.</param>
/// <param name="ElementTime">How long an element should take, as Slurm writes it; null for a cell an element.</param>
/// <param name="Launcher">Who starts them.</param>
/// <param name="Sbatch">Further options of sbatch, passed on as they are.</param>
internal sealed partial record SubmitOptions(
    string? Partition, string? Time, int Cpus, int Gpus, int? MaxRunning, string? ElementTime, Launcher Launcher, string[] Sbatch)
{
    /// <summary>Reads a time as Slurm does: minutes, M:S, H:M:S, D-H, D-H:M or D-H:M:S.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">The option that it was given to.</param>
    public static TimeSpan ParseTime(string text, string option)
    {
        var match = TimeText().Match(text);
        if (!match.Success) throw UsageError.Because($"{option} {text} is no time; write minutes, H:M:S or D-H:M:S, such as 2:00:00");
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var time = new TimeSpan(Part("d"), Part("h"), Part("m"), Part("s"));
        return time > TimeSpan.Zero ? time : throw UsageError.Because($"{option} {text} is no time to work in; give a minute at least");
    }

    [GeneratedRegex(
        @"^(?:(?<d>[0-9]{1,4})-(?<h>[0-9]{1,4})(?::(?<m>[0-9]{1,4})(?::(?<s>[0-9]{1,4}))?)?|(?<h>[0-9]{1,4}):(?<m>[0-9]{1,4}):(?<s>[0-9]{1,4})|(?<m>[0-9]{1,6})(?::(?<s>[0-9]{1,4}))?)$",
        RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex TimeText();
}
