using System.Globalization;

namespace Ornstein.Studies.Submissions;

/// <summary>What Slurm says of an element.</summary>
/// <param name="State">Such as PENDING.</param>
/// <param name="Reason">Why it waits, or how it ended.</param>
/// <param name="Node">Where it runs or ran; may be empty.</param>
/// <param name="Job">Such as 12_3.</param>
internal sealed record QueuedElement(string State, string Reason, string Node, string Job)
{
    private static readonly string[] _over =
        ["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "TIMEOUT", "REVOKED"];

    /// <summary>Whether Slurm will do no more of it.</summary>
    public bool IsOver => _over.Contains(State, StringComparer.Ordinal);

    /// <summary>
    /// Whether it waits for ever: a node could not start it. So it comes after a controller that was killed and did not know any more that it had
    /// started it.
    /// </summary>
    public bool IsStuck => Reason.StartsWith("launch failed", StringComparison.Ordinal);
}

/// <summary>The elements that Slurm knows of, by the names of their jobs: numbers of jobs can be given twice.</summary>
/// <param name="Elements">By token and element.</param>
/// <param name="Rest">By token and first element of an array: what is said of those of its elements that are not named.</param>
/// <param name="Trouble">Why Slurm cannot be asked; null where it answered.</param>
internal sealed record SlurmQueue(
    IReadOnlyDictionary<(string Token, int Element), QueuedElement> Elements, IReadOnlyDictionary<(string Token, int First), QueuedElement> Rest, string? Trouble)
{
    /// <summary>An element; null where Slurm does not know of it.</summary>
    public QueuedElement? Find(Submission submission, int element)
    {
        if (Elements.TryGetValue((submission.Token, element), out var own)) return own;
        var array = submission.Arrays.LastOrDefault(array => array.First <= element);
        return array is not null && Rest.TryGetValue((submission.Token, array.First), out var rest) ? rest with { Job = $"{rest.Job}_{element - array.First}" } : null;
    }

    /// <summary>Asks for the elements of some submissions.</summary>
    public static SlurmQueue Of(IReadOnlyCollection<Submission> submissions)
    {
        var (found, rest) = (new Dictionary<(string Token, int Element), QueuedElement>(), new Dictionary<(string Token, int First), QueuedElement>());
        if (submissions.Count == 0) return new(found, rest, null);
        if (!SlurmProgram.IsThere("squeue")) return new(found, rest, "there is no squeue on the path");
        var answer = SlurmProgram.Run("squeue", "--noheader", "--array", "--states=all", "--format=%j|%F|%K|%T|%r|%N");
        if (answer.Code != 0) return new(found, rest, answer.Trouble);
        foreach (var line in answer.Output.Split('\n'))
        {
            if (line.Split('|') is not [var name, var job, var index, var state, var reason, var node]) continue;
            if (!Submission.IsJobName(name.Trim(), out var token, out var first)) continue;
            var said = new QueuedElement(state.Trim(), reason.Trim(), node.Trim(), job.Trim());
            // Tasks that were cancelled before they began stay together, without an index.
            if (!int.TryParse(index, CultureInfo.InvariantCulture, out var task)) rest[(token, first)] = said;
            else if (!found.TryGetValue((token, first + task), out var other) || other.IsOver) found[(token, first + task)] = said with { Job = $"{said.Job}_{task}" };
        }

        return new(found, rest, null);
    }
}
