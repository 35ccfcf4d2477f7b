using Ornstein.Results;

namespace Ornstein.Information;

/// <summary>What each datum adds to the bounds on a layer's mutual information, nats, whose means the bounds are.</summary>
/// <param name="Lower">Of <see cref="LayerInformation.Lower"/>.</param>
/// <param name="UpperLeaveOneOut">Of <see cref="LayerInformation.UpperLeaveOneOut"/>.</param>
/// <param name="UpperGaussian">Of <see cref="LayerInformation.UpperGaussian"/>.</param>
internal sealed record BoundTerms(double[] Lower, double[] UpperLeaveOneOut, double[] UpperGaussian)
{
    /// <summary>The terms of the smaller upper bound.</summary>
    public double[] Upper => UpperGaussian.Average() < UpperLeaveOneOut.Average() ? UpperGaussian : UpperLeaveOneOut;

    /// <summary>The bounds.</summary>
    public LayerInformation Means() => new()
    {
        Lower = Estimate.OfMean(Lower),
        UpperLeaveOneOut = Estimate.OfMean(UpperLeaveOneOut),
        UpperGaussian = Estimate.OfMean(UpperGaussian),
    };
}
