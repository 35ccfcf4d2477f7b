using System.Globalization;
using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;

namespace Ornstein.Evaluation;

/// <summary>Bounds from k joint samples per datum (<see cref="MemberBounds"/>) of any model, by the fastest way that knows it.</summary>
internal static class ImportanceBounds
{
    /// <summary>The bounds of every member.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Data.</param>
    /// <param name="draws">Number k of samples per datum.</param>
    /// <param name="key">Where the noise comes from: the same for all members.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    public static MemberBounds[] Of(
        HierarchicalVae vae, DataRows rows, int draws, RandomKey key, IProgress<MeasurementProgress>? progress = null, CancellationToken stop = default)
    {
        vae = vae.OnProcessor();
        var unsmoothed = vae.Unsmoothed();
        HierarchicalVae[] stacks = unsmoothed == vae ? [vae] : [vae, unsmoothed];
        var part = new MeasuredPart(progress, string.Create(CultureInfo.InvariantCulture, $"bounds from {draws:N0} samples"), (long)rows.Count * vae.Members.Count * stacks.Length);
        MemberBounds[][] bounds = [.. stacks.Select(stack => Of(stack, rows, draws, key, part, stop))];
        return [.. bounds[0].Zip(bounds[^1], (asTrained, without) => asTrained with { SampledElbo = without.SampledElbo, ImportanceWeighted = without.ImportanceWeighted })];
    }

    private static MemberBounds[] Of(HierarchicalVae vae, DataRows rows, int draws, RandomKey key, MeasuredPart part, CancellationToken stop)
    {
        if (!ImportanceSampler.Knows(vae)) return TensorImportanceSampler.Measure(vae, rows, draws, key, part, stop);
        using var sampler = new ImportanceSampler(vae, draws);
        return sampler.Measure(rows, key, part, stop);
    }
}
