using Ornstein.Results;

namespace Ornstein.Information;

/// <summary>What each datum adds to the information of one layer as a whole and unit by unit.</summary>
/// <param name="Bounds">Terms of the bounds.</param>
/// <param name="Units">Terms of every unit's information, [units][data].</param>
/// <param name="Alone">The middle of the bounds.</param>
/// <param name="WithUnits">
/// The units' information, known from quadrature, and what the middle of the bounds has over the units' at the same points: where units hang
/// together little, that is little, and so is its noise. Null where the units' is not known well.
/// </param>
internal sealed record ChannelTerms(BoundTerms Bounds, IReadOnlyList<double[]> Units, MiddleTerms Alone, MiddleTerms? WithUnits)
{
    /// <summary>The terms of a layer's codes.</summary>
    public static ChannelTerms Of(CodeComponents codes, CancellationToken stop)
    {
        var bounds = InformationBounds.Of(codes, stop);
        var units = UnitInformation.Of(codes, stop);
        MiddleTerms? withUnits = null;
        if (units.IsResolved)
        {
            double[] Over(double[] bound, IReadOnlyList<double> atPoints) =>
                [.. bound.Select((term, n) => term - atPoints[n] + units.PerDatum.Sum(unit => unit[n]))];
            withUnits = new MiddleTerms(Over(bounds.Lower, units.LowerAtPoints), Over(bounds.Upper, units.UpperAtPoints));
        }

        return new ChannelTerms(bounds, units.PerDatum, new MiddleTerms(bounds.Lower, bounds.Upper), withUnits);
    }
}

/// <summary>Terms of a number from below and from above, [data] each, between whose means it lies.</summary>
/// <param name="Lower">From below.</param>
/// <param name="Upper">From above.</param>
internal sealed record MiddleTerms(double[] Lower, double[] Upper)
{
    private double[] Middle => [.. Lower.Zip(Upper, (lower, upper) => (lower + upper) / 2)];

    private double HalfDistance => (Upper.Average() - Lower.Average()) / 2;

    /// <summary>The middle; its error holds that of the mean over the data and half the distance of the two.</summary>
    public Estimate Estimate() => Widened(Results.Estimate.OfMean(Middle), HalfDistance, 0);

    /// <summary>This number less another of the same data.</summary>
    public Estimate Less(MiddleTerms other) =>
        Widened(Results.Estimate.OfMean([.. Middle.Zip(other.Middle, (a, b) => a - b)]), HalfDistance, other.HalfDistance);

    private static Estimate Widened(Estimate mean, double first, double second) =>
        mean with { StandardError = Math.Sqrt((mean.StandardError * mean.StandardError) + (first * first) + (second * second)) };
}
