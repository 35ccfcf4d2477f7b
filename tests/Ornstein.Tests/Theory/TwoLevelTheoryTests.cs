using CsCheck;
using Ornstein.Theory;

namespace Ornstein.Tests.Theory;

public class TwoLevelTheoryTests
{
    private static readonly LinearSmoothing _two = new();

    [Fact]
    public void OptimalU_OverRandomKappaAndRho_IsTheMinimum() =>
        Gen.Select(Gen.Double[0.01, 0.999], Gen.Double[0.001, 50]).Sample((rho, kappa) =>
        {
            var u = TwoLevelTheory.OptimalU(rho, kappa);
            double J(double value) => TwoLevelTheory.Objective(7, rho, kappa, value);
            Assert.True(u >= 0);
            Assert.Equal(u > 0, rho < kappa / (1 + kappa));
            foreach (var other in new[] { 0, u / 2, u * 0.99, u * 1.01, (u * 2) + 0.01, 100 + u }) Assert.True(J(u) <= J(other) + 1e-14);
        });

    [Fact]
    public void Objective_InAngles_IsTheObjectiveAtTheBestU() =>
        Gen.Select(Gen.Double[0.01, 1], Gen.Double[0, 0.999], Gen.Double[0.1, 50]).Sample((rho, share, ratio) =>
        {
            var kappa = share / (1 - share);
            var expected = TwoLevelTheory.Objective(ratio, rho, kappa, TwoLevelTheory.OptimalU(rho, kappa));
            Assert.Equal(expected, TwoLevelTheory.Objective(ratio, rho, share), 1e-9);
        });

    // Values that gradient descent on full matrices came to.
    [Theory]
    [InlineData(0.2, 0.6591)]
    [InlineData(0.4, 0.7148)]
    [InlineData(0.5, 0.6858)]
    [InlineData(0.6, 0.5831)]
    [InlineData(0.7, 0.4968)]
    [InlineData(0.8, 0.3243)]
    [InlineData(0.9, 0.1729)]
    [InlineData(0.94, 0.0466)]
    [InlineData(0.97, 0)]
    [InlineData(1, 0)]
    public void At_FourDirections_IsTheKnownTopKl(double rho, double expected) =>
        Assert.Equal(expected, LinearPrediction.At([20, 5, 2.5, 1.5], 1, rho, _two).Kl[^1], 4e-4);

    [Fact]
    public void TopKl_AtTheOptimum_IsTheKlOfTheRawParameters() =>
        Gen.Select(Gen.Double[0.02, 0.99], Gen.Double[1.6, 100]).Sample((rho, ratio) =>
        {
            var optimum = LinearTheory.Optimum(ratio, rho, _two);
            var kappa = optimum.Kappa[0];
            var u = TwoLevelTheory.OptimalU(rho, kappa);
            var (a, v) = (1 + kappa, 1 / (1 + (rho * rho * u)));
            var tau = a - (u / (1 + u) * kappa * kappa / a);
            var b = Math.Sqrt(u * tau) * kappa / (tau * a * (1 + u));
            Assert.Equal(0.5 * ((b * b * a) + v - 1 - Math.Log(v)), optimum.TopKl, 1e-8);
        });

    [Fact]
    public void Optimum_AgainstAScanOverKappa_IsTheGlobalMinimum() =>
        Gen.Select(Gen.Double[0.02, 1], Gen.Double[0.1, 40]).Sample((rho, ratio) =>
        {
            var optimum = LinearTheory.Optimum(ratio, rho, _two);
            var scan = Enumerable.Range(0, 20_000).Min(i => TwoLevelTheory.Objective(ratio, rho, i / 20_000.0));
            Assert.True(optimum.Objective <= scan + 1e-12);
            Assert.Equal(scan, optimum.Objective, 1e-5);
        }, iter: 60);

    [Theory]
    [InlineData(1.6)]
    [InlineData(2)]
    [InlineData(20)]
    public void Optimum_AboutOneLessOneOverG_IsActiveBelowAlone(double ratio)
    {
        var critical = TwoLevelTheory.Onset(ratio)!.Value;
        Assert.Equal(2, LinearTheory.Optimum(ratio, critical - 1e-6, _two).ActiveLayers);
        Assert.Equal(1, LinearTheory.Optimum(ratio, critical + 1e-6, _two).ActiveLayers);
        Assert.InRange(LinearTheory.Optimum(ratio, critical - 1e-6, _two).TopKl, 1e-12, 1e-3);
    }

    [Fact]
    public void Optimum_BelowThreeHalves_FallsByAJumpAboveTheOnset()
    {
        // g = 1.2: the collapsed state is unstable up to rho = 1/6, yet a state with top KL of tenths of a nat is better above it.
        var transition = Cascade.Transitions(1.2, _two).Single();
        Assert.False(transition.IsContinuous);
        Assert.Equal(1 - (1 / 1.2), transition.OnsetRho!.Value, 1e-8);
        Assert.True(transition.CriticalRho > transition.OnsetRho + 0.005);
        var below = LinearTheory.Optimum(1.2, transition.CriticalRho.Value - 1e-6, _two);
        Assert.True(below.TopKl > 0.03);
        // By the closed form in angles, not by the solver: below is better than collapsed, and above is not.
        double Best(double rho) => Enumerable.Range(1, 9999).Min(i => TwoLevelTheory.Objective(1.2, rho, rho + ((1 - rho) * i / 1e4)));
        var collapsed = 0.5 * (1 + Math.Log(1.2));
        Assert.True(Best(transition.CriticalRho.Value - 1e-3) < collapsed);
        Assert.True(Best(transition.CriticalRho.Value + 1e-3) > collapsed);
    }

    [Theory]
    [InlineData(0.69, false)]
    [InlineData(0.70, true)]
    [InlineData(1, true)]
    public void Optimum_NearRhoZero_IsActiveAboveLnTwo(double ratio, bool active) =>
        Assert.Equal(active, LinearTheory.Optimum(ratio, 1e-4, _two).ActiveLayers == 2);

    // The polynomial inequality that makes every transition at rho of 1/3 and above continuous (docs/theory.md, "Two levels").
    [Fact]
    public void ContinuityInequality_OnItsInterval_Holds()
    {
        for (var i = 0; i <= 1000; i++)
        {
            var beta = Math.Acos(1 / 3.0) * (i + 1) / 1001;
            var delta = Math.Acos(1 / 3.0) - beta;
            var (c, s) = (Math.Cos(beta), Math.Sin(beta));
            var left = (1 + c) * (1 + c) * Math.Cos(delta) * Math.Cos(delta);
            Assert.True(left >= (2 * s * s) + (2 * s * c * Math.Sin(delta) * Math.Cos(delta)) - 1e-14);
        }
    }
}
