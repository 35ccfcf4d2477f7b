using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Studies.Numbers;

/// <summary>What the top layer of one model does at the end of its training.</summary>
internal enum GrowthState
{
    /// <summary>Its KL is above the threshold, and moves by at most a tenth over the second half of the epochs.</summary>
    Alive,

    /// <summary>Its KL is above the threshold and still moves.</summary>
    Moving,

    /// <summary>Below the threshold it grows, by more than two standard errors: it will wake.</summary>
    Growing,

    /// <summary>Below the threshold it shrinks, by more than two standard errors.</summary>
    Shrinking,

    /// <summary>Neither, and at the highest rate that two standard errors allow it would stay below for as many epochs again.</summary>
    AtRest,

    /// <summary>Below the threshold, and it may grow or shrink.</summary>
    Undecided,
}

/// <summary>The sign of growth of one seed's top layer, which says whether more training would change what it is.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Kl">Its last KL, nats per datum.</param>
/// <param name="Rate">Growth of ln KL, per epoch at the full learning rate, over the second half of the epochs (<see cref="GrowthRate"/>).</param>
/// <param name="State">What follows.</param>
internal sealed record SeedGrowth(long Seed, double Kl, Estimate Rate, GrowthState State)
{
    private const double Still = 0.1;

    /// <summary>Whether more training would leave it what it is.</summary>
    public bool IsSettled => State is GrowthState.Alive or GrowthState.Shrinking or GrowthState.AtRest;

    /// <summary>Whether its KL may reach the threshold within as many epochs again, at the highest rate that two standard errors allow.</summary>
    public bool CouldWake { get; init; }

    /// <summary>
    /// The same by a line through noise that comes back to a level (<see cref="GrowthRate.OfStationary"/>), as that of a collapsed layer does. <see cref="Rate"/> takes it for a walk,
    /// which asks more of a longer curve; no state and no claim depends on this.
    /// </summary>
    public bool CouldWakeByLine { get; init; }

    /// <summary>Judges a curve.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="kl">The top layer's KL after every epoch.</param>
    /// <param name="time">When, rising: epochs at the full learning rate.</param>
    /// <param name="threshold">Nats below which the layer counts as collapsed.</param>
    /// <returns>What it does; null with too few epochs, or where it diverged.</returns>
    public static SeedGrowth? Of(long seed, IReadOnlyList<double> kl, IReadOnlyList<double> time, double threshold)
    {
        var half = kl.Count / 2;
        var rate = GrowthRate.Of(kl, time, half, kl.Count);
        if (!double.IsFinite(rate.Value)) return null;
        var last = kl[^1];
        // A KL of 0 would stay so at any rate.
        bool Reaches(double level, Estimate rate) => last >= threshold || Math.Max(GrowthRate.LeastKl, level) * Math.Exp(time[^1] * (rate.Value + (2 * rate.StandardError))) >= threshold;
        var couldWake = Reaches(last, rate);
        var (line, level) = GrowthRate.OfStationary(kl, time, half, kl.Count);
        GrowthState StateOf()
        {
            if (last >= threshold) return Math.Abs(last - kl[half]) <= Still * last ? GrowthState.Alive : GrowthState.Moving;
            if (rate.Value > 2 * rate.StandardError) return GrowthState.Growing;
            if (rate.Value < -2 * rate.StandardError) return GrowthState.Shrinking;
            return couldWake ? GrowthState.Undecided : GrowthState.AtRest;
        }

        return new SeedGrowth(seed, last, rate, StateOf()) { CouldWake = couldWake, CouldWakeByLine = Reaches(level, line) };
    }
}
