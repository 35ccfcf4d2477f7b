using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Theory;

namespace Ornstein.Diagnosis;

/// <summary>
/// The rule: a collapsed layer grows if and only if the effective rho is below the onset in the layer below (docs/diagnosis.md). In a linear
/// model at its optimum that is the largest share of signal s_i, or sqrt(e_i) where q is smoothed too (docs/theory.md, "The cascade"), and the
/// layer is active there. For equal rhos at all links, p smoothed, in the layers' own coordinates.
/// </summary>
/// <param name="smoothing">How the run is smoothed. Draws count by their effective rho; Sobol points as exact smoothing.</param>
/// <param name="collapseThreshold">Nats under which the layer below counts as collapsed.</param>
public sealed class ActivityRule(SmoothingOptions smoothing, double collapseThreshold)
{
    // K points are K strata with a point each: what they leave of an affine mean is 0.035 of its variance with 4 and 0.007 with 8, and of a square 0.16 and 0.045.
    private const int LeastSobol = 8;

    private readonly LinearSmoothing _linear = Linear(smoothing);
    private readonly WidthSmoothing _widths = new(Linear(smoothing));

    /// <summary>Whether q is smoothed, so that the onset of a layer depends on rho.</summary>
    public bool SmoothsQ => smoothing.Networks.HasFlag(SmoothedNetworks.Q);

    /// <summary>Why the rule does not apply at a rho, beginning with <c>cannot say</c>; null where it does.</summary>
    public string? ReasonAt(IReadOnlyList<double> rho)
    {
        ArgumentNullException.ThrowIfNull(rho);
        if (rho.Distinct().Count() > 1) return "cannot say: the rule holds for equal rhos at all links";
        return rho[0] == 1 ? null : ReasonBelowOne;
    }

    /// <summary>Why the rule does not apply to this smoothing at any rho below 1, and so predicts none; null where it does.</summary>
    public string? ReasonBelowOne =>
        smoothing is { Sampler: SmoothingSampler.Sobol, Draws: > 1 and < LeastSobol }
            ? $"cannot say: so few Sobol points ({smoothing.Draws}) are far from exact smoothing, and by how much is not known here; {LeastSobol} are near it"
        : smoothing.Measure != ReferenceMeasure.Own ? "cannot say: affine functions absorb a smoothing that is relative to N(0, I)"
        : smoothing.Networks.HasFlag(SmoothedNetworks.P) ? null : "cannot say: the rule needs p to be smoothed";

    /// <summary>The rho of exact smoothing that does to an affine mean what the run's draws do.</summary>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    public double EffectiveRho(double rho) => Math.Sqrt(_linear.EffectiveSquare(rho));

    /// <summary>The run's rho that has an effective rho; null where its draws are too few to smooth so much.</summary>
    /// <param name="effective">Effective rho in [0, 1].</param>
    public double? RhoOfEffective(double effective) => _linear.RhoOfEffective(effective);

    /// <summary>The same for a code in widths of the layer above: rho^2 with exact smoothing, because what p learns of it is of degree 2.</summary>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    public double EffectiveRhoOfWidths(double rho) => Math.Sqrt(_widths.Square(rho));

    /// <summary>The effective rho that a criterion compares with its onset.</summary>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    /// <param name="criterion">Which code.</param>
    public double EffectiveRho(double rho, Criterion criterion) =>
        criterion == Criterion.Widths ? EffectiveRhoOfWidths(rho) : EffectiveRho(rho);

    /// <summary>The run's highest rho that has an effective rho; null where its draws are too few to smooth so much.</summary>
    /// <param name="effective">Effective rho in [0, 1].</param>
    /// <param name="criterion">Which code.</param>
    public double? RhoOfEffective(double effective, Criterion criterion) =>
        criterion == Criterion.Widths ? _widths.RhoOf(effective * effective) : RhoOfEffective(effective);

