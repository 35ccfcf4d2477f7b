using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Diagnosis;

/// <summary>
/// Measures of every layer below the top the effective rho up to which a collapsed layer above would grow, by codes of any form for means and
/// widths of this layer (docs/theory.md, "The stability of a collapsed layer"): <see cref="LayerShares.MomentOnset"/>.
/// </summary>
public static class MomentOnsets
{
    /// <summary>Least number of data: two in each group of each half.</summary>
    public const int LeastData = 2 * MomentCriterion.Groups;

    // Rows of a regression; what more data or passes would add is below its standard error.
    private const int MostRows = 8000;

    /// <summary>Shares with moment onsets beside, [members][layers].</summary>
    /// <param name="vae">The stack, which is Markov.</param>
    /// <param name="rows">Held-out data.</param>
    /// <param name="options">Passes per datum at most, and their seed.</param>
    /// <param name="shares">Shares of every layer of every member; layers without shares stay as they are.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">The model is not Markov.</exception>
    public static LayerShares[][] AddTo(
        LayerShares[][] shares, HierarchicalVae vae, DataRows rows, EvaluationOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        vae.RequireMarkov("moments of codes");
        var reason = ReasonAgainst(vae, rows);
        bool Asked(LayerShares layer) => layer.Reason is null && layer.Layer < vae.Options.Layers;
        if (reason is not null)
            return [.. shares.Select(member => member.Select(layer => Asked(layer) ? layer with { MomentReason = reason } : layer).ToArray())];
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (passes, groups) = Passes(vae, rows, options, stop);
        return [.. shares.Select((member, m) => member.Select((layer, i) =>
        {
            if (!Asked(layer)) return layer;
            stop.ThrowIfCancellationRequested();
            using var layerScope = NewDisposeScope();
            Tensor Part(Func<(Tensor Sample, Tensor Mean, Tensor Deviation), Tensor> part) =>
                cat([.. passes.Select(pass => part(pass[i])[part(pass[i]).shape[0] == 1 ? 0 : m])], 0).to(ScalarType.Float64);
            var (onset, code) = MomentCriterion.Of(
                Part(pass => pass.Sample), Part(pass => pass.Mean), Part(pass => pass.Deviation).Squared(), groups);
            return layer with { MomentOnset = onset, FirstCode = code };
        }).ToArray())];
    }

    private static string? ReasonAgainst(HierarchicalVae vae, DataRows rows)
    {
        if (vae.Options.IsLinear) return "linear networks read linearly and have widths that stay: the onset is exact";
        if (vae.Smoothing.Networks.HasFlag(SmoothedNetworks.Q) && vae.Members.Any(member => Enumerable.Range(0, vae.Options.Layers - 1).Any(link => member.MaySmooth(link, vae.Options.Layers - 1))))
            return "cannot say: q is smoothed, and does not read the sample that the expectation is given";
        return rows.Count < LeastData
            ? FormattableString.Invariant($"cannot say: there are {rows.Count} data, and halves to find and to measure a code on need {LeastData}")
            : null;
    }

    // Samples and Gaussians of every layer below the top, pass by pass, and the group of the datum of every row.
    private static (List<(Tensor Sample, Tensor Mean, Tensor Deviation)[]> Passes, int[] Groups) Passes(
        HierarchicalVae vae, DataRows rows, EvaluationOptions options, CancellationToken stop)
    {
        var data = Math.Min(rows.Count, MostRows);
        var draws = Math.Clamp(MostRows / data, 1, options.Draws);
        var key = RandomKey.FromSeed(options.Seed).At("moment onsets");
        var own = RandomGroups.Of(key.At("groups"), data, MomentCriterion.Groups);
        var (passes, groups) = (new List<(Tensor, Tensor, Tensor)[]>(), new List<int>());
        var atOnce = RowsAtOnce.Of(vae, options.BatchSize);
        for (var start = 0; start < data; start += atOnce)
        {
            var size = Math.Min(atOnce, data - start);
            for (var draw = 0; draw < draws; draw++)
            {
                stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var pass = vae.Infer(rows.Slice(start, size).unsqueeze(0), StackNoise.Shared(key.At(start).At(draw)));
                passes.Add([.. Enumerable.Range(0, vae.Options.Layers - 1).Select(i => (
                    pass.Samples[i].MoveToOuterDisposeScope(), pass.Layers[i].Mean.expand_as(pass.Samples[i]).clone().MoveToOuterDisposeScope(),
                    pass.Layers[i].StandardDeviation.expand_as(pass.Samples[i]).clone().MoveToOuterDisposeScope()))]);
                groups.AddRange(own[start..(start + size)]);
            }
        }

        return (passes, [.. groups]);
    }
}
