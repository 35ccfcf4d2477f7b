using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Generation;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Contributions;

/// <summary>
/// What each layer contributes to the unsmoothed model, by taking others from p in the place of q: the reconstruction from a layer up, its
/// bound, and the skip-ELBO (docs/evaluation.md).
/// </summary>
public static class LayerContributions
{
    /// <summary>Contributions of every member, in one pass over the data for each draw; all share their draws.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Held-out data.</param>
    /// <param name="options">Draws per datum, batch size and seed.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range.</exception>
    public static ModelContributions[] Of(
        HierarchicalVae vae, DataRows rows, EvaluationOptions options, IProgress<MeasurementProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        vae = vae.Unsmoothed();
        var layers = vae.Options.Layers;
        var key = RandomKey.FromSeed(options.Seed).At("contributions");
        using var guard = no_grad();
        using var outer = NewDisposeScope();
        var part = new MeasuredPart(progress, "what layers contribute", (long)rows.Count * options.Draws);
        using var means = new DataMeans((3 * layers) + 1, vae.Members.Count);
        for (var start = 0; start < rows.Count; start += options.BatchSize)
        {
            using var batchScope = NewDisposeScope();
            var x = rows.Slice(start, Math.Min(options.BatchSize, rows.Count - start)).unsqueeze(0);
            Tensor? sum = null;
            for (var draw = 0; draw < options.Draws; draw++)
            {
                stop.ThrowIfCancellationRequested();
                using var drawScope = NewDisposeScope();
                var terms = Terms(vae, x, StackNoise.Shared(key.At(start).At(draw)));
                if (sum is null) sum = terms.MoveToOuterDisposeScope();
                else sum.Add(terms);
                part.Advance(x.shape[1]);
            }

            means.Add(sum!.Over(options.Draws));
        }

        return [.. Enumerable.Range(0, vae.Members.Count).Select(member => new ModelContributions
        {
            FromPrior = means.Of(0, member),
            ReconstructionFrom = [.. Enumerable.Range(1, layers).Select(row => means.Of(row, member))],
            ElboFrom = [.. Enumerable.Range(1 + layers, layers).Select(row => means.Of(row, member))],
            SkipElbo = HasSkip(vae) ? [.. Enumerable.Range(1 + (2 * layers), layers).Select(row => means.Of(row, member))] : null,
            SkipElboReason = HasSkip(vae) ? null : "q of the lower layers reads the layers above, so it says nothing where those come from p",
        })];
    }

    // The skip-ELBO takes z_1..z_j from q without the layers above: the one thing here that asks for q(z_{i+1} | z_i).
    private static bool HasSkip(HierarchicalVae vae) => vae.Options.Inference == InferenceKind.Chain;

    // Float64 [1 + 3 layers, members, batch]: from the prior; reconstructions from a layer up; their bounds; skip-ELBOs.
    private static Tensor Terms(HierarchicalVae vae, Tensor x, StackNoise noise)
    {
        var layers = vae.Options.Layers;
        var pass = vae.Infer(x, noise);
        var prior = Descent.Prior(vae, (int)x.shape[1], noise, "prior");
        Tensor[] q = [.. pass.Layers.Select((layer, i) => layer.LogDensity(pass.Samples[i]))];
        Tensor[] ratio = [.. q.Select((density, i) => density - Descent.LogDensity(vae, i, pass.Samples))];

        var from = new Tensor[layers];
        var elbo = new Tensor[layers];
        var skip = new Tensor[layers];
        var above = zeros_like(ratio[0]);
        for (var i = layers - 1; i >= 0; i--)
        {
            above = above.Plus(ratio[i]);
            from[i] = vae.Reconstruction(x, Descent.Below(vae, pass.Samples, i, noise, "from"));
            elbo[i] = -from[i].Plus(above);
        }

        for (var cut = 1; cut < layers; cut++)
        {
            skip[cut - 1] = zeros_like(above);
            if (!HasSkip(vae)) continue;
            Tensor[] mixed = [.. pass.Samples.Take(cut), .. prior.Skip(cut)];
            skip[cut - 1] = -vae.Reconstruction(x, mixed);
            for (var i = 0; i < cut; i++) skip[cut - 1] = skip[cut - 1].Plus(Descent.LogDensity(vae, i, mixed) - q[i]);
        }

        skip[^1] = elbo[0];
        return stack([vae.Reconstruction(x, prior), .. from, .. elbo, .. skip], 0).to(ScalarType.Float64);
    }
}
