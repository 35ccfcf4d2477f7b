namespace Ornstein.Transitions;

/// <summary>When a layer counts as collapsed.</summary>
public sealed record TransitionOptions
{
    /// <summary>KL in nats per datum under which a layer is collapsed, positive.</summary>
    public double CollapseThreshold { get; init; } = 0.05;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">The threshold is not positive.</exception>
    public void Validate()
    {
        if (!(CollapseThreshold > 0)) throw new OrnsteinException($"collapse threshold is {CollapseThreshold}; it must be positive.");
    }
}
