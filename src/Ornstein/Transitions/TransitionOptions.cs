namespace Ornstein.Transitions;

/// <summary>When a layer counts as collapsed.</summary>
public sealed record TransitionOptions
{
    /// <summary>KL in nats per datum under which a layer is collapsed, positive.</summary>
    public double CollapseThreshold { get; init; } = 0.05;
}
