namespace Ornstein.Likelihoods;

/// <summary>A likelihood that can be computed on plain memory too, by which models train several times as fast. Held to its tensors by a test.</summary>
public interface IFusedLikelihood : ILikelihood
{
    /// <summary>What of it has no such form, in a few words; null where all has.</summary>
    string? NotFused => null;

    /// <summary>Sum over rows and features of -log p(x | z), nats, and its gradient.</summary>
    /// <param name="output">What the decoder gives, row by row.</param>
    /// <param name="x">The data, row by row.</param>
    /// <param name="features">Features of a row of <paramref name="x"/>.</param>
    /// <param name="weight">What the gradient is multiplied by.</param>
    /// <param name="gradient">Receives the gradient by <paramref name="output"/>; empty where nobody asks.</param>
    double NegativeLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, float weight, Span<float> gradient);

    /// <summary>Adds log p(x | z), nats, to a sum per row.</summary>
    /// <param name="output">What the decoder gives, row by row.</param>
    /// <param name="x">The data, row by row, each for several rows of <paramref name="output"/> one after another.</param>
    /// <param name="features">Features of a row of <paramref name="x"/>.</param>
    /// <param name="samples">Rows of <paramref name="output"/> of a datum.</param>
    /// <param name="sums">What is added to, one number per row of <paramref name="output"/>.</param>
    void AddLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, int samples, Span<float> sums);

    /// <summary>
    /// -log p(x | z) of one row, nats, and its gradients, for a likelihood with a parameter of its own. Without one, by default, that of
    /// <see cref="NegativeLogProbability(ReadOnlySpan{float}, ReadOnlySpan{float}, int, float, Span{float})"/>.
    /// </summary>
    /// <param name="output">What the decoder gives of the row.</param>
    /// <param name="x">The row of the data.</param>
    /// <param name="own">Values of the parameter; where the likelihood depends on the batch, those that <see cref="Fitted"/> gives in a training step.</param>
    /// <param name="weight">What gradients are multiplied by.</param>
    /// <param name="gradient">Receives the gradient by <paramref name="output"/>; empty where nobody asks.</param>
    /// <param name="ownGradient">Receives the gradient by <paramref name="own"/>; empty where nobody asks or no gradient reaches it.</param>
    double NegativeLogProbability(
        ReadOnlySpan<float> output, ReadOnlySpan<float> x, ReadOnlySpan<float> own, float weight, Span<float> gradient, Span<float> ownGradient) =>
        own.IsEmpty ? NegativeLogProbability(output, x, x.Length, weight, gradient)
            : throw new NotSupportedException($"the likelihood '{Name}' does not say how its own parameter is taken.");

    /// <summary>
    /// Of one row, what the parameter is the mean of over a training batch, where the likelihood depends on the batch (<see cref="ILikelihood.DependsOnBatch"/>). -log p
    /// of the batch is to be least there: no gradient passes through the parameter.
    /// </summary>
    /// <param name="output">What the decoder gives of the row.</param>
    /// <param name="x">The row of the data.</param>
    double Fitted(ReadOnlySpan<float> output, ReadOnlySpan<float> x) => throw new NotSupportedException($"the likelihood '{Name}' does not say what it is fitted to.");
}
