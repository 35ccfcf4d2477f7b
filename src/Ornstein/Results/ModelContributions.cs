namespace Ornstein.Results;

/// <summary>
/// What a model keeps when some of its layers come from p in the place of q; of the unsmoothed model, nats per datum, with standard errors
/// over data that hold the noise of the draws (docs/evaluation.md).
/// </summary>
public sealed record ModelContributions
{
    /// <summary>-E log p(x | z) with all layers from p: what a reconstruction costs that knows nothing of x.</summary>
    public required Estimate FromPrior { get; init; }

    /// <summary>-E log p(x | z) with z_i and the layers above from q and those below from p, by i, z1 first.</summary>
    public required Estimate[] ReconstructionFrom { get; init; }

    /// <summary>
    /// The bound that goes with <see cref="ReconstructionFrom"/>, less the log-ratios of the layers from q: at most log p(x) (L^{>k} of Maaløe
    /// et al. 2019, with k = i - 1). The first is the joint ELBO.
    /// </summary>
    public required Estimate[] ElboFrom { get; init; }

    /// <summary>
    /// Skip-ELBO by cut j, 1 first: z_1..z_j from q, the layers above from p's prior. At most log p(x). The last is the joint ELBO. Null
    /// with <see cref="SkipElboReason"/>.
    /// </summary>
    public Estimate[]? SkipElbo { get; init; }

    /// <summary>Why there is no skip-ELBO; null where there is.</summary>
    public string? SkipElboReason { get; init; }
}
