using CsCheck;
using Ornstein.Smoothing;
using Ornstein.Theory;

namespace Ornstein.Tests.Theory;

public class CascadeTests
{
    [Theory]
    [InlineData(20, 0.95, 0.5678)]
    [InlineData(5, 0.8, 0.3365)]
    public void Transitions_OfThreeLayers_AreTheFixedPoints(double ratio, double second, double third)
    {
        var transitions = Cascade.Transitions(ratio, new LinearSmoothing { Layers = 3 });
        Assert.Equal([2, 3], transitions.Select(t => t.Layer));
        Assert.Equal(second, transitions[0].CriticalRho!.Value, 1e-8);
        Assert.Equal(third, transitions[1].CriticalRho!.Value, 2e-4);
        Assert.All(transitions, t => Assert.True(t.IsContinuous));
        // rho = s_i(rho), in the model of the layers below alone.
        var rho = transitions[1].CriticalRho!.Value;
        Assert.Equal(rho, LinearTheory.Optimum(ratio, rho, new LinearSmoothing()).SignalShare(2), 1e-7);
    }

    [Fact]
    public void Transitions_OfLayerTwo_AreOneLessOneOverG() => Gen.Double[1.5, 500].Sample(ratio =>
    {
        var transition = Cascade.Transitions(ratio, new LinearSmoothing()).Single();
        Assert.Equal(1 - (1 / ratio), transition.CriticalRho!.Value, 1e-7);
        Assert.Equal(0, transition.LowestRho);
    }, iter: 20);

    [Fact]
    public void Transitions_OfAFourthLayer_ExistInAWindowForLargeRatiosOnly()
    {
        var four = new LinearSmoothing { Layers = 4 };
        Assert.Null(Cascade.Transitions(20, four)[^1].CriticalRho);
        Assert.Null(Cascade.Transitions(39, four)[^1].CriticalRho);
        var window = Cascade.Transitions(100, four)[^1];
        Assert.InRange(window.CriticalRho!.Value, 0.39, 0.4);
        Assert.InRange(window.LowestRho!.Value, 0.01, 0.06);
        // At both ends the rule itself holds: rho = s_3.
        foreach (var rho in new[] { window.CriticalRho.Value, window.LowestRho.Value })
            Assert.Equal(rho, LinearTheory.Optimum(100, rho, new LinearSmoothing { Layers = 3 }).SignalShare(3), 1e-6);
    }

    [Fact]
    public void Transitions_OfAThirdLayerAtALargeRatio_FallByAJump()
    {
        var transition = Cascade.Transitions(200, new LinearSmoothing { Layers = 3 })[^1];
        Assert.False(transition.IsContinuous);
        Assert.True(transition.CriticalRho > transition.OnsetRho + 1e-3);
        Assert.True(LinearTheory.Optimum(200, transition.CriticalRho.Value - 1e-6, new LinearSmoothing { Layers = 3 }).TopKl > 0.01);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void Transitions_WithQSmoothed_AreAtTheClosedForm(double ratio)
    {
        // (g - 1)^2 = rho^2 g (g - 1 + rho^2)
        var square = (ratio - 1) / 2 * (Math.Sqrt(1 + (4 / ratio)) - 1);
        var transition = Cascade.Transitions(ratio, new LinearSmoothing { SmoothsQ = true }).Single();
        Assert.Equal(Math.Sqrt(square), transition.CriticalRho!.Value, 1e-7);
    }

    [Fact]
    public void Transitions_OfFiveLayersWithQSmoothed_ReviveAll()
    {
        var transitions = Cascade.Transitions(5, new LinearSmoothing { Layers = 5, SmoothsQ = true });
        double[] expected = [0.8266, 0.5343, 0.3832, 0.2834];
        for (var i = 0; i < 4; i++) Assert.Equal(expected[i], transitions[i].CriticalRho!.Value, 1e-4);
        Assert.All(transitions, t => Assert.True(t.IsContinuous && t.LowestRho == 0));
        Assert.Equal(2, Cascade.Transitions(5, new LinearSmoothing { Layers = 5 }).Count(t => t.CriticalRho is not null));
    }

    [Fact]
    public void Transitions_WithInnerDraws_AreShiftedOrGone()
    {
        var transition = Cascade.Transitions(5, new LinearSmoothing { Draws = 8 }).Single();
        Assert.Equal(Math.Sqrt((0.64 - 0.125) / 0.875), transition.CriticalRho!.Value, 1e-7);
        Assert.Null(Cascade.Transitions(5, new LinearSmoothing { Draws = 1 }).Single().CriticalRho);
        Assert.Null(Cascade.Transitions(1.6, new LinearSmoothing { Draws = 2 }).Single().CriticalRho); // 0.375 is below sqrt(1/2)
        var antithetic = new LinearSmoothing { Draws = 2, Sampler = SmoothingSampler.Antithetic };
        Assert.Equal(0.8, Cascade.Transitions(5, antithetic).Single().CriticalRho!.Value, 1e-7);
    }

    [Fact]
    public void Transitions_BelowLnTwo_AreNone() => Assert.Null(Cascade.Transitions(0.69, new LinearSmoothing()).Single().CriticalRho);
}
