using Ornstein.Results;

namespace Ornstein.Diagnosis;

/// <summary>When a layer is called active, partly collapsed or collapsed.</summary>
public sealed record CollapseRule
{
    /// <summary>KL in nats per datum below which a layer says next to nothing.</summary>
    public double KlThreshold { get; init; } = 0.05;

    /// <summary>Variance over data of a unit's posterior mean above which it is active (Burda et al. 2016, section 5.2).</summary>
    public double UnitThreshold { get; init; } = 0.01;

    /// <summary>
    /// Collapsed: KL below its threshold and no active unit. Active: KL at or above it and every unit active. Otherwise partly collapsed.
    /// </summary>
    /// <param name="kl">The layer's KL as trained, nats per datum.</param>
    /// <param name="variances">Variance over data of every unit's posterior mean.</param>
    public LayerVerdict Judge(double kl, IReadOnlyList<double> variances)
    {
        ArgumentNullException.ThrowIfNull(variances);
        var active = variances.Count(variance => variance > UnitThreshold);
        if (kl < KlThreshold && active == 0) return LayerVerdict.Collapsed;
        return kl >= KlThreshold && active == variances.Count ? LayerVerdict.Active : LayerVerdict.PartlyCollapsed;
    }
}
