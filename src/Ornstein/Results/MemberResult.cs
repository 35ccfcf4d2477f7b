using System.Text.Json.Serialization;

namespace Ornstein.Results;

/// <summary>
/// What one member of a stack reached, measured on held-out data after training. All nats are per datum, summed over pixels and units.
/// Every number of a member that diverged, or whose weights or measured objectives are not finite, is NaN (<c>null</c> in JSON) and
/// <see cref="Status"/> says so.
/// </summary>
public sealed record MemberResult
{
    /// <summary>The <see cref="Status"/> of a member that has numbers.</summary>
    public const string Ok = "ok";

    /// <summary>
    /// Smoothing parameter in [0, 1]; the top link's value where links differ (see <see cref="RhoPerLink"/>). Where it was annealed, the one
    /// that the training began with.
    /// </summary>
    public required double Rho { get; init; }

    /// <summary>Smoothing parameter of each link z_i to z_{i+1}, lowest first, where links differ; otherwise null.</summary>
    public double[]? RhoPerLink { get; init; }

    /// <summary>What fights collapse in this member beside smoothing, as the command line writes it (<see cref="Ornstein.Remedies.RemedyName"/>); null for nothing.</summary>
    public string? Remedy { get; init; }

    /// <summary>
    /// What tells the data that it was measured on from others, such as <c>200 x 784, 0123456789ab</c>: rows, features and how their SHA-256 begins. Null
    /// in earlier results.
    /// </summary>
    public string? TestRows { get; init; }

    /// <summary>The seed that fixes initial weights, batches and noise.</summary>
    public required long Seed { get; init; }

    /// <summary><c>ok</c>, <c>diverged at step N</c>, or <c>not finite when measured</c>.</summary>
    public required string Status { get; init; }

    /// <summary>
    /// Training steps that it skipped because its gradient was too long (<see cref="Ornstein.Optimization.AdamOptions.SkipNorm"/>); null, and not written, where no bound was set.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SkippedSteps { get; init; }

    /// <summary>Whether <see cref="Status"/> is <c>ok</c>, so that there are numbers.</summary>
    [JsonIgnore]
    public bool IsOk => string.Equals(Status, Ok, StringComparison.Ordinal);

    /// <summary>Smoothed objective -(reconstruction + sum of <see cref="Kl"/>), nats per datum; not a bound at rho below 1.</summary>
    public required double SmoothedObjective { get; init; }

    /// <summary>
    /// Evidence lower bound of the unsmoothed model (rho = 1 in p), -(reconstruction + sum of <see cref="UnsmoothedKl"/>), nats per datum. Of a chain with generative skips that is
    /// no bound, and this is <see cref="MemberBounds.SampledElbo"/> (docs/theory.md, "The KL form is a bound"). Of a ladder with smoothing the reconstruction is
    /// <see cref="UnsmoothedReconstruction"/>.
    /// </summary>
    public required double Elbo { get; init; }

    /// <summary>
    /// -<see cref="MemberBounds.SampledElbo"/> over the number of features, in bits: where the likelihood gives probabilities to grey levels
    /// (<see cref="Likelihoods.ILikelihood.Levels"/>), else null. The field's number for colour images.
    /// </summary>
    public double? BitsPerDimension { get; init; }

    /// <summary>Bounds on log p(x) from joint samples of all layers; null where <see cref="Status"/> is not <c>ok</c>.</summary>
    public MemberBounds? Bounds { get; init; }

    /// <summary>Reconstruction term -E log p(x | z1), nats per datum.</summary>
    public required double Reconstruction { get; init; }

    /// <summary>
    /// The reconstruction term that <see cref="Elbo"/> has, nats per datum: of a ladder with smoothing, whose q is merged with the unsmoothed p there. Null, and not written, where it is
    /// <see cref="Reconstruction"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? UnsmoothedReconstruction { get; init; }

    /// <summary>KL divergence of every layer, z1 first, as trained (p smoothed), nats per datum.</summary>
    public required double[] Kl { get; init; }

    /// <summary>
    /// What the KL of every layer weighed in the objective of the last training step, beta times warm-up, z1 first; 1 where nothing weighs it. Null
    /// where <see cref="Status"/> is not <c>ok</c>, where it is not known, and in earlier results.
    /// </summary>
    public double[]? KlWeights { get; init; }

