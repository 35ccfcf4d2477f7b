using Ornstein.Batching;
using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>
/// Bounds on the mutual information I(x; z_i) under q of every layer (docs/evaluation.md). Only passes through q are asked for: that of a
/// layer given x is the mixture of the Gaussians that passes of the same datum give it.
/// </summary>
public static class MutualInformation
{
    /// <summary>The bounds of every layer, [members][layers], z1 first; null for a member that is left out.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Held-out data, at least 2.</param>
    /// <param name="members">Which members to measure; those with weights that are not finite have no bounds.</param>
    /// <param name="options">How many data and draws.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, or there are fewer than two data.</exception>
    public static LayerInformation[]?[] Of(
        HierarchicalVae vae, DataRows rows, IReadOnlyList<int> members, InformationOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (rows.Count < 2) throw new OrnsteinException($"mutual information over {rows.Count} data; at least 2 are needed.");
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var x = rows.Slice(0, Math.Min(options.Data, rows.Count)).unsqueeze(0);
        var key = RandomKey.FromSeed(options.Seed).At("information");
        InferencePass Pass(int draw)
        {
            stop.ThrowIfCancellationRequested();
            return vae.Infer(x, StackNoise.Shared(key.At(draw)));
        }

        var own = Pass(0);
        var fresh = new List<DiagonalGaussian>[vae.Options.Layers];
        var isExact = new bool[vae.Options.Layers];
        for (var draw = 1; draw <= options.Draws; draw++)
        {
            using var drawScope = NewDisposeScope();
            var pass = Pass(draw);
            for (var i = 0; i < fresh.Length; i++)
            {
                // The same Gaussians for other draws: q of this layer reads x alone.
                if (draw == 1) (fresh[i], isExact[i]) = ([], Same(own.Layers[i], pass.Layers[i]));
                if (isExact[i] && draw > 1) continue;
                fresh[i].Add(new DiagonalGaussian(
                    pass.Layers[i].Mean.MoveToOuterDisposeScope(), pass.Layers[i].StandardDeviation.MoveToOuterDisposeScope()));
            }
        }

        var result = new LayerInformation[]?[vae.Members.Count];
        foreach (var member in members)
        {
            result[member] = [.. fresh.Select((layer, i) =>
            {
                using var layerScope = NewDisposeScope();
                var codes = new CodeComponents(
                    own.Samples[i][member].to(ScalarType.Float64), Of(own.Layers[i], member), [.. layer.Select(q => Of(q, member))], isExact[i]);
                return InformationBounds.Of(codes, stop);
            })];
        }

        return result;
    }

    // Numbers that are not finite count as the same: a member that has them must not decide for the others.
    private static bool Same(DiagonalGaussian a, DiagonalGaussian b) =>
        (a.Mean - b.Mean).nan_to_num().eq(0).all().item<bool>()
        && (a.StandardDeviation - b.StandardDeviation).nan_to_num().eq(0).all().item<bool>();

    // In a linear model the standard deviation has one row, and in a stack of any it may have one member.
    private static DiagonalGaussian Of(DiagonalGaussian layer, int member)
    {
        var mean = layer.Mean[member].to(ScalarType.Float64);
        var deviation = layer.StandardDeviation.expand_as(layer.Mean)[member].to(ScalarType.Float64);
        return new DiagonalGaussian(mean, deviation);
    }
}
