using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Harmonics;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Diagnosis;

/// <summary>
/// Measures the share of signal in the code of every layer: the variance of the mean of q(z_i | z_{i-1}), over data and over sampled
/// layers below, against q's own variance (docs/diagnosis.md).
/// </summary>
public static class SignalShares
{
    /// <summary>No shares of any layer of any member, and why.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="reason">What stands in the way, without the words <c>cannot say</c>.</param>
    public static LayerShares[][] Nothing(HierarchicalVae vae, string reason)
    {
        ArgumentNullException.ThrowIfNull(vae);
        return [.. vae.Members.Select(_ => Enumerable.Range(1, vae.Options.Layers).Select(layer => LayerShares.None(layer, reason)).ToArray())];
    }

    /// <summary>Shares of every layer of every member, [members][layers], in one pass over the data for each draw; none where the data are all the same.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Held-out data, at least 2.</param>
    /// <param name="options">Passes per datum, and their seed; batches are cut down to a multiple of the jackknife's groups.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, there are fewer than two data, or the model is not Markov.</exception>
    public static LayerShares[][] Of(HierarchicalVae vae, DataRows rows, EvaluationOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        vae.RequireMarkov("shares of signal");
        if (rows.Count < 2) throw new OrnsteinException($"shares of signal over {rows.Count} data; at least 2 are needed.");
        if (DataVariation.AreAllEqual(rows)) return Nothing(vae, "the data are all the same, so no layer has a signal of them");
        var groups = Math.Min(Jackknife.MostGroups, rows.Count);
        var size = Math.Max(groups, options.BatchSize / groups * groups);
        var groupOf = RandomGroups.Of(RandomKey.FromSeed(options.Seed).At("signal shares").At("jackknife groups"), rows.Count, groups);
        var sums = vae.Options.Units.Select(units => new ShareSums(vae.Members.Count, units, groups)).ToArray();
        try
        {
            var key = RandomKey.FromSeed(options.Seed).At("signal shares");
            using var guard = no_grad();
            for (var start = 0; start < rows.Count; start += size)
            {
                using var batchScope = NewDisposeScope();
                var x = rows.Slice(start, Math.Min(size, rows.Count - start)).unsqueeze(0);
                var fromData = vae.FromData(x);
                for (var draw = 0; draw < options.Draws; draw++)
                {
                    stop.ThrowIfCancellationRequested();
                    using var drawScope = NewDisposeScope();
                    var pass = vae.Infer(x, fromData, StackNoise.Shared(key.At(start).At(draw)));
                    for (var i = 0; i < sums.Length; i++) sums[i].Add(pass.Layers[i], groupOf.AsSpan(start, (int)x.shape[1]));
                }
            }

            return [.. Enumerable.Range(0, vae.Members.Count).Select(member =>
                sums.Select((layer, i) =>
                {
                    stop.ThrowIfCancellationRequested();
                    var noise = i < sums.Length - 1 ? ActivityRule.InferenceNoise(vae.Smoothing, vae.Rho[member][i]) : 1;
                    return layer.Of(member, i + 1, noise);
                }).ToArray())];
        }
        finally
        {
            foreach (var sum in sums) sum.Dispose();
        }
    }
}
