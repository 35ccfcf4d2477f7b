namespace Ornstein.Steps;

/// <summary>What a training step came to.</summary>
/// <param name="Terms">Terms of the loss, nats per datum, (1 + layers) * members numbers: reconstruction of every member, then the KLs of z1, ...; NaN for members that took no part.</param>
/// <param name="Norms">Euclidean norm of every member's gradient, before clipping.</param>
public sealed record StepNumbers(double[] Terms, double[] Norms);
