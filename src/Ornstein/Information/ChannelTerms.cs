using Ornstein.Results;

namespace Ornstein.Information;

/// <summary>What each datum adds to the information of one layer as a whole and unit by unit.</summary>
/// <param name="Bounds">Terms of the bounds.</param>
/// <param name="Units">Terms of every unit's information, [units][data].</param>
/// <param name="Doubts">What finitely many draws may have left of each, nats, [units].</param>
/// <param name="Alone">The middle of the bounds.</param>
/// <param name="WithUnits">
/// The units' information, known from quadrature, and what the middle of the bounds has over the units' at the same points: where units hang
/// together little, that is little, and so is its noise. Null where the units' is not known well.
/// </param>
internal sealed record ChannelTerms(BoundTerms Bounds, IReadOnlyList<double[]> Units, IReadOnlyList<double> Doubts, MiddleTerms Alone, MiddleTerms? WithUnits)
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
            withUnits = new MiddleTerms(Over(bounds.Lower, units.LowerAtPoints), Over(bounds.Upper, units.UpperAtPoints)) { Doubt = units.Doubts.Sum() };
        }

        return new ChannelTerms(bounds, units.PerDatum, units.Doubts, new MiddleTerms(bounds.Lower, bounds.Upper), withUnits);
    }
}

/// <summary>Terms of a number from below and from above, [data] each, between whose means it lies.</summary>
/// <param name="Lower">From below.</param>
/// <param name="Upper">From above.</param>
internal sealed record MiddleTerms(double[] Lower, double[] Upper)
{
    /// <summary>What finitely many draws may have left in both, nats: no part of their distance, which it leaves as it is.</summary>
    public double Doubt { get; init; }

    private double[] Middle => [.. Lower.Zip(Upper, (lower, upper) => (lower + upper) / 2)];

    private double HalfDistance => (Upper.Average() - Lower.Average()) / 2;

    /// <summary>The middle; its error holds that of the mean over the data, half the distance of the two, and what finitely many draws may have left.</summary>
    public Estimate Estimate() => Results.Estimate.OfMean(Middle).Widened(HalfDistance, Doubt);

    /// <summary>This number less another of the same data.</summary>
    public Estimate Less(MiddleTerms other) =>
        Results.Estimate.OfMean([.. Middle.Zip(other.Middle, (a, b) => a - b)]).Widened(HalfDistance, other.HalfDistance, Doubt - other.Doubt);
}
