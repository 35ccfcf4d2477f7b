using Ornstein.Diagnosis;
using Ornstein.Smoothing;
using Ornstein.Theory;

namespace Ornstein.Tests.Diagnosis;

/// <summary>What smoothing leaves of a code in widths; the formulas are compared with the operator in <c>CollapseStabilityTests</c>.</summary>
public class WidthSmoothingTests
{
    [Theory]
    [InlineData(3, SmoothingSampler.Iid, 0.2401 + (2 * 0.49 * 0.51 / 3) + (0.51 * 0.51 / 3))]
    [InlineData(2, SmoothingSampler.Antithetic, 0.2401 + (0.51 * 0.51))]
    [InlineData(3, SmoothingSampler.Antithetic, 0.2401 + (2 * 0.49 * 0.51 / 9) + (0.51 * 0.51 * 5 / 9))]
    [InlineData(4, SmoothingSampler.GaussHermite, 0.2401)]
    public void Square_AtRho0_7_IsTheEnergyOfDegree2ThatIsLeft(int draws, SmoothingSampler sampler, double expected) =>
        Assert.Equal(expected, new WidthSmoothing(new LinearSmoothing { Draws = draws, Sampler = sampler }).Square(0.7), 1e-12);

    [Theory]
    [InlineData(null, SmoothingSampler.Iid)]
    [InlineData(3, SmoothingSampler.Iid)]
    [InlineData(2, SmoothingSampler.Antithetic)]
    [InlineData(5, SmoothingSampler.Antithetic)]
    public void RhoOf_WhatARhoLeaves_IsThatRho(int? draws, SmoothingSampler sampler)
    {
        var smoothing = new WidthSmoothing(new LinearSmoothing { Draws = draws, Sampler = sampler });
        Assert.Equal(0.95, smoothing.RhoOf(smoothing.Square(0.95))!.Value, 1e-9);
    }

    [Fact]
    public void RhoOf_LessThanAnyRhoLeaves_IsNull()
    {
        Assert.Null(new WidthSmoothing(new LinearSmoothing { Draws = 1, Sampler = SmoothingSampler.Iid }).RhoOf(0.9)); // nothing is smoothed
        Assert.Null(new WidthSmoothing(new LinearSmoothing { Draws = 4, Sampler = SmoothingSampler.Iid }).RhoOf(0.2)); // a quarter stays
    }
}
