using Ornstein.Experiments.Settings;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Smoothing;

namespace Ornstein.Experiments.Tables;

/// <summary>
/// The bounds of one rho and remedy, beside the smoothed objective. Each is mean ± standard deviation over seeds; with a single seed ± is the
/// standard error over data, where that was measured.
/// </summary>
internal sealed record BoundsRow
{
    /// <summary>The cells that name the row: its rho, and its remedy where there are several.</summary>
    public required string[] Names { get; init; }

    /// <summary>What was trained.</summary>
    public required string Objective { get; init; }

    /// <summary>Whether <see cref="Objective"/> is no bound on log p(x) of any model.</summary>
    public required bool IsNoBound { get; init; }

    /// <summary>ELBO of the unsmoothed model by the KLs of its layers.</summary>
    public required string Elbo { get; init; }

    /// <summary>Of the unsmoothed model: joint-sample ELBO, importance-weighted bound.</summary>
    public required string[] Unsmoothed { get; init; }

    /// <summary>The same of the smoothed generative model.</summary>
    public required string[] Generative { get; init; }

    /// <summary>A row per rho and remedy; none where no member has bounds.</summary>
    /// <param name="result">The result of a run.</param>
    /// <param name="settings">The run's settings.</param>
    public static IReadOnlyList<BoundsRow> Of(PhaseResult result, RunSettings settings)
    {
        if (Draws(result) is null) return [];
        var (readsQ, oneSeed) = (ReadsQ(settings), PhaseWords.Seeds(result) == 1);
        return
        [
            .. RhoSummary.Of(result).Select(row =>
            {
                double[] links = FinalRhos(row.Members[0], settings);
                string Bound(Func<MemberBounds, Estimate> bound) => Cell(row, oneSeed, bound);
                return new BoundsRow
                {
                    Names = row.Names,
                    Objective = row.Objective.ToString(),
                    IsNoBound = readsQ && result.Latents.Length > 1 && Array.Exists(links, rho => rho < 1),
                    Elbo = row.Elbo.ToString(),
                    Unsmoothed = [Bound(b => b.SampledElbo), Bound(b => b.ImportanceWeighted)],
                    Generative = [Bound(b => b.SmoothedGenerative), Bound(b => b.SmoothedGenerativeImportanceWeighted)],
                };
            }),
        ];
    }

    /// <summary>Draws k of the importance-weighted bounds; null where no member has any.</summary>
    public static int? Draws(PhaseResult result) =>
        result.Members.Select(member => member.Bounds?.Draws).FirstOrDefault(draws => draws is not null);

    /// <summary>What ± means.</summary>
    public static string Spreads(PhaseResult result) => PhaseWords.Seeds(result) == 1
        ? "1 seed; ±: standard error over data"
        : $"mean ± standard deviation over {PhaseWords.SeedsText(result)}";

    // As measured, which is where annealing has taken them.
    private static double[] FinalRhos(MemberResult member, RunSettings settings)
    {
        var (start, links) = (member.RhoPerLink ?? [member.Rho], settings.Latents.Length - 1);
        var remedy = Array.Find(settings.Remedy, entry => entry.Name == member.Remedy)?.Remedy;
        return remedy is null ? start : [.. Enumerable.Range(0, links).Select(link => remedy.Rho(start[start.Length == 1 ? 0 : link], link, links, TrainingClock.End))];
    }

    // Whether p's smoothing takes its coordinates from q's Gaussian. One random draw there has the law of z itself: no smoothing.
    private static bool ReadsQ(RunSettings settings) =>
        settings.Smooth != SmoothChoice.Q && settings.Measure == ReferenceMeasure.Own
        && (settings.Draws > 1 || settings.Sampler == SmoothingSampler.GaussHermite);

    private static string Cell(RhoSummary row, bool oneSeed, Func<MemberBounds, Estimate> bound)
    {
        Estimate[] estimates = [.. row.Finished.Select(member => member.Bounds is { } bounds ? bound(bounds) : Estimate.None)];
        var spread = Spread.Of(estimates.Select(estimate => estimate.Value));
        return oneSeed && estimates is [var only] ? (spread with { Deviation = only.StandardError }).ToString() : spread.ToString();
    }
}
