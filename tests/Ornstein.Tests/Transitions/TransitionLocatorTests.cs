using CsCheck;
using Ornstein.Results;
using Ornstein.Theory;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

public class TransitionLocatorTests
{
    private const double MeanOfZeros = ((2.0 / 3) + (7.0 / 15) + (1.0 / 2)) / 3; // of three seeds: see Fallen
    private static readonly double[] _grid = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    private static readonly double[] _fine = [.. Enumerable.Range(1, 50).Select(i => i / 50.0)];

    [Fact]
    public void Locate_OneSharpDrop_LiesBetweenItsTwoGridPoints()
    {
        var (critical, reason) = Locate([0.86, 0.64, 0.57, 0.52, 0.51, 0.004, 0.002, 0.001]);
        Assert.Null(reason);
        Assert.Equal((0.7, 0.8), (critical!.Low, critical.High));
        Assert.InRange(critical.Estimate, 0.7, 0.8);
        Assert.Equal((0.51, 0.004), (critical.TopLayerKlBelow, critical.TopLayerKlAbove));
        Assert.Equal((0.51 - 0.004) / 0.1, critical.Sharpness, 1e-9);
        Assert.Null(critical.ConfidenceLow); // one seed says nothing of others
    }

    /// <summary>
    /// The truth is known: rho_c = 1 - eta^2 / lambda of the strongest direction, for three eigenvalues at random. The hardest are directions
    /// that all but coincide. The most that it is off on each grid is what docs/theory.md states.
    /// </summary>
    [Theory]
    [InlineData(50, 0.02)]
    [InlineData(20, 0.035)]
    [InlineData(10, 0.07)]
    public void Locate_KlOfLinearTheory_IsAtItsCriticalRho(int steps, double most)
    {
        double[] grid = [.. Enumerable.Range(1, steps).Select(i => i / (double)steps)];
        Gen.Select(Gen.Double[0.4, 3.4], Gen.Double[0.4, 3.4], Gen.Double[0.4, 3.4]).Sample(
            logs =>
            {
                double[] eigenvalues = [.. new[] { logs.Item1, logs.Item2, logs.Item3 }.Select(Math.Exp).OrderDescending()];
                var kl = Array.ConvertAll(grid, rho => LinearPrediction.At(eigenvalues, 1, rho, new LinearSmoothing()).Kl[1]);
                var critical = Located(grid, kl).Critical!;
                Assert.Equal(1 - (1 / eigenvalues[0]), critical.Estimate, most);
            },
            iter: 60);
    }

    [Fact]
    public void Layers_UnitsOfLinearTheory_FallAtTheCriticalRhoOfEveryDirection()
    {
        double[] eigenvalues = [12, 6, 3, 2];
        var members = _fine.Select((rho, i) =>
        {
            var kl = eigenvalues.Select(value => LinearPrediction.At([value], 1, rho, new LinearSmoothing()).Kl[1]).ToArray();
            if (i % 2 == 0) Array.Reverse(kl); // units trade places from one rho to the next
            return Member(rho, 0, kl.Sum()) with { UnitKl = [[], kl] };
        });
        var units = TransitionLocator.Layers([.. members], new()).Single().Units!;
        for (var i = 0; i < 4; i++) Assert.Equal(1 - (1 / eigenvalues[i]), units[i]!.Estimate, 0.01);
    }

    [Fact]
    public void Locate_SeedsThatFallAtDifferentRhos_SpansBoth()
    {
        var (critical, _) = Locate([0.8, 0.8, 0.7, 0.01, 0.005, 0.001, 0.001, 0], [0.8, 0.8, 0.7, 0.6, 0.5, 0.005, 0.001, 0]);
        Assert.Equal((0.5, 0.8), (critical!.Low, critical.High));
        Assert.InRange(critical.Estimate, 0.6, 0.75);
        Assert.Equal((0, 1), (critical.ConfidenceLow!.Value, critical.ConfidenceHigh!.Value)); // two seeds this far apart say next to nothing
    }

    [Fact]
    public void Locate_SomeKlLeftAtTheHighestRho_CountsAsCollapsedUpToTwiceThat()
    {
        var (critical, _) = Locate([0.5, 0.45, 0.4, 0.4, 0.3, 0.06, 0.015, 0.009]);
        Assert.Equal((0.8, 0.9), (critical!.Low, critical.High));
    }

    [Fact]
    public void Locate_ActiveAndCollapsedInTurn_SpansTheDisorder()
    {
        var (critical, _) = Locate([0.8, 0.8, 0.01, 0.3, 0.005, 0.005, 0.001, 0]);
        Assert.Equal((0.3, 0.7, 0.5), (critical!.Low, critical.High, critical.Estimate));
    }

    [Fact]
    public void Layers_CollapsedAtLowRhosToo_GivesTheUpperEndAndSaysFromWhereItIsActive()
    {
        var drop = TransitionLocator.Layers([.. Members([0.001, 0.01, 0.4, 0.5, 0.5, 0.2, 0.001, 0])], new()).Single().Drop!;
        Assert.Equal((0.8, 0.9, 0.5), (drop.Low, drop.High, drop.ActiveFrom));
    }

