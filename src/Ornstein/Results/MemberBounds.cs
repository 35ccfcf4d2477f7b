namespace Ornstein.Results;

/// <summary>
/// Bounds on log p(x) from k joint samples z ~ q(z | x) of all layers, with weights w = p(x, z) / q(z | x). All are true lower bounds, each of
/// the model that it names; the importance-weighted ones, E log (1/k) sum w (Burda et al. 2016, equation 8), rise to log p(x) with k.
/// </summary>
public sealed record MemberBounds
{
    /// <summary>Number k of samples per datum.</summary>
    public required int Draws { get; init; }

    /// <summary>
    /// E log w of the unsmoothed model. It differs from <see cref="MemberResult.Elbo"/>, whose KLs hold z_{i+1} fixed while they integrate over
    /// z_i. The number to set beside other systems' ELBO.
    /// </summary>
    public required Estimate SampledElbo { get; init; }

    /// <summary>Importance-weighted bound of the unsmoothed model.</summary>
    public required Estimate ImportanceWeighted { get; init; }

    /// <summary>E log w of the smoothed generative model, in which every layer is smoothed in the coordinates of p's own Gaussian.</summary>
    public required Estimate SmoothedGenerative { get; init; }

    /// <summary>Importance-weighted bound of the smoothed generative model.</summary>
    public required Estimate SmoothedGenerativeImportanceWeighted { get; init; }
}
