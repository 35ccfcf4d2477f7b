using Ornstein.Results;

namespace Ornstein.Evaluation;

/// <summary>Means over data and draws of the terms of the objectives, nats per datum.</summary>
/// <param name="Reconstruction">-E log p(x | z1), [members].</param>
/// <param name="SmoothedKl">KL of every layer as trained (p smoothed), [layers][members], z1 first.</param>
/// <param name="UnsmoothedKl">KL of every layer of the unsmoothed model, [layers][members], z1 first.</param>
public sealed record ObjectiveMeans(double[] Reconstruction, double[][] SmoothedKl, double[][] UnsmoothedKl)
{
    /// <summary>
    /// -E log p(x | z1) where nothing is smoothed, [members]: other than <see cref="Reconstruction"/> in a ladder with smoothing alone, whose q is then merged with the unsmoothed p.
    /// </summary>
    public double[] UnsmoothedReconstruction { get; init; } = Reconstruction;

    /// <summary>Parts of <see cref="SmoothedKl"/> below the top, from independent draws of z_{i+1}; null where they were not measured or are not
    /// defined.</summary>
    public KlPartMeans? SmoothedKlParts { get; init; }

    /// <summary>The terms of <see cref="SmoothedKl"/> by unit, [layers][members][units]; null where they were not measured.</summary>
    public double[][][]? SmoothedUnitKl { get; init; }

    /// <summary>Smoothed objective -(reconstruction + sum of KLs) of a member; not a bound at rho below 1.</summary>
    public double SmoothedObjective(int member) => -(Reconstruction[member] + SmoothedKl.Sum(layer => layer[member]));

    /// <summary>Evidence lower bound of the unsmoothed model of a member, by the KLs of its layers.</summary>
    public double Elbo(int member) => -(UnsmoothedReconstruction[member] + UnsmoothedKl.Sum(layer => layer[member]));
}