    [Fact]
    public void Locate_NoDrop_SaysThereIsNoTransition()
    {
        Assert.Equal(
            "no transition: the top layer's KL is above 0.05 nats up to rho 1", Locate([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8]).Reason);
        Assert.Equal("no transition: the top layer's KL is below 0.05 nats at every rho", Locate([0.01, 0.01, 0, 0, 0, 0, 0, 0]).Reason);
        // A KL that rises with rho, as that of a layer which smoothing cuts off, is no collapse above a critical rho.
        Assert.StartsWith("no transition", Locate([0, 0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_NoDropOnPartOfTheRange_SaysWhatWasNotTried()
    {
        Assert.EndsWith("up to rho 0.6; higher was not tried", Located([0.2, 0.6], [0.9, 0.8]).Reason, StringComparison.Ordinal);
        Assert.EndsWith("at every rho; below 0.2 was not tried", Located([0.2, 0.6], [0.01, 0]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_SeedsThatContradictEachOther_SaysWhichDoWhat() => Assert.Equal(
        "cannot say: the seeds disagree: the top layer falls with seed 2, is active at the highest rho with seed 0, is collapsed at every "
        + "rho with seed 1; train longer or with more seeds",
        Locate([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8], [0.01, 0.01, 0, 0, 0, 0, 0, 0], [0.9, 0.9, 0.9, 0.9, 0, 0, 0, 0]).Reason);

    [Fact]
    public void Layers_UnitsOfAnotherNumber_HaveNone()
    {
        var members = Members([0.86, 0.64, 0.5, 0.38, 0.41, 0.004, 0.002, 0.001]);
        members[0] = members[0] with { UnitKl = [[1], [0.5, 0.36]] };
        Assert.Null(TransitionLocator.Layers(members, new()).Single().Units);
    }

    [Fact]
    public void Locate_ASingleRho_CannotSay() =>
        Assert.Contains("at least two", TransitionLocator.Locate([Member(0.5, 0, 0.3)], new()).Reason!, StringComparison.Ordinal);

    [Fact]
    public void Locate_DivergedMembers_AreLeftOut()
    {
        var members = Members([0.86, 0.64, double.NaN, 0.38, 0.41, 0.004, 0.002, 0.001]);
        Assert.Equal(0.7, TransitionLocator.Locate(members, new()).Critical!.Low);
        Assert.Equal(
            "cannot say: the members at rho 1 diverged, or all others",
            Locate([0.86, 0.64, 0.5, 0.38, 0.41, 0.004, 0.002, double.NaN]).Reason);
        // A seed without the highest rho would look as if it did not fall: it is left out.
        double[] falls = [0.86, 0.64, 0.5, 0.38, 0.41, 0.004, 0.002, 0.001];
        var drop = TransitionLocator.Layers(
            [.. Members(falls), .. Members([0.86, 0.64, 0.5, 0.38, 0.41, 0.4, double.NaN, double.NaN], seed: 1)], new()).Single().Drop!;
        Assert.Equal((0.7, 0.8, 1), (drop.Low, drop.High, drop.Seeds));
        Assert.StartsWith(
            "cannot say: every member diverged",
            TransitionLocator.Locate(Members([.. _grid.Select(_ => double.NaN)]), new()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_AModelOfOneLayer_HasNone() => Assert.Contains(
        "one layer", TransitionLocator.Locate([Member(0, 0, 5) with { Kl = [5] }, Member(1, 0, 5) with { Kl = [5] }], new()).Reason!,
        StringComparison.Ordinal);

    [Fact]
    public void Layers_LayersThatFallOneAfterAnother_EachHaveTheirOwn()
    {
        double[] z2 = [2, 2, 2, 2, 2, 1.9, 1.5, 1.2], z3 = [1, 1, 0.9, 0.9, 0.8, 0.5, 0.004, 0], z4 = [0.3, 0.3, 0.2, 0.1, 0.001, 0, 0, 0];
        var members = _grid.Select((rho, i) => Member(rho, 0, z4[i]) with { Kl = [15, z2[i], z3[i], z4[i]] });
        var layers = TransitionLocator.Layers([.. members], new());
        Assert.Equal([2, 3, 4], layers.Select(layer => layer.Layer));
        Assert.Equal("no transition: layer z2's KL is above 0.05 nats up to rho 1", layers[0].Reason);
        Assert.Equal((0.8, 0.9), (layers[1].Drop!.Low, layers[1].Drop!.High));
        Assert.Equal((0.6, 0.7), (layers[2].Drop!.Low, layers[2].Drop!.High));
    }

    [Fact]
    public void Locate_SeveralSeeds_AveragesWhatIsOfTheSeedsAndSpansThemAll()
    {
        var critical = TransitionLocator.Locate(Fallen(), new()).Critical!;
        Assert.Equal((0.4, 0.8), (critical.Low, critical.High));
        Assert.Equal(MeanOfZeros, critical.Estimate, 1e-12);
        // Over a step of 0.2 behind the last active point of each.
        Assert.Equal(((0.1 - 0.003) + 0.2 + 0.1) / 0.2 / 3, critical.Sharpness, 1e-12);
        // Of all seeds at the ends of the whole span, wherever each falls.
        Assert.Equal((0.4 + 0.2 + 0.1) / 3, critical.TopLayerKlBelow, 1e-12);
        Assert.Equal((0.003 + 0.0012) / 3, critical.TopLayerKlAbove, 1e-12);
    }

    [Fact]
    public void Layers_UnitsOfSeveralSeeds_AverageTheirZerosAndSpanThemAll()
    {
        // The second falls with one seed alone, and the third is nothing.
        var units = TransitionLocator.Layers(Fallen(), new()).Single().Units!;
        Assert.Equal(MeanOfZeros, units[0]!.Estimate, 1e-12);
        Assert.Equal((0.4, 0.8), (units[0]!.Low, units[0]!.High));
        Assert.Equal([null, null], units[1..]);
    }

    [Fact]
    public void Layers_SeedsThatAreActiveFromDifferentRhos_SayFromWhereAllAre()
    {
        double[] always = [1, 0.7, 0.4, 0.1, 0, 0], early = [0, 0.7, 0.4, 0.1, 0, 0], late = [0, 0, 0.4, 0.1, 0, 0];
        double? From(params double[][] seeds) => TransitionLocator.Layers([.. seeds.SelectMany((curve, seed) => Curve(curve, seed))], new()).Single().Drop!.ActiveFrom;
        Assert.Equal(0.4, From(early, late, always));
        Assert.Equal(0.2, From(always, early));
        Assert.Null(From(always, always));
    }

    /// <summary>One point is no curve: it would say that the seed is collapsed at every rho.</summary>
    [Fact]
    public void Layers_ASeedOfTheHighestRhoAlone_IsLeftOut()
    {
        double[] last = [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0];
        var drop = TransitionLocator.Layers([.. Curve([1, 0.7, 0.4, 0.1, 0, 0], 0), .. Curve(last, 1)], new()).Single().Drop!;
        Assert.Equal((0.6, 0.8, 1), (drop.Low, drop.High, drop.Seeds));
        Assert.Equal("cannot say: the members at rho 1 diverged, or all others", TransitionLocator.Locate(Curve(last, 1), new()).Reason);
    }

    [Fact]
    public void Locate_NoModels_CannotSay() => Assert.Equal((null, "cannot say: there is no model"), TransitionLocator.Locate([], new()));

    [Fact]
    public void Layers_ModelsOfTwoDepths_SayWhyOfEveryLayerThatOneHas()
    {
        var layers = TransitionLocator.Layers([Member(0, 0, 1), Member(1, 0, 0) with { Kl = [15, 1, 0.5, 0] }], new());
        Assert.Equal([2, 3, 4], layers.Select(layer => layer.Layer));
        Assert.All(layers, layer => Assert.StartsWith("cannot say: there are models of 2 and of 4 layers", layer.Reason, StringComparison.Ordinal));
    }

    // Straight falls, so that the line through the last two points is the curve itself.
    private static MemberResult[] Fallen()
    {
        double[][] curves = [[1, 0.7, 0.4, 0.1, 0.003, 0], [1.4, 0.8, 0.2, 0, 0.0012, 0], [0.5, 0.3, 0.1, 0, 0, 0]];
        return [.. curves.SelectMany((curve, seed) => Curve(curve, seed).Select(member => member with { UnitKl = [[], [0, seed == 0 ? member.TopKl / 2 : 0, member.TopKl]] }))];
    }

    private static MemberResult[] Curve(double[] curve, long seed) => [.. curve.Select((kl, i) => Member(i / 5.0, seed, kl))];

    private static (CriticalRho? Critical, string? Reason) Located(double[] rho, double[] kl) =>
        TransitionLocator.Locate([.. rho.Zip(kl, (at, value) => Member(at, 0, value))], new());

    private static (CriticalRho? Critical, string? Reason) Locate(params double[][] curves) =>
        TransitionLocator.Locate([.. curves.SelectMany((curve, seed) => Members(curve, seed))], new TransitionOptions());

    private static MemberResult[] Members(double[] curve, long seed = 0) => [.. curve.Select((kl, i) => Member(_grid[i], seed, kl))];

    internal static MemberResult Member(double rho, long seed, double topKl) => new()
    {
        Rho = rho, Seed = seed, Status = "ok", SmoothedObjective = -100, Elbo = -101, Reconstruction = 80,
        Kl = [15, topKl], UnsmoothedKl = [16, topKl], TopKl = topKl, ActiveUnits = [3, 1],
    };
}
