using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Optimization;

namespace Ornstein.Steps;

/// <summary>Steps of a training: batch, noise, gradient and update of every member.</summary>
internal interface ITrainingStep : IDisposable
{
    /// <summary>The steps of a stack's <see cref="Engine"/>.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="adam">Its optimizer.</param>
    /// <param name="batches">Its data.</param>
    /// <param name="epochs">Epochs of the whole training, to which schedules of remedies refer.</param>
    static ITrainingStep For(HierarchicalVae vae, Adam adam, StackBatches batches, int epochs) => Engine.For(vae).Name == Engine.Fused
        ? new FusedStep(vae, adam, batches, epochs: epochs)
        : new AutogradStep(vae, adam, batches, epochs);

    /// <summary>One step for every active member whose loss and gradient are finite.</summary>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    /// <param name="terms">Receives the terms of the loss, nats per datum, [1 + layers][members]; NaN for members that take no part.</param>
    void Run(long step, double learningRate, ReadOnlySpan<bool> active, double[] terms);
}
