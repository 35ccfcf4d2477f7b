using Ornstein.Batching;
using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
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
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, or there are fewer than two data.</exception>
    public static T[]?[] Measure<T>(
        HierarchicalVae vae, DataRows rows, IReadOnlyList<int> members, InformationOptions options, Func<CodeComponents, T> measure,
        CancellationToken stop)
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
        var bytesOfMember = 8L * x.shape[1] * options.Draws * vae.Options.Units.Sum();
        var result = new T[]?[vae.Members.Count];
        foreach (var group in members.Chunk((int)Math.Max(1, MostBytes / bytesOfMember)))
        {
            using var groupScope = NewDisposeScope();
            // A member alone does not wait for the others' passes.
            var layers = group is [var only] ? Passes(vae.Single(only), x, [0], options, stop) : Passes(vae, x, group, options, stop);
            foreach (var (i, member) in group.Index())
            {
                result[member] = [.. layers.Select(layer =>
                {
                    using var layerScope = NewDisposeScope();
                    return measure(layer.Of(i));
                })];
            }
        }

        return result;
    }

    private static List<GroupCodes> Passes(HierarchicalVae vae, Tensor x, int[] group, InformationOptions options, CancellationToken stop)
    {
        var key = RandomKey.FromSeed(options.Seed).At("information");
        var indices = tensor(group.Select(member => (long)member).ToArray(), [group.Length]);
        var parts = Parts(vae, x);
        InferencePass Pass(int draw) => InferencePass.Join([.. parts.Index().Select(part =>
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var ofPart = parts.Count == 1 ? key.At(draw) : key.At(draw).At(part.Index);
            return vae.Infer(part.Item.Data, part.Item.FromData, StackNoise.Shared(ofPart)).KeepBeyond(scope);
        })]);

        // In a linear model the standard deviation has one row, and in a stack of any it may have one member.
        DiagonalGaussian Keep(DiagonalGaussian q) => new(
            q.Mean.index_select(0, indices).MoveToOuterDisposeScope(),
            q.StandardDeviation.expand_as(q.Mean).index_select(0, indices).MoveToOuterDisposeScope());

        var own = Pass(0);
        List<GroupCodes> result = [];
        for (var draw = 1; draw <= options.Draws; draw++)
        {
            using var drawScope = NewDisposeScope();
            var pass = Pass(draw);
            for (var i = 0; i < own.Layers.Count; i++)
            {
                // The same Gaussians for other draws: q of this layer reads x alone.
                if (draw == 1)
                {
                    result.Add(new GroupCodes(
                        own.Samples[i].index_select(0, indices).MoveToOuterDisposeScope(), Keep(own.Layers[i]), [],
                        Same(own.Layers[i], pass.Layers[i])));
                }

                if (draw == 1 || !result[i].IsExact) result[i].Fresh.Add(Keep(pass.Layers[i]));
            }
        }

        return result;
    }

    // The data in as many parts as memory asks for, with what they give without samples.
    private static List<(Tensor Data, DiagonalGaussian[] FromData)> Parts(HierarchicalVae vae, Tensor x)
    {
        var atOnce = RowsAtOnce.Of(vae, (int)x.shape[1]);
        return [.. Enumerable.Range(0, (int)((x.shape[1] + atOnce - 1) / atOnce)).Select(part =>
        {
            using var scope = NewDisposeScope();
            var data = x.narrow(1, (long)part * atOnce, Math.Min(atOnce, x.shape[1] - ((long)part * atOnce))).MoveToOuterDisposeScope();
            return (data, vae.FromData(data)
                .Select(q => new DiagonalGaussian(q.Mean.MoveToOuterDisposeScope(), q.StandardDeviation.MoveToOuterDisposeScope())).ToArray());
        })];
    }

    // Numbers that are not finite count as the same: a member that has them must not decide for the others.
    private static bool Same(DiagonalGaussian a, DiagonalGaussian b) =>
        (a.Mean - b.Mean).nan_to_num().eq(0).all().item<bool>()
        && (a.StandardDeviation - b.StandardDeviation).nan_to_num().eq(0).all().item<bool>();

    // Of one layer, float32 [group, data, units].
    private sealed record GroupCodes(Tensor Points, DiagonalGaussian Own, List<DiagonalGaussian> Fresh, bool IsExact)
    {
        public CodeComponents Of(int index) => new(
            Points[index].to(ScalarType.Float64), Of(Own, index), [.. Fresh.Select(q => Of(q, index))], IsExact);

        private static DiagonalGaussian Of(DiagonalGaussian q, int index) =>
            new(q.Mean[index].to(ScalarType.Float64), q.StandardDeviation[index].to(ScalarType.Float64));
    }
}
