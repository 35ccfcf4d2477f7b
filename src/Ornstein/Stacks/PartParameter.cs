namespace Ornstein.Stacks;

/// <summary>A parameter of a part of a model - a network, the likelihood, the prior; every member of a stack has one.</summary>
/// <param name="Name">Its name within the part, under which weights are stored.</param>
/// <param name="Shape">Its shape in a single model.</param>
/// <param name="Initial">What it begins with; a number stands for itself.</param>
/// <param name="IsTrained">Whether gradients move it; else it is a constant, or a running mean of what the part notes (<see cref="PartState.Note"/>).</param>
public sealed record PartParameter(string Name, Shape Shape, InitialValues Initial, bool IsTrained = true);
