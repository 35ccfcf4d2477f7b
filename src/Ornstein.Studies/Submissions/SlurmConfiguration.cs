namespace Ornstein.Studies.Submissions;

/// <summary>What matters here of a cluster's configuration.</summary>
/// <param name="LongestArray">The largest number of elements of one array job.</param>
/// <param name="PreemptsUnwarned">Whether it takes nodes from jobs and does not send them their warning signal before.</param>
/// <param name="HidesJobs">Whether people do not see the jobs of others.</param>
internal sealed record SlurmConfiguration(int LongestArray, bool PreemptsUnwarned, bool HidesJobs)
{
    // Slurm's own.
    private const int DefaultArray = 1001;

    /// <summary>Asks the controller; where it does not answer, what Slurm does by default.</summary>
    public static SlurmConfiguration Read() => SlurmProgram.IsThere("scontrol")
        ? Parse(SlurmProgram.Run("scontrol", "show", "config").Output)
        : new(int.MaxValue, PreemptsUnwarned: false, HidesJobs: false);

    /// <summary>Reads the lines <c>Name = value</c> that scontrol prints.</summary>
    internal static SlurmConfiguration Parse(string text)
    {
        var values = text.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        bool Has(string name, string word) => values.GetValueOrDefault(name, "").Split(',').Contains(word, StringComparer.OrdinalIgnoreCase);
        var preempts = values.GetValueOrDefault("PreemptType", "preempt/none") is not ("preempt/none" or "(null)");
        return new(
            int.TryParse(values.GetValueOrDefault("MaxArraySize"), out var size) && size > 1 ? size : DefaultArray,
            preempts && !Has("SlurmctldParameters", "preempt_send_user_signal"), Has("PrivateData", "jobs"));
    }
}