    /// <summary>The onset in the layer below by a criterion; of codes in means the linear one where moments were not measured, of widths none then.</summary>
    /// <param name="below">Shares of the layer below.</param>
    /// <param name="criterion">Which code.</param>
    public static Estimate? Onset(LayerShares below, Criterion criterion)
    {
        ArgumentNullException.ThrowIfNull(below);
        return criterion switch
        {
            Criterion.LinearReadOut => below.Onset,
            Criterion.Means => below.MomentOnset ?? below.Onset,
            Criterion.Widths => below.MomentOnset,
            _ => throw new InvalidOperationException($"{criterion} is no criterion."),
        };
    }

    /// <summary>What q reads of the noise variance of the layer below: all of it, or rho^2 where q is smoothed.</summary>
    /// <param name="smoothing">How the run is smoothed.</param>
    /// <param name="rho">Smoothing parameter in [0, 1] of their link.</param>
    public static double InferenceNoise(SmoothingOptions smoothing, double rho)
    {
        ArgumentNullException.ThrowIfNull(smoothing);
        if (!smoothing.Networks.HasFlag(SmoothedNetworks.Q)) return 1;
        return smoothing.Measure switch
        {
            ReferenceMeasure.Own => Linear(smoothing).EffectiveSquare(rho),
            ReferenceMeasure.Standard => 1,
            _ => throw new InvalidOperationException($"{smoothing.Measure} is no reference measure."),
        };
    }

    /// <summary>Whether the layer below has too little signal for a word on critical rhos.</summary>
    public bool IsCollapsed(LayerShares below)
    {
        ArgumentNullException.ThrowIfNull(below);
        return below.Nats < collapseThreshold;
    }

    /// <summary>By how much the onset exceeds rho: where positive, a collapsed layer above grows. Never over a collapsed layer.</summary>
    /// <param name="below">Shares of the layer below, which has some.</param>
    /// <param name="rho">Smoothing parameter in [0, 1] of the run.</param>
    /// <param name="criterion">Which code of the layer above.</param>
    public double Excess(LayerShares below, double rho, Criterion criterion = Criterion.Means) =>
        (IsCollapsed(below) ? 0 : Onset(below, criterion)?.Value ?? 0) - EffectiveRho(rho, criterion);

    /// <summary>What the rule says of a layer, beside what was measured.</summary>
    /// <param name="below">Shares of the layer below.</param>
    /// <param name="member">Rho, remedy and seed of the model.</param>
    /// <param name="klAbove">KL of the layer above as trained, nats; NaN where it is not known.</param>
    public LinkDiagnosis Judge(LayerShares below, Member member, double klAbove)
    {
        ArgumentNullException.ThrowIfNull(below);
        ArgumentNullException.ThrowIfNull(member);
        var rho = member.RhoOf(below.Layer - 1);
        var reason = below.Reason ?? ReasonAt(member.Rho);
        return new LinkDiagnosis
        {
            Rho = rho,
            RhoPerLink = member.Rho.Count > 1 ? [.. member.Rho] : null,
            Remedy = RemedyName.Of(member.Remedy),
            Seed = member.Seed,
            Below = below,
            EffectiveRho = reason is null ? EffectiveRho(rho) : null,
            DirectionsAboveRho = reason is null ? below.Principal.Count(share => share.Value > EffectiveRho(rho)) : null,
            EffectiveRhoOfWidths = reason is null && below.MomentOnset is not null ? EffectiveRhoOfWidths(rho) : null,
            PredictedActive = reason is null ? Excess(below, rho) > 0 || Excess(below, rho, Criterion.Widths) > 0 : null,
            Reason = reason,
            KlAbove = klAbove,
            MeasuredActive = double.IsFinite(klAbove) ? klAbove >= collapseThreshold : null,
        };
    }

    // The error of scrambled Sobol points in an affine mean is small beside that of as many iid draws; a single one is a plain draw.
    private static LinearSmoothing Linear(SmoothingOptions smoothing) => new()
    {
        Draws = smoothing is { Sampler: SmoothingSampler.Sobol, Draws: > 1 } ? null : smoothing.Draws,
        Sampler = smoothing.Sampler,
    };
}
