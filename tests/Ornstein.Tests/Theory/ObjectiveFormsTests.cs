using CsCheck;
using Ornstein.Theory;

namespace Ornstein.Tests.Theory;

/// <summary>The KL form of the ELBO against that of joint samples, from raw parameters.</summary>
public class ObjectiveFormsTests
{
    [Fact]
    public void KlForm_LessJointForm_IsTheCovarianceThatTheKlLeavesOut() =>
        Gen.Select(Gen.Double[-1, 1].Array[9], Gen.Double[0.5, 20]).Sample((parameters, ratio) =>
        {
            var raw = new RawLinearModel(ratio, [1], smoothsQ: false);
            // w b s1^2 / tau^2
            var expected = parameters[2] * parameters[4] * Math.Exp(parameters[1] - parameters[3]);
            Assert.Equal(expected, raw.Objective(parameters) - raw.Objective(parameters, jointSample: true), 1e-9);
        });

    [Fact]
    public void JointForm_AtRhoOne_IsFlatInTheUpperLayers() =>
        Gen.Select(Gen.Double[0.01, 50].Array[4], Gen.Double[0.5, 50]).Sample((kappa, ratio) =>
        {
            var parameters = JointParameters(kappa, ratio, 1);
            var raw = new RawLinearModel(ratio, [1, 1, 1], smoothsQ: false);
            var oneLayer = 0.5 * ((ratio / (1 + kappa[0])) + Math.Log(1 + kappa[0]));
            Assert.Equal(oneLayer, raw.Objective(parameters, jointSample: true), 1e-9);
            Assert.True(raw.Objective(raw.Parameters(kappa)) > oneLayer); // the KL form pays for every active layer
        });

    [Fact]
    public void JointForm_BelowRhoOne_FallsWithoutEndAsTheTopGrows()
    {
        var raw = new RawLinearModel(5, [0.8], smoothsQ: false);
        var losses = new[] { 0.1, 1, 10, 1e3, 1e6 }.Select(top => raw.Objective(JointParameters([4, top], 5, 0.8), jointSample: true)).ToArray();
        Assert.Equal(losses.OrderDescending(), losses);
        Assert.Equal((0.5 * (1 + Math.Log(5))) + Math.Log(0.8), losses[^1], 1e-5);
    }

    /// <summary>
    /// Dang et al. (ICLR 2024), two linear levels by joint samples, the widths of q(z1 | x), p(x | z1) and p(z1 | z2) pinned at sigma1, eta and eta: the best
    /// of our joint form is at their lambda1 and KL2, on both sides of sigma1 theta = eta^2 and where z1 is dead as well.
    /// </summary>
    [Theory]
    [InlineData(0.5, 0.5, 2)] // both levels alive: lambda1 = 1.9365, KL2 = ln(16)/2
    [InlineData(0.8, 0.6, 1.5)]
    [InlineData(0.3, 0.3, 0.35)]
    [InlineData(1, 0.5, 1.8)] // sigma1 theta < eta^2: the upper level is dead
    [InlineData(1, 0.7, 0.5)] // and z1 too
    public void JointForm_WithPinnedWidths_HasTheOptimumOfDangAndOthers(double eta, double sigma, double theta)
    {
        var raw = new RawLinearModel(theta * theta / (eta * eta), [1], smoothsQ: false); // z1 and x in units of eta
        var width = Math.Log(sigma * sigma / (eta * eta));
        double[] Full(double[] free) => [free[0], width, free[1], 0, free[2], free[3], 0, 0, free[4]];
        var best = Minimum(free => raw.Objective(Full(free), jointSample: true), [0.7, 0.5, 0.4, -0.3, 0.6]);
        var (signal, b, v2) = (Math.Abs(best[0]) * theta, best[2], Math.Exp(best[3]));
        var second = (b * b * ((signal * signal) + (sigma * sigma)) / (eta * eta)) + v2;
        var isAlive = sigma * theta >= eta * eta;
        var expected = isAlive ? sigma / eta * Math.Sqrt((theta * theta) - (eta * eta)) : Math.Sqrt(Math.Max(0, sigma * (theta - sigma)));
        // The loss is flat to second order at its minimum, so that 1e-12 of it are 1e-6 of a parameter; a signal of zero is reached as a square root.
        Assert.Equal(expected, signal, 2e-3);
        Assert.Equal(isAlive ? 0.5 * Math.Log(((sigma * sigma) + (expected * expected)) / (eta * eta)) : 0, 0.5 * (second - 1 - Math.Log(v2)), 1e-4);
    }

    [Fact]
    public void Decomposition_OfAKlWithRandomPrior_AddsUp() => // scale, bias and variance, z taking three values with equal chance
        Gen.Select(Gen.Double[-2, 2].Array[3], Gen.Double[0.2, 2].Array[3], Gen.Double[-2, 2], Gen.Double[0.2, 2]).Sample((mu, sigma, m, s) =>
        {
            double Mean(Func<int, double> f) => (f(0) + f(1) + f(2)) / 3;
            double W(int i) => 1 / (sigma[i] * sigma[i]);
            var kl = Mean(i => Math.Log(sigma[i] / s) + (0.5 * W(i) * ((s * s) + ((m - mu[i]) * (m - mu[i])))) - 0.5);
            var (w, center) = (Mean(W), Mean(i => W(i) * mu[i]) / Mean(W));
            var scale = Mean(i => Math.Log(sigma[i])) - Math.Log(s) + (0.5 * s * s * w) - 0.5;
            var bias = 0.5 * w * (m - center) * (m - center);
            var variance = 0.5 * Mean(i => W(i) * (mu[i] - center) * (mu[i] - center));
            Assert.Equal(kl, scale + bias + variance, 1e-9);
        });

    /// <summary>Where a function is least: steps along every axis, and along the last round's way, that are halved when none goes down.</summary>
    private static double[] Minimum(Func<double[], double> function, double[] start)
    {
        var (at, value, step) = (start, function(start), 0.5);
        while (step > 1e-7)
        {
            var before = at;
            for (var i = 0; i < at.Length; i++)
            {
                foreach (var move in new[] { step, -step })
                {
                    double[] next = [.. at];
                    next[i] += move;
                    if (function(next) is var lower && lower < value) (at, value) = (next, lower);
                }
            }

            double[] ahead = [.. at.Zip(before, (now, old) => (2 * now) - old)];
            if (function(ahead) is var further && further < value) (at, value) = (ahead, further);
            if (ReferenceEquals(at, before)) step /= 2;
        }

        return at;
    }

    /// <summary>p at its best for joint samples: c = kappa' / (kappa' + rho^2), tau^2 = A rho^2 / (kappa' + rho^2).</summary>
    private static double[] JointParameters(double[] kappa, double ratio, double rho)
    {
        var parameters = new RawLinearModel(ratio, [.. Enumerable.Repeat(rho, kappa.Length - 1)], smoothsQ: false).Parameters(kappa);
        for (var i = 0; i < kappa.Length - 1; i++)
        {
            var (own, above, square) = (kappa[i], kappa[i + 1], rho * rho);
            parameters[(4 * i) + 2] = above / (above + square) / parameters[4 * (i + 1)];
            parameters[(4 * i) + 3] = Math.Log((1 + own) * square / (above + square));
        }

        return parameters;
    }
}
