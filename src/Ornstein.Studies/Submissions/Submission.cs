namespace Ornstein.Studies.Submissions;

/// <summary>How far a submission is.</summary>
internal enum SubmissionStage
{
    /// <summary>Its process was at work when this was written last, or was killed.</summary>
    Submitting,
    Submitted,

    /// <summary>Taken back: said by a file of its own.</summary>
    Cancelled,
}

/// <summary>An array job.</summary>
/// <param name="Job">Slurm's number of it, for people: a controller that was killed may give it to another. The job's name is what counts.</param>
/// <param name="First">The element of its index 0.</param>
/// <param name="Count">Its elements.</param>
internal sealed record SubmittedArray(string Job, int First, int Count);

/// <summary><c>submissions/3.json</c>: what was given to a scheduler at once.</summary>
/// <param name="Token">Made up for this submission: part of the names of its jobs.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Time">When it was made.</param>
/// <param name="By">User and machine, as <c>ada on login1</c>.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Elements">Elements.</param>
/// <param name="Cells">Cells.</param>
/// <param name="Arrays">Array jobs that Slurm took.</param>
internal sealed record Submission(
    string Token, SubmissionStage Stage, DateTimeOffset Time, string By, SubmitOptions Options, int Elements, int Cells, SubmittedArray[] Arrays)
{
    private const string JobPrefix = "ornstein-";

    /// <summary>Its number, from 1, which its file's name says.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Number { get; init; }

    /// <summary>Who made it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string User => By.Split(" on ")[0];

    /// <summary>Whether it has all that one that was written has: what a file leaves out is null, whatever the types say.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsWhole => Token is { Length: > 0 } && By is not null && Options is { Sbatch: not null } && Arrays is not null
        && Array.TrueForAll(Arrays, array => array is { Job: not null, First: >= 0, Count: >= 0 }) && Arrays.Sum(array => (long)array.Count) <= int.MaxValue
        && Elements >= 0 && Cells >= 0;

    /// <summary>Name of the array job whose index 0 is an element.</summary>
    public string JobName(int first) => $"{JobPrefix}{Token}-{first}";

    /// <summary>Names of its array jobs, and of the one that may be on its way to Slurm.</summary>
    public IEnumerable<string> JobNames() =>
        Arrays.Select(array => array.First).Append(Arrays.Sum(array => array.Count)).Where(first => first < Elements).Select(JobName);

    /// <summary>Token and first element of a job; false for a job that is none of Ornstein's.</summary>
    public static bool IsJobName(string name, out string token, out int first)
    {
        var parts = name.StartsWith(JobPrefix, StringComparison.Ordinal) ? name[JobPrefix.Length..].Split('-') : [];
        (token, first) = (parts.Length == 2 ? parts[0] : "", 0);
        return parts.Length == 2 && int.TryParse(parts[1], out first);
    }
}
