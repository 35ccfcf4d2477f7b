using System.Text.Json.Serialization;

namespace Ornstein.Results;

/// <summary>What of q's Gaussian carries information about x.</summary>
public enum CodePart
{
    /// <summary>Its mean.</summary>
    Means,

    /// <summary>Its width.</summary>
    Widths,
}

/// <summary>How a code begins as rho falls.</summary>
public enum TransitionKind
{
    /// <summary>From nothing: its information is small where it is first seen, or falls to nothing on a line.</summary>
    Continuous,

    /// <summary>At once: much information beside none, at rhos as close as the resolution.</summary>
    Jump,

    /// <summary>At once or steeply: much information beside none, at rhos too far apart to tell.</summary>
    Steep,

    /// <summary>In two states: at one rho some seeds have much information and others none.</summary>
    Bistable,
}

/// <summary>
/// Where a layer begins to carry information in one part of q's Gaussian, as rho falls from the highest value tried. Rhos lie in [0, 1], information is
/// in nats per datum.
/// </summary>
public sealed record CodeTransition
{
    /// <summary>The layer, 1 next to the data.</summary>
    public required int Layer { get; init; }

    /// <summary>Which part.</summary>
    public required CodePart Part { get; init; }

    /// <summary>How it begins; null with a <see cref="Reason"/>.</summary>
    public TransitionKind? Kind { get; init; }

    /// <summary>Where the information reaches zero, mean over seeds; null with a <see cref="Reason"/> and where it is bistable: there is no mean of two states.</summary>
    public double? Estimate { get; init; }

    /// <summary>Lower end of the grid points around every seed's own transition, the lowest rho tried where a seed is alive at none; null with a <see cref="Reason"/>.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end of the grid points around every seed's own transition, the highest one where a seed is alive at all of them; null with a <see cref="Reason"/>.</summary>
    public double? High { get; init; }

    /// <summary>
    /// Least probability that the transition of a further seed lies between <see cref="Low"/> and <see cref="High"/>, if it has one between the rhos tried as these have:
    /// (n - 1) / (n + 1) of n seeds, whatever its distribution. Null with a <see cref="Reason"/>, and where some seed is alive at all rhos tried or at none: its own
    /// transition lies beyond them.
    /// </summary>
    public double? NextSeedProbability { get; init; }

    /// <summary>How many seeds carry information at every rho, rising.</summary>
    public required CodeStates[] States { get; init; }

    /// <summary>Why there is no transition, beginning with <c>no transition</c> or <c>cannot say</c>; null where there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether some seed carries information at some rho.</summary>
    [JsonIgnore]
    public bool IsEverAlive => Array.Exists(States, state => state.Alive > 0);
}

/// <summary>The seeds of one rho.</summary>
/// <param name="Rho">Smoothing parameter in [0, 1].</param>
/// <param name="Alive">Seeds that carry information.</param>
/// <param name="Seeds">All seeds.</param>
/// <param name="AliveInformation">Mean information of those that do, nats per datum; NaN for none.</param>
public sealed record CodeStates(double Rho, int Alive, int Seeds, double AliveInformation);
