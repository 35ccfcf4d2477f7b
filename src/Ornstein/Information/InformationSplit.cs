using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Results;

namespace Ornstein.Information;

/// <summary>
/// The mutual information of every layer with the data under q, split (docs/evaluation.md). q(z_i | x) is a mixture of Gaussians with means m and
/// widths s, over the layers that q of z_i reads. The means' part is I(x; z~_i), of the channel that has, unit by unit, the root mean square of s
/// over data and draws in the place of s; the widths' part is the rest.
/// </summary>
/// <remarks>
/// A layer whose widths are the same for all data has all of it in its means, one whose means are has all of it in its widths. Widths that vary
/// with noise and not with x have no part: the rest is then what the common width spoils, or below zero where it helps. Means are those of q given
/// the layers that it reads: noise in them whose size tells about x is part of the means.
/// </remarks>
public static class InformationSplit
{
    /// <summary>The information of every layer, [members][layers], z1 first; null for a member that is left out.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Held-out data, at least 2.</param>
    /// <param name="members">Which members to measure; those with weights that are not finite have no numbers.</param>
    /// <param name="options">How many data and draws.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, or there are fewer than two data.</exception>
    public static LayerSplit[]?[] Of(
        HierarchicalVae vae, DataRows rows, IReadOnlyList<int> members, InformationOptions options, IProgress<MeasurementProgress>? progress = null,
        CancellationToken stop = default) =>
        LayerCodes.Measure(vae, rows, members, options, codes => Of(codes, stop), progress, stop);

    /// <summary>The information of one layer.</summary>
    internal static LayerSplit Of(CodeComponents codes, CancellationToken stop)
    {
        var whole = ChannelTerms.Of(codes, stop);
        var means = ChannelTerms.Of(codes.WithCommonWidths(), stop);
        var (information, ofMeans) = whole.WithUnits is { } a && means.WithUnits is { } b && a.Estimate().StandardError < whole.Alone.Estimate().StandardError
            ? (a, b)
            : (whole.Alone, means.Alone);
        Estimate[] Units(Func<int, IReadOnlyCollection<double>> terms, Func<int, double> doubt) =>
            [.. Enumerable.Range(0, whole.Units.Count).Select(j => Estimate.OfMean(terms(j)).Widened(doubt(j)))];
        return new LayerSplit
        {
            Information = information.Estimate(),
            Means = ofMeans.Estimate(),
            Widths = information.Less(ofMeans),
            UnitInformation = Units(j => whole.Units[j], j => whole.Doubts[j]),
            UnitMeans = Units(j => means.Units[j], j => means.Doubts[j]),
            UnitWidths = Units(j => [.. whole.Units[j].Zip(means.Units[j], (all, mean) => all - mean)], j => whole.Doubts[j] - means.Doubts[j]),
            Bounds = whole.Bounds.Means(),
        };
    }
}
