namespace Ornstein.Results;

/// <summary>
/// A top layer taken to every rho from two sides, begun alive and begun collapsed: the content of <c>branches.json</c>. What differs between the two is
/// hysteresis, unless the collapsed state is unstable and was just not left yet, which its growth rate tells.
/// </summary>
public sealed record BranchesResult
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>Latent sizes, z1 first; the layer that is looked at is the last.</summary>
    public required int[] Latents { get; init; }

    /// <summary>Number of held-out data the numbers are measured on.</summary>
    public required int EvaluatedOn { get; init; }

    /// <summary>Epochs of each of the four stacks (a root that needed more rounds has several times as many).</summary>
    public required int Epochs { get; init; }

    /// <summary>What both branches began with, alive first.</summary>
    public required BranchRoot[] Roots { get; init; }

    /// <summary>Folders of the two stacks that went on from the roots, the alive one's first, below that of the run.</summary>
    public required string[] Folders { get; init; }

    /// <summary>Every rho with every seed, by rho and then by seed.</summary>
    public required BranchPoint[] Points { get; init; }

    /// <summary>Below which rho the collapsed state is left.</summary>
    public required StabilityLimit Stability { get; init; }
}

/// <summary>What a branch began with.</summary>
public sealed record BranchRoot
{
    /// <summary>Whether it is the root of the branch that begins alive.</summary>
    public required bool IsAlive { get; init; }

    /// <summary>The rho that it was trained at: the lowest of the run, or 1.</summary>
    public required double Rho { get; init; }

    /// <summary>Rounds of training that it took.</summary>
    public required int Rounds { get; init; }

    /// <summary>Its folder below that of the run.</summary>
    public required string Folder { get; init; }

    /// <summary>Seeds whose top layer came to the state that the branch begins with.</summary>
    public required long[] Seeds { get; init; }

    /// <summary>Seeds whose top layer did not: of these the branch says nothing.</summary>
    public required long[] Others { get; init; }
}

/// <summary>What one rho and seed came to from both sides. Information is that of the top layer, nats per datum.</summary>
public sealed record BranchPoint
{
    /// <summary>Smoothing parameter in [0, 1].</summary>
    public required double Rho { get; init; }

    /// <summary>The seed of all four stacks.</summary>
    public required long Seed { get; init; }

    /// <summary>I(x; z) from the alive root; NaN where that root was not alive or the model has no numbers.</summary>
    public required Estimate FromAlive { get; init; }

    /// <summary>I(x; z) from the collapsed root; NaN where that root was not collapsed or the model has no numbers.</summary>
    public required Estimate FromCollapsed { get; init; }

    /// <summary>
    /// Rate of ln KL of the top layer from the collapsed root, per epoch at the full learning rate: above 0 the collapsed state is left. NaN where it
    /// cannot be said.
    /// </summary>
    public required Estimate Growth { get; init; }

    /// <summary>The same over the second half of the alive branch: below 0 the layer was still falling when the training ended.</summary>
    public required Estimate Drift { get; init; }

    /// <summary>What both come to.</summary>
    public required BranchState State { get; init; }
}

/// <summary>What two branches come to at one rho and seed.</summary>
public enum BranchState
{
    /// <summary>A number is missing.</summary>
    Unknown,

    /// <summary>Collapsed from both sides.</summary>
    Collapsed,

    /// <summary>Alive from both sides.</summary>
    Alive,

    /// <summary>Alive from the alive root and not falling, collapsed from the collapsed one and not growing: hysteresis.</summary>
    TwoStates,

    /// <summary>Alive from the alive root alone, and the other one grows: it had not the time to get there.</summary>
    Growing,

    /// <summary>Alive from the alive root alone, which still falls: it had not the time to get to zero.</summary>
    Falling,

    /// <summary>Alive from one root alone; the rates are too small for their errors to say whether it stays so.</summary>
    Undecided,
}

/// <summary>Where the growth rate of the collapsed state is zero. Rhos lie in [0, 1].</summary>
public sealed record StabilityLimit
{
    /// <summary>Zero of every seed's growth rate, interpolated between rhos; NaN where it has none.</summary>
    public required SeedLimit[] Seeds { get; init; }

    /// <summary>Up to here every seed left the collapsed state, or its rate is above 0 by two standard errors; null where that is not known.</summary>
    public double? Low { get; init; }

    /// <summary>
    /// From here on every seed stays collapsed: it came to be so from the alive root too, or its rate is below 0 by two standard errors; null where that is
    /// not known.
    /// </summary>
    public double? High { get; init; }

    /// <summary>Why an end is not known; null where both are.</summary>
    public string? Reason { get; init; }
}

/// <summary>The limit of stability of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Rho">
/// Where its growth rate is zero, interpolated after the highest rho at which it is above; NaN where that is not known. Where rates lie within their errors of zero this is too high on
/// average, and says little: see <see cref="Low"/> and <see cref="High"/>.
/// </param>
public sealed record SeedLimit(long Seed, double Rho)
{
    /// <summary>The highest rho up to which it left the collapsed state, or its rate is above 0 by two standard errors; null for none, and in earlier results.</summary>
    public double? Low { get; init; }

    /// <summary>The lowest rho from which on it stays collapsed, or its rate is below 0 by two standard errors; null for none, and in earlier results.</summary>
    public double? High { get; init; }
}
