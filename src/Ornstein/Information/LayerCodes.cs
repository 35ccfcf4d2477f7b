using Ornstein.Batching;
using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>
/// Passes through q of held-out data, layer by layer and member by member: q of a layer given x is the mixture of the Gaussians that passes of
/// the same datum give it. Nothing else of a model is asked for.
/// </summary>
internal static class LayerCodes
{
    private const long MostBytes = 1L << 29; // of Gaussians that are kept at once; members beyond it take passes of their own

    /// <summary>What is measured of the codes of every layer, [members][layers], z1 first; null for a member that is left out.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Held-out data, at least 2.</param>
    /// <param name="members">Which members to measure.</param>
    /// <param name="options">How many data and draws.</param>
    /// <param name="measure">Measures one layer of one member; its tensors are disposed of.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, or there are fewer than two data.</exception>
    public static T[]?[] Measure<T>(
        HierarchicalVae vae, DataRows rows, IReadOnlyList<int> members, InformationOptions options, Func<CodeComponents, T> measure,
        IProgress<MeasurementProgress>? progress, CancellationToken stop)
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
        var result = new T[]?[vae.Members.Count];
        var part = new MeasuredPart(progress, "information", (long)members.Count * vae.Options.Layers);
        foreach (var group in members.Chunk((int)Math.Max(1, MostBytes / Bytes(x.shape[1], options.Draws, vae.Options.Units))))
        {
            using var groupScope = NewDisposeScope();
            // A member alone does not wait for the others' passes.
            var passes = group is [var only]
                ? new InferencePasses(vae.Single(only), x, options.Seed, stop) : new InferencePasses(vae, x, options.Seed, stop);
            long[] indices = group.Length == 1 ? [0] : [.. group.Select(member => (long)member)];
            foreach (var member in group) result[member] = new T[vae.Options.Layers];
            var (own, first) = (passes.Of(0), passes.Of(1));
            foreach (var layers in TakenTogether(vae, own, first, x.shape[1] * group.Length, options.Draws))
            {
                using var layersScope = NewDisposeScope();
                foreach (var (layer, codes) in Codes(passes, own, first, layers, indices, options.Draws))
                {
                    foreach (var (i, member) in group.Index())
                    {
                        using var layerScope = NewDisposeScope();
                        result[member]![layer] = measure(codes.Of(i));
                        part.Advance();
                    }
                }
            }
        }

        return result;
    }

    // Layers of which draws are kept at the same time, [layers] at a time: those that are left over take the same passes again.
    private static IEnumerable<List<int>> TakenTogether(HierarchicalVae vae, InferencePass own, InferencePass first, long rows, int draws)
    {
        List<int> taken = [];
        var bytes = 0L;
        for (var layer = 0; layer < vae.Options.Layers; layer++)
        {
            var more = Bytes(rows, Same(own.Layers[layer], first.Layers[layer]) ? 1 : draws, [vae.Options.Units[layer]]);
            if (taken.Count > 0 && bytes + more > MostBytes)
            {
                yield return taken;
                (taken, bytes) = ([], 0);
            }

            taken.Add(layer);
            bytes += more;
        }

        yield return taken;
    }

    private static long Bytes(long rows, int draws, IEnumerable<int> units) => 2L * sizeof(float) * rows * draws * units.Sum();

    private static List<(int Layer, GroupCodes Codes)> Codes(
        InferencePasses passes, InferencePass own, InferencePass first, List<int> layers, long[] group, int draws)
    {
        var indices = tensor(group, [group.Length]);

        // In a linear model the standard deviation has one row, and in a stack of any it may have one member.
        DiagonalGaussian Keep(DiagonalGaussian q) => new(
            q.Mean.index_select(0, indices).MoveToOuterDisposeScope(),
            q.StandardDeviation.expand_as(q.Mean).index_select(0, indices).MoveToOuterDisposeScope());

        using var scope = NewDisposeScope();
        // The same Gaussians for other draws: q of such a layer reads x alone.
        List<(int Layer, GroupCodes Codes)> result = [.. layers.Select(i => (i, new GroupCodes(
            own.Samples[i].index_select(0, indices).MoveToOuterDisposeScope(), Keep(own.Layers[i]), [Keep(first.Layers[i])],
            Same(own.Layers[i], first.Layers[i]))))];
        if (result.TrueForAll(layer => layer.Codes.IsExact)) return result;
        for (var draw = 2; draw <= draws; draw++)
        {
            var pass = passes.Of(draw);
            foreach (var (layer, codes) in result)
            {
                if (!codes.IsExact) codes.Fresh.Add(Keep(pass.Layers[layer]));
            }

            scope.DisposeEverything();
        }

        return result;
    }

    // Numbers that are not finite count as the same: a member that has them must not decide for the others.
    private static bool Same(DiagonalGaussian a, DiagonalGaussian b) =>
        (a.Mean - b.Mean).nan_to_num().Is(0).all().item<bool>()
        && (a.StandardDeviation - b.StandardDeviation).nan_to_num().Is(0).all().item<bool>();

    // Of one layer, float32 [group, data, units].
    private sealed record GroupCodes(Tensor Points, DiagonalGaussian Own, List<DiagonalGaussian> Fresh, bool IsExact)
    {
        public CodeComponents Of(int index) => new(
            Points[index].to(ScalarType.Float64), new(Own.Mean[index].to(ScalarType.Float64), Own.StandardDeviation[index].to(ScalarType.Float64)),
            [.. Fresh.Select(q => new DiagonalGaussian(q.Mean[index], q.StandardDeviation[index]))], IsExact);
    }
}
