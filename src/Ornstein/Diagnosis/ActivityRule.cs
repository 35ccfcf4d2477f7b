using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Theory;

namespace Ornstein.Diagnosis;

/// <summary>
/// The rule: a layer is active if and only if rho is below the onset in the layer below (docs/diagnosis.md). In a linear model at its
/// optimum that is the largest share of signal s_i, or sqrt(e_i) where q is smoothed too (docs/theory.md, "The cascade"). For equal rhos
/// at all links, p smoothed, in the layers' own coordinates.
/// </summary>
/// <param name="smoothing">How the run is smoothed. Draws count by their effective rho; Sobol points as exact smoothing.</param>
/// <param name="collapseThreshold">Nats under which the layer below counts as collapsed.</param>
public sealed class ActivityRule(SmoothingOptions smoothing, double collapseThreshold)
{
    private readonly LinearSmoothing _linear = Linear(smoothing);

    /// <summary>Whether q is smoothed, so that the onset of a layer depends on rho.</summary>
    public bool SmoothsQ => smoothing.Networks.HasFlag(SmoothedNetworks.Q);

    /// <summary>Why the rule does not apply at a rho, beginning with <c>cannot say</c>; null where it does.</summary>
    public string? ReasonAt(IReadOnlyList<double> rho)
    {
        ArgumentNullException.ThrowIfNull(rho);
        if (rho.Distinct().Count() > 1) return "cannot say: the rule holds for equal rhos at all links";
        if (rho[0] == 1) return null;
        if (smoothing.Measure != ReferenceMeasure.Own) return "cannot say: affine functions absorb a smoothing that is relative to N(0, I)";
        return smoothing.Networks.HasFlag(SmoothedNetworks.P) ? null : "cannot say: the rule needs p to be smoothed";
    }

    /// <summary>The rho of exact smoothing that does to an affine mean what the run's draws do.</summary>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    public double EffectiveRho(double rho) => Math.Sqrt(_linear.EffectiveSquare(rho));

    /// <summary>The run's rho that has an effective rho; null where its draws are too few to smooth so much.</summary>
    /// <param name="effective">Effective rho in [0, 1].</param>
    public double? RhoOfEffective(double effective) => _linear.RhoOfEffective(effective);

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

    /// <summary>By how much the onset exceeds rho: where positive, the layer above is active. Never over a collapsed layer.</summary>
    /// <param name="below">Shares of the layer below, which has some.</param>
    /// <param name="rho">Smoothing parameter in [0, 1] of the run.</param>
    public double Excess(LayerShares below, double rho)
    {
        ArgumentNullException.ThrowIfNull(below);
        return (IsCollapsed(below) ? 0 : below.Onset.Value) - EffectiveRho(rho);
    }

    /// <summary>What the rule says of a layer, beside what was measured.</summary>
    /// <param name="below">Shares of the layer below.</param>
    /// <param name="member">Rho and seed of the model.</param>
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
            Seed = member.Seed,
            Below = below,
            EffectiveRho = reason is null ? EffectiveRho(rho) : null,
            DirectionsAboveRho = reason is null ? below.Principal.Count(share => share.Value > EffectiveRho(rho)) : null,
            PredictedActive = reason is null ? Excess(below, rho) > 0 : null,
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
