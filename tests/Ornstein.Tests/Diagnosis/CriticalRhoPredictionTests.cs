using Ornstein.Diagnosis;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Theory;

namespace Ornstein.Tests.Diagnosis;

public class CriticalRhoPredictionTests
{
    private const double Threshold = 0.05;

    private static readonly SmoothingOptions _exact = new() { Draws = 2, Sampler = SmoothingSampler.Antithetic };
    private static readonly double[] _grid = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    [Theory]
    [InlineData(5, 2, 0.8)]
    [InlineData(20, 2, 0.95)]
    [InlineData(20, 3, 0.5678)]
    public void FixedPoint_OfThreeLinearLayers_IsTheCriticalRhoOfTheory(double ratio, int layer, double expected)
    {
        var (rule, links) = Sweep(ratio, layer, _exact, _grid);
        var (predicted, reason) = CriticalRhoPrediction.FixedPoint(links, rule);
        Assert.Null(reason);
        Assert.Equal(expected, predicted!.Estimate, 0.02); // a straight line between points 0.1 apart
        Assert.InRange(expected, predicted.Low, predicted.High);
        // The finer the grid, the closer: below the transition the share rises steeply, so a wide bracket errs.
        links = Sweep(ratio, layer, _exact, [expected - 0.001, expected + 0.002]).Links;
        var fine = CriticalRhoPrediction.FixedPoint(links, rule).Predicted!;
        Assert.Equal(expected, fine.Estimate, 0.0015);
    }

    [Fact]
    public void FromCollapsed_OfAVanillaLinearModel_IsOneLessOneOverTheRatio()
    {
        var (rule, links) = Sweep(20, 2, _exact, [1]);
        Assert.Equal(0.95, CriticalRhoPrediction.FromCollapsed(links, rule).Predicted!.Estimate, 1e-9);
        // The sweep has nothing to say with one rho.
        Assert.Equal("cannot say: it needs models at two rhos", CriticalRhoPrediction.FixedPoint(links, rule).Reason);
    }

    [Fact]
    public void Of_ModelsOfSeveralRemedies_PredictsNothing()
    {
        var (rule, links) = Sweep(20, 2, _exact, _grid);
        var prediction = CriticalRhoPrediction.Of([.. links, .. links.Select(link => link with { Seed = 7, Remedy = "beta:2" })], rule);
        const string Reason = "cannot say: the models differ in 2 remedies, and a critical rho is that of one";
        Assert.Equal((Reason, Reason), (prediction.FromCollapsedReason, prediction.FixedPointReason));
        Assert.Null(prediction.FromCollapsed);
        Assert.Null(prediction.FixedPoint);
    }

