namespace Ornstein.Stacks;

/// <summary>A parameter of a part's own, such as the variance of a likelihood or the widths of a prior; every member of a stack has one.</summary>
/// <param name="Name">Its name, which weights are stored under.</param>
/// <param name="Initial">Where each of its numbers begins.</param>
/// <param name="IsTrained">Whether gradients move it; else it is a running mean of what the part notes (<see cref="PartState.Note"/>).</param>
/// <param name="Count">Numbers of it, at least 1.</param>
public sealed record PartParameter(string Name, double Initial, bool IsTrained = true, int Count = 1);
