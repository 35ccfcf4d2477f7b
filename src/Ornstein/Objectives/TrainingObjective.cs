using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Objectives;

/// <summary>
/// What training minimizes, with tensors, for every remedy; autograd differentiates it. Of a member with the ELBO's objective, mean over the batch:
/// <code>-log p(x | z) + sum_i w_i max(lambda, sum_u max(lambda_u, KL_iu))</code>
/// with the weight w of warm-up and beta and the allowances lambda of free bits; p is smoothed as its rho stands, and remedies may change what KLs cost,
/// or add terms (<see cref="IRemedy.Apply"/>). Of a member with the importance-weighted
/// objective of k samples: -log (1/k) sum_s exp(log p(x | z_s) - sum_i w_i (log q - log p)(z_is)). With k = 1 that is the joint form of the ELBO.
/// </summary>
/// <remarks>
/// A training loop of one's own differentiates it, adds gradients of its own, and steps the optimizer. It calls networks and likelihood as they are in
/// evaluation: batch normalization and an analytic variance take their running means, which stay, and dropout draws nothing. What needs these in training takes
/// whole training steps instead.
/// </remarks>
public static class TrainingObjective
{
    /// <summary>
    /// Adds every member's gradient, of its mean over the batch in nats per datum, to <see cref="StackParameters.Gradients"/>. Runs in a dispose scope of the caller's.
    /// </summary>
    /// <param name="vae">The stack, its rho as it stands (<see cref="HierarchicalVae.AnnealTo"/>).</param>
    /// <param name="x">Data, float32 [members, batch, features], or [1, batch, features] where all members have the same; batch at least 1.</param>
    /// <param name="noise">The noise of the step, of this stack's seeds or shared.</param>
    /// <param name="clock">The moment of the training, at which schedules of remedies stand.</param>
    /// <returns>
    /// Terms of the ELBO, not weighted: reconstruction, then every layer's KL, nats per datum, float32 [1 + layers, members]; of members with the
    /// importance-weighted objective or the joint form the means over samples of log q - log p in the place of KLs.
    /// </returns>
    /// <exception cref="OrnsteinException">The data have another shape, or a remedy gives terms of another one.</exception>
    public static Tensor Differentiate(HierarchicalVae vae, Tensor x, StackNoise noise, TrainingClock clock)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(noise);
        RequireShape(vae, x);
        using var device = DefaultDevice.Set(vae.Seeds.Device);
        var scalars = new ObjectiveScalars(vae, clock);
        var (samples, batch) = (scalars.Samples.Max(), x.shape[1]);
        var pass = new ObjectivePass(vae, x.repeat(1, samples, 1), noise.OfSamples(samples), scalars.IsAnyDoubly);
        var costs = new KlCosts(pass, batch, scalars);
        var own = new RemedyTerms(vae, pass, costs, x, clock);
        if (!scalars.IsAnyJoint)
        {
            var (elbo, parts) = Elbo(pass, batch, scalars, costs, own);
            Plus(elbo, own.Extra).sum([]).backward();
            return parts.detach();
        }

        var (loss, terms, weights) = JointSamples(pass, samples, scalars);
        if (!scalars.AreAllJoint)
        {
            var (elbo, parts) = Elbo(pass, batch, scalars, costs, own);
            (loss, terms) = (where(scalars.IsJoint, loss, elbo), where(scalars.IsJoint, terms, parts));
        }

        loss = Plus(loss, own.Extra);
        loss.sum([]).backward();
        // The objective's gradient at a sample already holds its weight once.
        if (scalars.IsAnyDoubly) pass.Continue(where(scalars.IsDoubly.unsqueeze(-1), weights.flatten(1), ones(1))).backward();
        return terms.detach();
    }

    private static void RequireShape(HierarchicalVae vae, Tensor x)
    {
        var (members, features) = (vae.Members.Count, vae.Options.Features);
        if (x.shape is [var first, > 0, var last] && (first == members || first == 1) && last == features) return;
        throw new OrnsteinException(
            $"data have the shape [{string.Join(", ", x.shape)}]; give [{(members == 1 ? "1" : $"{members} or 1")}, batch, {features}], a row per datum of the batch.");
    }

    // Of the first sample of every datum.
    private static (Tensor Loss, Tensor Terms) Elbo(ObjectivePass pass, long batch, ObjectiveScalars scalars, KlCosts costs, RemedyTerms own)
    {
        var terms = new List<Tensor> { pass.Reconstruction.narrow(1, 0, batch).mean([1L]) };
        var loss = terms[0];
        for (var layer = 0; layer < scalars.KlWeight.Count; layer++)
        {
            terms.Add(costs.Units(layer).sum([-1L]));
            loss = loss.Plus((scalars.KlWeight[layer] * own.Cost(layer)).squeeze(-1));
        }

        return (loss, stack(terms, 0));
    }

    private static Tensor Plus(Tensor loss, Tensor? extra) => extra is null ? loss : loss.Plus(extra);

    // Weights: [members, samples, batch], which sum to one over a member's samples.
    private static (Tensor Loss, Tensor Terms, Tensor Weights) JointSamples(ObjectivePass pass, int samples, ObjectiveScalars scalars)
    {
        var members = scalars.Samples.Count;
        var terms = stack([pass.Reconstruction, .. pass.LogRatios(scalars.IsDoubly)], 0).view(-1, members, samples, pass.Reconstruction.shape[1] / samples);
        var factors = stack([ones_like(scalars.KlWeight[0]), .. scalars.KlWeight], 0).unsqueeze(-1);
        var logWeights = -(terms * factors).sum([0L]);
        var counts = tensor(scalars.Samples.Select(count => (float)count).ToArray(), [members, 1, 1]);
        var isOwn = TensorCreation.Counted(0, samples, dtype: ScalarType.Float32).view(1, -1, 1) < counts; // a member may have fewer samples than others
        var own = where(isOwn, logWeights, tensor(float.NegativeInfinity));
        var loss = -(own.logsumexp(1) - counts.squeeze(-1).log()).mean([1L]);
        // Another member's sample may have no finite terms in this one.
        var means = where(isOwn.squeeze(-1), terms.detach().mean([3L]), zeros(1)).sum([2L]) / counts.view(-1);
        return (loss, means, own.detach().softmax(1));
    }
}
