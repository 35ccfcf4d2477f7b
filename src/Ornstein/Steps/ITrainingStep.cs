using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Optimization;

namespace Ornstein.Steps;

/// <summary>
/// Steps of a training: batch, noise, gradient and update of every member. A training loop of one's own takes them with <see cref="For"/> and runs 1, 2, ...;
/// what a step computes is a function of the stack, the optimizer's moments and the step's number alone. Not thread safe.
/// </summary>
public interface ITrainingStep : IDisposable
{
    /// <summary>The steps of a stack's <see cref="Engine"/>: the fastest that there are. They are disposed before the stack and the optimizer.</summary>
    /// <param name="vae">The stack; every step has the rho of its moment. Before one measures, <see cref="HierarchicalVae.AnnealTo"/> takes the stack there.</param>
    /// <param name="adam">The optimizer of its parameters.</param>
    /// <param name="batches">Its data, with the stack's seeds and the model's number of features.</param>
    /// <param name="epochs">Epochs of the whole training, at least 1, to which schedules of remedies refer.</param>
    /// <exception cref="OrnsteinException">A step needs more memory than there is.</exception>
    static ITrainingStep For(HierarchicalVae vae, Adam adam, StackBatches batches, int epochs)
    {
        ArgumentNullException.ThrowIfNull(adam);
        adam.Average?.Begin();
        return Engine.For(vae).Name == Engine.Fused ? new FusedStep(vae, adam, batches, epochs: epochs) : new AutogradStep(vae, adam, batches, epochs);
    }

    /// <summary>
    /// How many steps may run before their numbers are collected: one on the processor, where they are at hand; several on a device, which is never idle while
    /// steps wait for it, and is whenever a number is waited for.
    /// </summary>
    internal int StepsAtOnce { get; }

    /// <summary>
    /// One step for every active member whose loss and gradient are finite, and which took all steps since numbers were collected. What it came to is collected
    /// later, after <see cref="StepsAtOnce"/> steps at most.
    /// </summary>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    internal void Run(long step, double learningRate, ReadOnlySpan<bool> active);

    /// <summary>One step for every active member whose loss and gradient are finite, whose numbers are waited for.</summary>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    /// <param name="terms">Receives the terms of the loss, nats per datum, (1 + layers) * members numbers: reconstruction of every member, then the KLs of z1, ...; NaN for members that take no part.</param>
    void Run(long step, double learningRate, ReadOnlySpan<bool> active, double[] terms);

    /// <summary>
    /// Leaves every member's gradient in <see cref="Stacks.StackParameters.Gradients"/>, not clipped, as a step would have it on another batch with another draw of the noise, in place of an update.
    /// Nothing else of the stack changes, and no update of the encoder comes before it.
    /// </summary>
    /// <param name="step">Number of the step, from 1, at whose moment schedules stand.</param>
    /// <param name="batch">The step whose batch it takes, of the same pass.</param>
    /// <param name="draw">Which draw of noise; 0 for the step's own.</param>
    internal void Differentiate(long step, long batch, int draw);

    /// <summary>The numbers of all steps since the last call, in order; to be read before the next step.</summary>
    internal IReadOnlyList<StepNumbers> Collect();
}
