using System.Text.Json;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Studies.Attempts;

/// <summary>What became of an attempt at a cell. One that published its run folder leaves no record.</summary>
internal enum AttemptStage
{
    Running,
    Stopped,
    Failed,
}

/// <summary>
/// <c>attempts/ab/abcdef0123/2.json</c>: the second attempt at a cell, and its lease. It is written anew every <see cref="Beat"/> while its process
/// lives. The cell belongs to the highest number, so that whoever makes the next file has it.
/// </summary>
/// <param name="Token">Made up by the process, to know its own record again.</param>
/// <param name="Stage">What became of it.</param>
/// <param name="Submission">Number of the submission; 0 for <c>study run</c>.</param>
/// <param name="Element">Number of the element.</param>
/// <param name="Node">Machine.</param>
/// <param name="Process">Process id there.</param>
/// <param name="Started">When it began.</param>
/// <param name="Reason">Why it stopped or failed; else null.</param>
internal sealed record AttemptRecord(
    string Token, AttemptStage Stage, int Submission, int Element, string Node, int Process, DateTimeOffset Started, string? Reason = null)
{
    /// <summary>Time between two signs of life.</summary>
    public static TimeSpan Beat { get; } = TimeSpan.FromSeconds(10);

    /// <summary>After a silence of this length another process takes the cell over.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(90);

    /// <summary>This machine, by the name that Slurm knows it by.</summary>
    public static string ThisNode => Environment.GetEnvironmentVariable("SLURMD_NODENAME") ?? Environment.MachineName;

    public bool IsOfStudyRun => Submission == 0;

    public bool IsHere => Node == ThisNode;

    /// <summary>A record of this process.</summary>
    public static AttemptRecord Of(int submission, int element) =>
        new(Guid.NewGuid().ToString("N"), AttemptStage.Running, submission, element, ThisNode, Environment.ProcessId, DateTimeOffset.Now);

    public string Json() => JsonSerializer.Serialize(this, ResultJson.Indented) + "\n";

    /// <summary>Reads a record; null where there is none, or what there is is none.</summary>
    /// <exception cref="OrnsteinException">It cannot be read: that says nothing of its process.</exception>
    public static AttemptRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<AttemptRecord>(File.ReadAllText(path), ResultJson.Indented);
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
    }
}

/// <summary>The last attempt at a cell.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Record">What its record says.</param>
/// <param name="LastSign">When its process gave its last sign of life.</param>
internal sealed record LastAttempt(int Number, AttemptRecord Record, DateTime LastSign)
{
    /// <summary>Whether its process lives, as far as can be told from its signs of life by this machine's clock: good enough to be shown.</summary>
    public bool LooksAlive => IsAliveAt(DateTime.UtcNow);

    /// <summary>Whether its process lives, as far as can be told from its signs of life.</summary>
    /// <param name="now">The time by the clock that dates the files. A sign of a time to come is one of before that clock was set back.</param>
    public bool IsAliveAt(DateTime now) => Record.Stage == AttemptStage.Running && (now - LastSign).Duration() < AttemptRecord.Patience;

    public string Text => $"attempt {Number} on {Record.Node}";
}