    public static TheoryData<string, string> Differences => new()
    {
        { "layer", "cannot say: the links are of several layers, and a critical rho is that of one" },
        { "units", "cannot say: the layer below has another number of units in some models, and a critical rho is that of one architecture" },
        { "other links", "cannot say: the models differ in the rhos of other links too, so there is no single rho to vary" },
        { "nothing", "cannot say: there are two models of rho 0.2 and seed 0, which differ in something that they do not say" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Of_ModelsThatDifferInMoreThanRhoAndSeed_PredictsNothing(string what, string reason)
    {
        var (rule, links) = Sweep(20, 2, _exact, _grid);
        LinkDiagnosis Changed(LinkDiagnosis link) => what switch
        {
            "layer" => link with { Below = link.Below with { Layer = 2 } },
            "units" => link with { Below = link.Below with { Units = [.. link.Below.Units, new(0.1, 0)] } },
            "other links" => link with { RhoPerLink = [link.Rho, 0.37] },
            _ => link with { Seed = 0 },
        };
        Assert.NotNull(CriticalRhoPrediction.Of([.. links, .. links.Select(link => link with { Seed = 7 })], rule).FixedPoint);
        var prediction = CriticalRhoPrediction.Of([.. links, .. links.Select(link => Changed(link with { Seed = 7 }))], rule);
        Assert.Equal((reason, reason, null, null), (prediction.FromCollapsedReason, prediction.FixedPointReason, prediction.FromCollapsed, prediction.FixedPoint));
    }

    /// <summary>Two links of which one alone is varied are a sweep over it; the library names the remedy itself.</summary>
    [Fact]
    public void Of_ASweepOverOneLinkAlone_IsPredictedAndJudgedByItsRemedy()
    {
        var rule = new ActivityRule(_exact, Threshold);
        LinkDiagnosis Link(double rho, double other) => rule.Judge(Shares(1, 0.7), new Member(rho, 0), double.NaN) with { RhoPerLink = [rho, other] };
        Assert.NotNull(CriticalRhoPrediction.Of([Link(0.5, 0.3), Link(1, 0.3)], rule).FixedPoint);
        Assert.Null(CriticalRhoPrediction.Of([Link(0.5, 0.3), Link(1, 0.4)], rule).FixedPoint);
        Assert.NotNull(CriticalRhoPrediction.Of([Link(0.5, 0.5), Link(1, 1)], rule).FixedPoint); // both links go along
        var beta = rule.Judge(Shares(1, 0.7), new Member(1, 0) { Remedy = new Remedy { Beta = [2] } }, double.NaN);
        Assert.Equal("beta:2", beta.Remedy);
    }

    [Fact]
    public void FromCollapsed_WithInnerDraws_IsTheRhoWhoseEffectiveOneIsTheShare()
    {
        var (rule, links) = Sweep(20, 2, new SmoothingOptions { Draws = 8 }, [1]);
        var rho = CriticalRhoPrediction.FromCollapsed(links, rule).Predicted!.Estimate;
        Assert.Equal(Cascade.Transitions(20, new LinearSmoothing { Draws = 8 })[0].CriticalRho!.Value, rho, 1e-6);
        Assert.True(rho < 0.95);
    }

    [Fact]
    public void FixedPoint_WithQSmoothed_IsTheCriticalRhoOfTheory()
    {
        // The onset is that of shares measured with q's own noise: sqrt(e) of kappa, from theory here.
        var smoothing = _exact with { Networks = SmoothedNetworks.PQ };
        var rule = new ActivityRule(smoothing, Threshold);
        var critical = Cascade.Transitions(20, new LinearSmoothing { SmoothsQ = true })[0].CriticalRho!.Value;
        var links = new[] { critical - 0.02, critical + 0.02 }.Select(rho =>
        {
            var kappa = LinearTheory.Optimum(20, rho, new LinearSmoothing { SmoothsQ = true }).Kappa[0];
            Assert.Equal(rho * rho, ActivityRule.InferenceNoise(smoothing, rho), 1e-12);
            var onset = Math.Sqrt(kappa * kappa / ((1 + kappa) * (kappa + ActivityRule.InferenceNoise(smoothing, rho))));
            return rule.Judge(Shares(1, kappa / (1 + kappa), onset), new Member(rho, 0), double.NaN);
        }).ToArray();
        Assert.Equal(critical, CriticalRhoPrediction.FixedPoint(links, rule).Predicted!.Estimate, 0.001);
        Assert.Contains("q smoothed", CriticalRhoPrediction.FromCollapsed(links, rule).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_OverTheSweepOfTheory_AgreesWithIt()
    {
        foreach (var layer in new[] { 2, 3 })
        {
            foreach (var link in Sweep(20, layer, _exact, _grid).Links) Assert.Equal(link.KlAbove > 0, link.PredictedActive);
        }
    }

    [Fact]
    public void FixedPoint_OfSeeds_IsTheirMean()
    {
        var rule = new ActivityRule(_exact, Threshold);
        LinkDiagnosis Link(double rho, long seed, double share) => rule.Judge(Shares(1, share), new Member(rho, seed), double.NaN);
        LinkDiagnosis[] links = [Link(0.4, 0, 0.5), Link(0.6, 0, 0.5), Link(0.6, 1, 0.7), Link(0.8, 1, 0.7)];
        var predicted = CriticalRhoPrediction.FixedPoint(links, rule).Predicted!;
        Assert.Equal((0.6, 0.4, 0.8), (Math.Round(predicted.Estimate, 9), predicted.Low, predicted.High));
    }

    [Theory]
    [InlineData(0.999, 1, "no transition: the rule has z2 active at every rho", "no transition: the rule has z2 active at every rho")]
    [InlineData(0.999, 0.8, "cannot say: the rule has z2 active up to rho 0.8; give higher rhos", "cannot say: the rule has z2 active")]
    [InlineData(0.01, 1, "cannot say: z1 itself is collapsed at every rho", "cannot say: z1 itself is collapsed at rho 1")]
    [InlineData(0.3, 1, "cannot say: the rule has the layer collapsed at every rho, down to rho 0.5", null)]
    public void Predictions_WithoutATransition_SayWhy(double share, double highest, string sweep, string? collapsed)
    {
        var rule = new ActivityRule(_exact, Threshold);
        var shares = Shares(1, share, share > 0.99 ? 1.2 : share);
        var links = new[] { 0.5, highest }.Select(rho => rule.Judge(shares, new Member(rho, 0), double.NaN)).ToArray();
        var prediction = CriticalRhoPrediction.Of(links, rule);
        Assert.Equal((2, sweep), (prediction.Layer, prediction.FixedPointReason));
        if (collapsed is null) Assert.Equal(share, prediction.FromCollapsed!.Estimate, 1e-9);
        else Assert.StartsWith(collapsed, prediction.FromCollapsedReason, StringComparison.Ordinal);
    }

    [Fact]
    public void FromCollapsed_OfAModelWhoseLayerIsActiveAgainstTheRule_CannotSay()
    {
        var rule = new ActivityRule(_exact, Threshold);
        var reason = CriticalRhoPrediction.FromCollapsed([rule.Judge(Shares(1, 0.9), new Member(1, 0), klAbove: 1.5)], rule).Reason;
        Assert.Equal("cannot say: z2 has a KL of 1.5 nats at rho 1, where the rule has it collapsed", reason);
    }

    [Fact]
    public void Judge_OutsideTheRulesAssumptions_CannotSay()
    {
        var shares = Shares(1, 0.9);
        string? Reason(SmoothingOptions smoothing, Member member) => new ActivityRule(smoothing, Threshold).Judge(shares, member, 1).Reason;
        Assert.Contains("equal rhos", Reason(_exact, new Member([0.5, 0.8], 0)), StringComparison.Ordinal);
        var (standard, q) = (_exact with { Measure = ReferenceMeasure.Standard }, _exact with { Networks = SmoothedNetworks.Q });
        Assert.Contains("N(0, I)", Reason(standard, new Member(0.5, 0)), StringComparison.Ordinal);
        Assert.Contains("p to be smoothed", Reason(q, new Member(0.5, 0)), StringComparison.Ordinal);
        Assert.Null(Reason(q, new Member(1, 0))); // rho 1 smooths nothing
        var rule = new ActivityRule(_exact, Threshold);
        var judged = rule.Judge(LayerShares.None(1, "the model diverged at step 3"), new Member(0.5, 0), double.NaN);
        Assert.Equal((null, null, null), (judged.PredictedActive, judged.MeasuredActive, judged.DirectionsAboveRho));
        Assert.Equal("cannot say: the model diverged at step 3", CriticalRhoPrediction.FixedPoint([judged], rule).Reason);
    }

    /// <summary>At rho 1 nothing is smoothed and the rule speaks; what it would predict lies below 1, where it does not hold.</summary>
    [Fact]
    public void Of_ASmoothingOutsideTheRulesAssumptions_PredictsNoRhoBelowOne()
    {
        foreach (var (smoothing, why) in new[] { (_exact with { Measure = ReferenceMeasure.Standard }, "N(0, I)"), (_exact with { Networks = SmoothedNetworks.Q }, "p to be smoothed") })
        {
            var rule = new ActivityRule(smoothing, Threshold);
            var links = new[] { 0.5, 0.9, 1 }.Select(rho => rule.Judge(Shares(1, 0.95), new Member(rho, 0), klAbove: 0)).ToArray();
            Assert.Null(links[2].Reason);
            var prediction = CriticalRhoPrediction.Of(links, rule);
            Assert.Null(prediction.FromCollapsed);
            Assert.Null(prediction.FixedPoint);
            Assert.Contains(why, prediction.FromCollapsedReason, StringComparison.Ordinal);
            Assert.Contains(why, prediction.FixedPointReason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_AMomentOnset_TakesItsPlaceAndPredictsWidthsAtItsOwnPower()
    {
        // rho = lambda^(1/2) for codes in means and lambda^(1/4) for codes in widths; the linear onset stands beside them.
        var rule = new ActivityRule(new SmoothingOptions { Draws = 64, Sampler = SmoothingSampler.GaussHermite }, Threshold);
        var shares = Shares(1, 0.7) with { MomentOnset = new Estimate(0.81, 0.01), FirstCode = new FirstCode { WidthShare = 0.2 } };
        LinkDiagnosis[] links = [.. new[] { 0.6, 0.75, 0.85, 0.95, 1 }.Select(rho => rule.Judge(shares, new Member(rho, 0), double.NaN))];
        var prediction = CriticalRhoPrediction.Of(links, rule);
        Assert.Equal(0.81, prediction.FromCollapsed!.Estimate, 1e-9);
        Assert.Equal(0.80, prediction.FromCollapsed.Low, 1e-9);
        Assert.Equal(0.9, prediction.CodesInWidths!.FromCollapsed!.Estimate, 1e-9);
        Assert.Equal(0.7, prediction.LinearReadOut!.FromCollapsed!.Estimate, 1e-9);
        Assert.Equal(0.81, prediction.FixedPoint!.Estimate, 1e-9);
        Assert.Equal(0.9, prediction.CodesInWidths.FixedPoint!.Estimate, 2e-3); // linear in the effective rho, which is rho^2
        // At 0.85 codes in means are stable and those in widths are not: the layer is not collapsed there.
        Assert.Equal([true, true, true, false, false], links.Select(link => link.PredictedActive!.Value));
        Assert.Equal(0.85 * 0.85, links[2].EffectiveRhoOfWidths!.Value, 1e-12);
    }

    [Fact]
    public void Of_LinearOnsetsAlone_SaysWhyThereAreNoCodesInWidths()
    {
        var rule = new ActivityRule(_exact, Threshold);
        var shares = Shares(1, 0.7) with { MomentReason = "linear networks read linearly" };
        var prediction = CriticalRhoPrediction.Of([rule.Judge(shares, new Member(1, 0), double.NaN)], rule);
        Assert.Equal((0.7, "linear networks read linearly"), (Math.Round(prediction.FromCollapsed!.Estimate, 9), prediction.CodesInWidths!.FromCollapsedReason));
    }

    // What a sweep over linear models of three layers at their optimum would measure.
    private static (ActivityRule Rule, LinkDiagnosis[] Links) Sweep(double ratio, int layer, SmoothingOptions smoothing, double[] grid)
    {
        var rule = new ActivityRule(smoothing, Threshold);
        var linear = new LinearSmoothing { Layers = 3, Draws = smoothing.Draws, Sampler = smoothing.Sampler };
        return (rule, [.. grid.Select(rho =>
        {
            var optimum = LinearTheory.Optimum(ratio, rho, linear);
            return rule.Judge(Shares(layer - 1, optimum.SignalShare(layer - 1)), new Member(rho, 0), optimum.Kl[layer - 1]);
        })]);
    }

    private static LayerShares Shares(int layer, double share, double? onset = null) => new()
    {
        Layer = layer,
        Units = [new Estimate(share, 0)],
        Principal = [new Estimate(share, 0)],
        Onset = new Estimate(onset ?? share, 0),
    };
}
