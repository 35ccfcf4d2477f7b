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
