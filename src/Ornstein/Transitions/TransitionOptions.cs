namespace Ornstein.Transitions;

/// <summary>When a layer counts as collapsed, and how its critical rho is found.</summary>
public sealed record TransitionOptions
{
    internal const int LeastResamples = 100;

    /// <summary>KL in nats per datum that a layer must reach at some rho, and be below at the highest rho, to have a drop; positive.</summary>
    public double CollapseThreshold { get; init; } = 0.05;

    /// <summary>The same of a single unit, nats per datum; positive.</summary>
    public double UnitThreshold { get; init; } = 0.025;

    /// <summary>Bootstrap resamples of the seeds, at least 100.</summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Rhos that a round of refinement adds at most, at least 1.</summary>
    public int RhosPerRound { get; init; } = 4;

    /// <summary>Distance in rho at which a drop is resolved and refinement ends, from 0.0002: rhos are written with four digits.</summary>
    public double Resolution { get; init; } = 0.02;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (!(CollapseThreshold > 0)) throw new OrnsteinException($"collapse threshold is {CollapseThreshold}; it must be positive.");
        if (!(UnitThreshold > 0)) throw new OrnsteinException($"unit threshold is {UnitThreshold}; it must be positive.");
        if (Resamples < LeastResamples) throw new OrnsteinException($"resamples is {Resamples}; it must be at least {LeastResamples}.");
        if (RhosPerRound < 1) throw new OrnsteinException($"rhos per round is {RhosPerRound}; it must be at least 1.");
        if (!(Resolution >= 0.0002 && Resolution < 1)) throw new OrnsteinException($"resolution is {Resolution}; it must lie in [0.0002, 1).");
    }
}
