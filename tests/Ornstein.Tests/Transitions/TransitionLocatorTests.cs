using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

public class TransitionLocatorTests
{
    private static readonly double[] _grid = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    [Fact]
    public void Locate_OneSharpDrop_LiesBetweenItsTwoGridPoints()
    {
        var (critical, reason) = Locate([0.86, 0.64, 0.57, 0.38, 0.41, 0.034, 0.016, 0.001]);
        Assert.Null(reason);
        Assert.Equal(0.7, critical!.Low);
        Assert.Equal(0.8, critical.High);
        // log-linear: ln(0.41 / 0.05) / ln(0.41 / 0.034) of the way.
        Assert.Equal(0.7 + (0.1 * Math.Log(0.41 / 0.05) / Math.Log(0.41 / 0.034)), critical.Estimate, 1e-12);
        Assert.Equal(0.41, critical.TopLayerKlBelow);
        Assert.Equal(0.034, critical.TopLayerKlAbove);
    }

    [Fact]
    public void Locate_SeedsThatFallAtDifferentRhos_SpansBoth()
    {
        var (critical, _) = Locate([0.8, 0.8, 0.7, 0.01, 0.01, 0.01, 0.01, 0], [0.8, 0.8, 0.7, 0.6, 0.5, 0.02, 0.01, 0]);
        Assert.Equal((0.5, 0.8), (critical!.Low, critical.High));
        Assert.InRange(critical.Estimate, 0.6, 0.7);
    }

    [Fact]
    public void Locate_ActiveAndCollapsedInTurn_SpansTheDisorder()
    {
        var (critical, _) = Locate([0.8, 0.8, 0.01, 0.3, 0.01, 0.01, 0.01, 0]);
        Assert.Equal((0.3, 0.7), (critical!.Low, critical.High));
    }

    [Fact]
    public void Locate_NoDrop_SaysThereIsNoTransition()
    {
        Assert.StartsWith("no transition", Locate([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8]).Reason, StringComparison.Ordinal);
        Assert.StartsWith("no transition", Locate([0.01, 0.01, 0, 0, 0, 0, 0, 0]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_SeedsThatContradictEachOther_NamesTheSeedAndItsRho()
    {
        Assert.Equal(
            "cannot say: with seed 0 the top layer is active up to rho 1; give higher rhos",
            Locate([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8], [0.01, 0.01, 0, 0, 0, 0, 0, 0]).Reason);
        Assert.Equal(
            "cannot say: with seed 1 the top layer is collapsed at rho 0.3 already; give lower rhos",
            Locate([0.9, 0.9, 0.9, 0.9, 0.01, 0, 0, 0], [double.NaN, 0.01, 0.5, 0, 0, 0, 0, 0]).Reason);
    }

    [Fact]
    public void Locate_ASingleRho_CannotSay() =>
        Assert.Contains("at least two", TransitionLocator.Locate([Member(0.5, 0, 0.3)], new()).Reason!, StringComparison.Ordinal);

    [Fact]
    public void Locate_DivergedMembers_AreLeftOut()
    {
        var members = Members([0.86, 0.64, double.NaN, 0.38, 0.41, 0.034, 0.016, 0.001]);
        Assert.Equal(0.7, TransitionLocator.Locate(members, new()).Critical!.Low);
        Assert.StartsWith(
            "cannot say: every member diverged",
            TransitionLocator.Locate(Members([.. _grid.Select(_ => double.NaN)]), new()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_AModelOfOneLayer_HasNone() => Assert.Contains(
        "one layer", TransitionLocator.Locate([Member(0, 0, 5) with { Kl = [5] }, Member(1, 0, 5) with { Kl = [5] }], new()).Reason!,
        StringComparison.Ordinal);

    private static (CriticalRho? Critical, string? Reason) Locate(params double[][] curves) =>
        TransitionLocator.Locate([.. curves.SelectMany((curve, seed) => Members(curve, seed))], new TransitionOptions());

    private static MemberResult[] Members(double[] curve, long seed = 0) => [.. curve.Select((kl, i) => Member(_grid[i], seed, kl))];

    private static MemberResult Member(double rho, long seed, double topKl) => new()
    {
        Rho = rho, Seed = seed, Status = "ok", SmoothedObjective = -100, Elbo = -101, Reconstruction = 80,
        Kl = [15, topKl], UnsmoothedKl = [16, topKl], TopKl = topKl, ActiveUnits = [3, 1],
    };
}
