using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// Measures of one's own that a run has in its results and that this process does not know: whoever measures the same models again keeps them.
/// </summary>
internal static class StoredMeasures
{
    /// <summary>Members with what the folder's results have beside what was just measured.</summary>
    /// <param name="folder">The run, whose models and data are those that were measured.</param>
    /// <param name="members">What was measured.</param>
    /// <param name="step">The step that the models stand at: results of another are of other models.</param>
    public static MemberResult[] Keep(RunFolder folder, MemberResult[] members, long step)
    {
        if (StoredResult.IfReadable(folder) is not { } stored || stored.Steps != step) return members;
        return [.. members.Select(member => With(member, Array.Find(stored.Members, before => IsSame(before, member))?.Measures))];
    }

    /// <summary>A result with what <c>eval</c> measured of it beside: measures that were registered since.</summary>
    public static PhaseResult Into(PhaseResult result, EvaluationResult? evaluation) => evaluation is null ? result : result with
    {
        Members = [.. result.Members.Select(member => With(member, Array.Find(evaluation.Phase.Members, before => IsSame(before, member))?.Measures))],
    };

    private static MemberResult With(MemberResult member, IReadOnlyDictionary<string, MeasuredQuantity>? before)
    {
        if (!member.IsOk || before is not { Count: > 0 }) return member;
        var now = member.Measures ?? new Dictionary<string, MeasuredQuantity>(StringComparer.Ordinal);
        return member with
        {
            Measures = now.Concat(before.Where(pair => !now.ContainsKey(pair.Key))).OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        };
    }

    private static bool IsSame(MemberResult one, MemberResult other) => one.Seed == other.Seed && one.Remedy == other.Remedy
        && (one.RhoPerLink ?? [one.Rho]).SequenceEqual(other.RhoPerLink ?? [other.Rho]);
}
