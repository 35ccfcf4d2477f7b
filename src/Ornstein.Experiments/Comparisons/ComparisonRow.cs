using Ornstein.Experiments.Tables;
using Ornstein.Results;

namespace Ornstein.Experiments.Comparisons;

/// <summary>
/// The members of a run that differ in nothing but the seed: means over those that finished, each with its interval. Nats per datum;
/// for their meaning see <see cref="MemberResult"/>.
/// </summary>
internal sealed record ComparisonRow
{
    /// <summary>What differs from the other rows, in a few words.</summary>
    public required string Label { get; init; }

    /// <summary>Folder of the run.</summary>
    public required string Run { get; init; }

    /// <summary>What fights collapse beside smoothing; null for nothing.</summary>
    public required string? Remedy { get; init; }

    /// <summary>The rho as it is written, such as <c>0.5</c> or <c>0.5:0.8</c>.</summary>
    public required string Rho { get; init; }

    /// <summary>Seeds that the means are over.</summary>
    public required long[] Seeds { get; init; }

    /// <summary>Members that are left out, with the reason: <c>seed 3: diverged at step 20</c>.</summary>
    public required string[] LeftOut { get; init; }

    public required SeedInterval SmoothedObjective { get; init; }

    public required SeedInterval Elbo { get; init; }

    public required SeedInterval SampledElbo { get; init; }

    /// <summary>The importance-weighted bound; its negative estimates the test NLL.</summary>
    public required SeedInterval ImportanceWeighted { get; init; }

    /// <summary>That of the smoothed generative model.</summary>
    public required SeedInterval SmoothedImportanceWeighted { get; init; }

    /// <summary>Samples k of the importance-weighted bounds; null where there are none.</summary>
    public required int? ImportanceDraws { get; init; }

    /// <summary>KL of every layer as trained, z1 first.</summary>
    public required SeedInterval[] Kl { get; init; }

    /// <summary>Active units of every layer, z1 first.</summary>
    public required SeedInterval[] ActiveUnits { get; init; }

    /// <summary>Training seconds of the stack over its models: of one number for all of them, so without an interval.</summary>
    public required SeedInterval SecondsPerModel { get; init; }

    /// <summary>Greatest resident size of a process that trained the stack, 10^6 bytes.</summary>
    public required SeedInterval PeakMemoryMegabytes { get; init; }

    /// <summary>The rows of one run, without labels: by remedy and rho, in the order of its results.</summary>
    public static IEnumerable<ComparisonRow> Of(ComparedRun run) => run.Result.Members
        .GroupBy(member => (member.Remedy, Rho: RhoSummary.LabelOf(member)))
        .Select(group => Of(run, group.Key.Remedy, group.Key.Rho, [.. group]));

    private static ComparisonRow Of(ComparedRun run, string? remedy, string rho, MemberResult[] members)
    {
        MemberResult[] good = [.. members.Where(RhoSummary.IsFinished)];
        SeedInterval Over(Func<MemberResult, double> number) => SeedInterval.Of(good.Select(member => new Estimate(number(member), double.NaN)));
        SeedInterval Bound(Func<MemberBounds, Estimate> bound) =>
            SeedInterval.Of(good.Select(member => member.Bounds is { } bounds ? bound(bounds) : Estimate.None));
        SeedInterval Kl(int layer) => SeedInterval.Of(good.Select(member => new Estimate(member.Kl[layer], member.KlErrors?[layer] ?? double.NaN)));
        var (layers, cost) = (run.Result.Latents.Length, run.CostOf(members[0]));
        return new ComparisonRow
        {
            Label = "",
            Run = run.Path,
            Remedy = remedy,
            Rho = rho,
            Seeds = [.. good.Select(member => member.Seed)],
            LeftOut = [.. members.Except(good).Select(member => $"seed {member.Seed}: {member.Status}")],
            SmoothedObjective = Over(member => member.SmoothedObjective),
            Elbo = Over(member => member.Elbo),
            SampledElbo = Bound(bounds => bounds.SampledElbo),
            ImportanceWeighted = Bound(bounds => bounds.ImportanceWeighted),
            SmoothedImportanceWeighted = Bound(bounds => bounds.SmoothedGenerativeImportanceWeighted),
            ImportanceDraws = good.Select(member => member.Bounds?.Draws).FirstOrDefault(draws => draws is not null),
            Kl = [.. Enumerable.Range(0, layers).Select(Kl)],
            ActiveUnits = [.. Enumerable.Range(0, layers).Select(layer => Over(member => member.ActiveUnits[layer]))],
            SecondsPerModel = SeedInterval.Exactly(cost?.TrainingSecondsPerModel),
            PeakMemoryMegabytes = SeedInterval.Exactly(cost?.PeakMemoryMegabytes),
        };
    }
}
