using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Comparisons;

/// <summary>Models of a run that were trained together: its first stack, or that of a round of refinement.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Cost">What it cost; null where that is not known.</param>
/// <param name="Metrics">Where its <c>metrics.jsonl</c> is.</param>
internal sealed record ComparedStack(RunSettings Settings, RunCost? Cost, string Metrics)
{
    /// <summary>Reads the stack of a folder.</summary>
    public static ComparedStack Read(RunFolder folder, RunSettings settings) => new(settings, RunCost.Read(folder), folder.Metrics);

    /// <summary>Which of its members a result is of, from 0; null where it is of none.</summary>
    public int? PlaceOf(MemberResult result)
    {
        var rho = RhoOf(result);
        return RunPlan.Members(Settings).Index()
            .Where(member => member.Item.Seed == result.Seed && RhoEntry.Of([.. member.Item.Rho]) == rho && RemedyEntry.NameOf(member.Item) == result.Remedy)
            .Select(member => (int?)member.Index).FirstOrDefault();
    }

    /// <summary>Whether a result is of a rho that it trained.</summary>
    public bool Has(MemberResult result) => Settings.Rho.Contains(RhoOf(result));

    private static RhoEntry RhoOf(MemberResult result) => RhoEntry.Of(result.RhoPerLink ?? [result.Rho]);
}
