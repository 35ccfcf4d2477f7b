using Ornstein.Results;

namespace Ornstein.Diagnosis;

/// <summary>When a layer is called collapsed, alive in its means or its widths, or noise: by what it tells about the data, and not by its KL.</summary>
public sealed record CollapseRule
{
    /// <summary>Standard errors that a number has to be above zero.</summary>
    private const double Errors = 2;

    /// <summary>KL in nats per datum below which a layer costs next to nothing.</summary>
    public double KlThreshold { get; init; } = 0.05;

    /// <summary>
    /// Nats of information that count: what a single unit holds that is just active, with a variance 0.01 of its mean beside a noise of 1 (Burda et al.
    /// 2016): ln(1 + 0.01) / 2.
    /// </summary>
    public double InformationThreshold { get; init; } = Transitions.CodeLocator.Threshold;

    /// <summary>The verdict on a layer.</summary>
    /// <remarks>
    /// A number counts where it is above <see cref="InformationThreshold"/> and above two of its standard errors. Where the information counts, the
    /// parts that count say how the layer is alive, or the larger one where neither does. Where it does not, the layer is noise with a KL of at
    /// least <see cref="KlThreshold"/>, and collapsed otherwise; unless its information may be as large as that, within two standard errors, which
    /// leaves nothing to say. Where it may be, and its lower bound is, beyond two standard errors, it counts all the same: a layer that holds more than
    /// the data can show has bounds far apart, and so a large error.
    /// </remarks>
    /// <param name="kl">The layer's KL as trained, nats per datum.</param>
    /// <param name="information">I(x; z_i), nats.</param>
    /// <param name="means">What of it lies in means.</param>
    /// <param name="widths">What of it lies in widths.</param>
    /// <param name="lower">Lower bound on I(x; z_i), nats; null where there is none.</param>
    public LayerVerdict Judge(double kl, Estimate information, Estimate means, Estimate widths, Estimate? lower = null)
    {
        if (!double.IsFinite(information.Value) || !double.IsFinite(information.StandardError)) return LayerVerdict.CannotSay;
        if (!Counts(information) && !(lower is { } least && least.Value - (Errors * least.StandardError) >= KlThreshold))
        {
            return information.Value + (Errors * information.StandardError) >= KlThreshold ? LayerVerdict.CannotSay
                : kl >= KlThreshold ? LayerVerdict.Noise
                : LayerVerdict.Collapsed;
        }

        return (Counts(means), Counts(widths)) switch
        {
            (true, true) => LayerVerdict.Both,
            (true, false) => LayerVerdict.AliveInMeans,
            (false, true) => LayerVerdict.AliveInWidths,
            (false, false) => means.Value >= widths.Value ? LayerVerdict.AliveInMeans : LayerVerdict.AliveInWidths,
        };
    }

    private bool Counts(Estimate nats) => nats.Exceeds(InformationThreshold);
}
