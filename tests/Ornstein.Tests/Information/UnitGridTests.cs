using CsCheck;
using Ornstein.Information;

namespace Ornstein.Tests.Information;

/// <summary>Where densities of a unit are taken, and the trapezoid rule between them.</summary>
public sealed class UnitGridTests
{
    private const double Reach = 6; // widths

    private static readonly Gen<(double Mean, double Width)[]> _gaussians = Gen.Select(Gen.Double[-50, 80], Gen.Double[0.01, 4]).Array[1, 40];

    [Fact]
    public void Places_OfAnyGaussians_RiseFromTheLowestReachToTheHighest() => _gaussians.Sample(gaussians =>
    {
        var grid = Of(gaussians);
        var places = grid.Places.ToArray();
        Assert.Equal(UnitGrid.Points, places.Length);
        Assert.Equal(gaussians.Min(q => q.Mean - (Reach * q.Width)), places[0]);
        Assert.Equal(gaussians.Max(q => q.Mean + (Reach * q.Width)), places[^1]);
        Assert.Equal(places.Order(), places);
    }, iter: 100, threads: 1);

    /// <summary>Half of the way to each neighbour; all together the whole way.</summary>
    [Fact]
    public void Weights_OfAnyGaussians_AreThoseOfTheTrapezoidRule() => _gaussians.Sample(gaussians =>
    {
        var grid = Of(gaussians);
        var (places, weights) = (grid.Places.ToArray(), grid.Weights.ToArray());
        for (var i = 0; i < places.Length; i++)
            Assert.Equal((places[Math.Min(i + 1, places.Length - 1)] - places[Math.Max(i - 1, 0)]) / 2, weights[i], 1e-9);
        Assert.Equal(places[^1] - places[0], weights.Sum(), 1e-9);
    }, iter: 100, threads: 1);

    /// <summary>A straight line is itself between the places, and beyond them what it is at the nearest.</summary>
    [Fact]
    public void Interpolate_AStraightLine_IsItselfAndFlatBeyondTheEnds() => Gen.Select(_gaussians, Gen.Double[-0.2, 1.2]).Sample((gaussians, share) =>
    {
        var grid = Of(gaussians);
        var places = grid.Places.ToArray();
        double Line(double z) => 3 - (0.5 * z);
        var value = places[0] + (share * (places[^1] - places[0]));
        Assert.Equal(Line(Math.Clamp(value, places[0], places[^1])), grid.Interpolate(Array.ConvertAll(places, Line), value), 1e-9);
        Assert.Equal(Line(places[40]), grid.Interpolate(Array.ConvertAll(places, Line), places[40]), 1e-9);
    }, iter: 200, threads: 1);

    /// <summary>The weight of the first place that is not below the number; the two ends, which have half a weight, count as their neighbours.</summary>
    [Fact]
    public void StepAt_AnyNumber_IsTheWeightOfTheNextPlace() => Gen.Select(_gaussians, Gen.Double[-0.2, 1.2]).Sample((gaussians, share) =>
    {
        var grid = Of(gaussians);
        var places = grid.Places.ToArray();
        var value = places[0] + (share * (places[^1] - places[0]));
        var next = Array.FindIndex(places, place => place >= value);
        Assert.Equal(grid.Weights[next < 0 ? places.Length - 2 : Math.Clamp(next, 1, places.Length - 2)], grid.StepAt(value));
    }, iter: 200, threads: 1);

    /// <summary>Equal Gaussians have their places spread evenly over six widths to both sides: every one begins a golden section further on.</summary>
    [Fact]
    public void Places_OfEqualGaussians_AreSpreadEvenly()
    {
        var grid = Of([.. Enumerable.Repeat((5.0, 0.5), 500)]);
        var places = grid.Places.ToArray();
        for (var i = 1; i < places.Length - 1; i++)
            Assert.Equal(2 + (6 * (i - 1.0) / (places.Length - 3)), places[i], 6.0 / places.Length);
    }

    /// <summary>Of more than 1,024 Gaussians every other one gives places, but none is out of reach; half of the places lie where half of the Gaussians are.</summary>
    [Fact]
    public void Places_OfManyGaussians_LieWhereTheyAreAndReachAllOfThem()
    {
        var gaussians = Enumerable.Range(0, 2000).Select(i => i == 1999 ? (300, 0.1) : i < 1000 ? (0, 0.1) : (10.0, 0.1)).ToArray();
        var grid = Of(gaussians);
        var places = grid.Places.ToArray();
        Assert.Equal((-0.6, 300.6), (places[0], places[^1]), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-9);
        Assert.InRange(places.Count(place => place < 1), 62, 66);
        Assert.InRange(places.Count(place => place is > 9 and < 11), 62, 66);
    }

    private static UnitGrid Of((double Mean, double Width)[] gaussians) => new([.. gaussians.Select(q => q.Mean)], [.. gaussians.Select(q => q.Width)]);
}
