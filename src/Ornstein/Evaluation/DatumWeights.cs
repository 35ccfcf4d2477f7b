using System.Runtime.InteropServices;
using Ornstein.Results;

namespace Ornstein.Evaluation;

/// <summary>Sums over the samples of a datum of log-weights log p(x, z) - log q(z | x), by model.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct DatumWeights
{
    /// <summary>Of the unsmoothed model.</summary>
    public LogWeightSum Unsmoothed;

    /// <summary>Of the smoothed generative model.</summary>
    public LogWeightSum Generative;

    /// <summary>The bounds of a member, from the sums of every datum.</summary>
    /// <param name="weights">By datum.</param>
    /// <param name="draws">Samples per datum.</param>
    public static MemberBounds Bounds(DatumWeights[] weights, int draws) => new()
    {
        Draws = draws,
        SampledElbo = Estimate.OfMean([.. weights.Select(datum => datum.Unsmoothed.Sum / draws)]),
        ImportanceWeighted = Estimate.OfMean([.. weights.Select(datum => datum.Unsmoothed.LogMean(draws))]),
        SmoothedGenerative = Estimate.OfMean([.. weights.Select(datum => datum.Generative.Sum / draws)]),
        SmoothedGenerativeImportanceWeighted = Estimate.OfMean([.. weights.Select(datum => datum.Generative.LogMean(draws))]),
    };
}