    /// <summary>
    /// Standard errors over data of <see cref="Kl"/>, NaN for a single datum; null where <see cref="Status"/> is not ok, and in earlier results.
    /// </summary>
    public double[]? KlErrors { get; init; }

    /// <summary>
    /// <see cref="Kl"/> unit by unit, [layers][units], in the order of the weights, nats per datum; null where <see cref="KlErrors"/> is.
    /// </summary>
    public double[][]? UnitKl { get; init; }

    /// <summary>KL divergence of every layer, z1 first, of the unsmoothed model (the terms of <see cref="Elbo"/>), nats per datum.</summary>
    public required double[] UnsmoothedKl { get; init; }

    /// <summary>
    /// Scale, bias and variance of the KL as trained of every layer below the top, z1 first; null where <see cref="Status"/> is not
    /// <c>ok</c>, and of models with a ladder or skip connections, where they are not defined.
    /// </summary>
    public KlParts[]? KlParts { get; init; }

    /// <summary>The same parts of the unsmoothed model.</summary>
    public KlParts[]? UnsmoothedKlParts { get; init; }

    /// <summary>KL divergence of the top layer from its prior, nats per datum.</summary>
    public required double TopKl { get; init; }

    /// <summary>Number of units per layer, z1 first, whose posterior mean varies over the data by more than a threshold, 0.01 by default
    /// (Burda et al. 2016, section 5.2), which none does over a single datum; empty where <see cref="Status"/> is not <c>ok</c>.</summary>
    public required int[] ActiveUnits { get; init; }

    /// <summary>
    /// Variance over data of every unit's posterior mean, [layers][units], in the order of the weights, estimated without bias and so also a
    /// little below zero; NaN for a single datum; null where <see cref="Status"/> is not <c>ok</c>, and in earlier results.
    /// </summary>
    public double[][]? UnitVariance { get; init; }

    /// <summary>
    /// Variance over data of E_q[log s given x] of every unit, with s q's standard deviation, [layers][units]; like <see cref="UnitVariance"/>.
    /// </summary>
    public double[][]? UnitWidthVariance { get; init; }

    /// <summary>
    /// Number of units per layer, z1 first, whose width varies over the data: <see cref="UnitWidthVariance"/> above a threshold, 0.005 by default,
    /// which is as many nats as the threshold of <see cref="ActiveUnits"/>. Null where <see cref="UnitWidthVariance"/> is.
    /// </summary>
    public int[]? WidthActiveUnits { get; init; }

    /// <summary>Number of units per layer, z1 first, that are active in means, in widths or in both; null where <see cref="UnitWidthVariance"/> is.</summary>
    public int[]? AliveUnits { get; init; }

    /// <summary>
    /// I(x; z_i) under q of every layer, z1 first, nats (<see cref="Ornstein.Information.InformationSplit"/>); null where <see cref="Status"/> is not
    /// <c>ok</c>, with an <see cref="InformationReason"/>, and in earlier results.
    /// </summary>
    public Estimate[]? Information { get; init; }

    /// <summary>What of <see cref="Information"/> lies in q's means: what is left of it with widths that are the same for all data.</summary>
    public Estimate[]? MeanInformation { get; init; }

    /// <summary>What of <see cref="Information"/> lies in q's widths: the rest.</summary>
    public Estimate[]? WidthInformation { get; init; }

    /// <summary><see cref="Information"/> of every unit alone, [layers][units], in the order of the weights.</summary>
    public Estimate[][]? UnitInformation { get; init; }

    /// <summary><see cref="MeanInformation"/> of every unit alone.</summary>
    public Estimate[][]? UnitMeanInformation { get; init; }

    /// <summary><see cref="WidthInformation"/> of every unit alone.</summary>
    public Estimate[][]? UnitWidthInformation { get; init; }

    /// <summary>How every layer is alive, z1 first; null where <see cref="Information"/> is.</summary>
    public LayerVerdict[]? Verdicts { get; init; }

    /// <summary>Why there is no information and no verdict, beginning with <c>cannot say</c>; null where there are.</summary>
    public string? InformationReason { get; init; }

    /// <summary>
    /// Quantities of one's own by their keys (<see cref="Ornstein.Measures.IMeasure"/>); null, and not written, where there are none or where
    /// <see cref="Status"/> is not <c>ok</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, MeasuredQuantity>? Measures { get; init; }
}
