namespace Ornstein.Results;

/// <summary>
/// Bounds on the mutual information I(x; z_i) under q, nats, each an estimate of a number on its side of the truth, with its standard error
/// over data (docs/evaluation.md).
/// </summary>
public sealed record LayerInformation
{
    /// <summary>Lower bound by contrast with the other data (InfoNCE; Poole et al. 2019); at most the logarithm of their number.</summary>
    public required Estimate Lower { get; init; }

    /// <summary>Upper bound by the other data's mixture (leave one out; Poole et al. 2019); loose where I exceeds their logarithm.</summary>
    public required Estimate UpperLeaveOneOut { get; init; }

    /// <summary>Upper bound by a Gaussian fitted to the other data's codes, exact for Gaussian ones; of layers of more than 512 units by one with independent units.</summary>
    public required Estimate UpperGaussian { get; init; }

    /// <summary>The smaller upper bound.</summary>
    public Estimate Upper() => UpperGaussian.Value < UpperLeaveOneOut.Value ? UpperGaussian : UpperLeaveOneOut;
}
