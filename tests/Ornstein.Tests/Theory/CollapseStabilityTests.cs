using Ornstein.Gaussians;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Theory;
using static TorchSharp.torch;

namespace Ornstein.Tests.Theory;

/// <summary>
/// The stability of a collapsed layer (docs/theory.md), on data of three points whose q(z1 | x) differ in mean and width: the whole loss with
/// small perturbations, by quadrature, against the criterion.
/// </summary>
public sealed class CollapseStabilityTests
{
    private const double Small = 0.01; // perturbations; what they leave out of the second variation is of its square

    private static readonly double[] _weights = [0.3, 0.45, 0.25];
    private static readonly MixtureMoments _toy = new(_weights, [[-1.2], [0.1], [1.5]], [[0.25], [0.09], [0.8]]);
    private static readonly double[] _variances = [0.25, 0.09, 0.8];
    private static readonly double[] _means = [-1.2, 0.1, 1.5];

    /// <summary>Degree 1: a code in the mean of z2, which p reads by h_1; degree 2: one in its width, which p reads by h_2.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Loss_OfTheBestSmallCode_ChangesItsSignAtTheCriterion(int degree)
    {
        var u = _toy.Direction;
        double Code(double z) => (_toy.Given([z])[0] * u[0]) + (_toy.Given([z])[1] * u[1]);
        double Change(double rho) => Loss(
            rho,
            z => degree == 1 ? Small * Code(z) : 0,
            z => degree == 2 ? Small * Code(z) / Math.Sqrt(2) : 0,
            [degree == 1 ? Small * u[0] : 0, degree == 2 ? Small * u[0] : 0],
            [degree == 1 ? Small * u[1] : 0, degree == 2 ? Small * u[1] : 0]) / (Small * Small);
        // rho^2 in the one, rho^4 in the other.
        var critical = Math.Pow(_toy.Largest, 1.0 / (2 * degree));
        foreach (var step in new[] { -0.08, -0.02, 0.02, 0.08 })
        {
            // The loss and its mirror image cancel what is cubic; what is quartic is a few Small^2 times the fourth moments of phi.
            var expected = (Math.Pow(critical + step, 2 * degree) - _toy.Largest) / 2;
            Assert.Equal(expected, Change(critical + step), 1e-3);
            Assert.Equal(Math.Sign(step), Math.Sign(Change(critical + step)));
        }
    }

    /// <summary>The three criteria differ: a linear read-out is left behind by a curved one, and that by one that tells of widths as well.</summary>
    [Fact]
    public void Criterion_OfTheToy_IsAboveThatOfMeansAndThatOfLinearReadOuts()
    {
        var linear = _weights.Select((w, n) => w * Math.Pow(_means[n] - _toy.Centre[0], 2)).Sum() / _toy.Total[0];
        var means = Math.Sqrt(_toy.Covariance[0, 0]);
        Assert.Equal(0.7593, linear, 5e-4); // from a fine grid, by a program independent of this
        Assert.Equal(0.8011, means, 5e-4);
        Assert.Equal(0.8183, Math.Sqrt(_toy.Largest), 5e-4);
    }

    /// <summary>Only if: random codes in mean and width with random responses up to degree 4 never lower the loss above either threshold.</summary>
    [Fact]
    public void Loss_AboveTheCriterion_FallsForNoSmallPerturbation()
    {
        var random = new Random(7);
        double Draw() => (2 * random.NextDouble()) - 1;
        var above = Math.Pow(_toy.Largest, 0.25) + 0.005;
        for (var trial = 0; trial < 100; trial++)
        {
            double[] a = [Draw(), Draw(), Draw()], b = [Draw(), Draw(), Draw()], mean = [Draw(), Draw(), Draw()], width = [Draw(), Draw(), Draw()];
            double Curve(double[] c, double z) => Small * (c[0] + (c[1] * Math.Tanh(z)) + (c[2] * Math.Sin(2 * z)));
            var change = Loss(above, z => Curve(a, z), z => Curve(b, z), [.. mean.Select(c => Small * c)], [.. width.Select(c => Small * c)]);
            Assert.True(change > 0, $"trial {trial}: {change}");
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1.5)]
    public void Criterion_OfALinearModel_IsItsKnownOnset(double ratio)
    {
        // z1 = a x + noise with kappa = g - 1: m given z is a straight line, and so is phi's first part; its second has s^4.
        var share = 1 - (1 / ratio);
        var (x, w) = GaussHermiteRule.Of(24);
        var model = new MixtureMoments(w, [.. x.Select(value => new[] { value * Math.Sqrt(ratio - 1) })], [.. x.Select(_ => new[] { 1.0 })]);
        Assert.Equal(share * share, model.Largest, 2e-3); // a mixture of 24 in the place of a Gaussian
        Assert.Equal(1, Math.Abs(model.Direction[0]), 1e-6);
        Assert.Equal(Cascade.Transitions(ratio, new LinearSmoothing())[0].CriticalRho!.Value, Math.Sqrt(model.Largest), ratio == 5 ? 2e-3 : 1e-2);
    }

    /// <summary>What K draws leave of h_2, by the operator itself.</summary>
    [Theory]
    [InlineData(3, SmoothingSampler.Iid)]
    [InlineData(1, SmoothingSampler.Iid)]
    [InlineData(2, SmoothingSampler.Antithetic)]
    [InlineData(3, SmoothingSampler.Antithetic)]
    [InlineData(4, SmoothingSampler.GaussHermite)]
    public void WidthSmoothing_OfASampler_IsTheEnergyThatTheOperatorLeaves(int draws, SmoothingSampler sampler)
    {
        const int Count = 400_000;
        const double Rho = 0.7;
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var key = RandomKey.FromSeed(3);
        using var smoothing = new SmoothingOperator([Rho], new SmoothingOptions { Draws = draws, Sampler = sampler });
        var z = key.At("z").Normal(1, Count, 1);
        var layer = new DiagonalGaussian(zeros_like(z), ones_like(z));
        var smooth = smoothing.Apply(
            points => new DiagonalGaussian(points.Squared().Minus(1).Times(Math.Sqrt(0.5)), ones_like(points)), layer, z, StackNoise.Shared(key), "p").Mean;
        var square = smooth.Squared();
        var error = square.std().item<float>() / Math.Sqrt(Count);
        var (kept, lost) = (Rho * Rho, 1 - (Rho * Rho));
        var n = new LinearSmoothing { Draws = draws, Sampler = sampler }.InnerNoise;
        var expected = (kept * kept) + (2 * kept * lost * n) + (lost * lost * SquareNoise(draws, sampler));
        Assert.Equal(expected, square.mean().item<float>(), 5 * error);
    }

    // n_2: the variance of the mean of (eps'^2 - 1) / sqrt(2). Both of an antithetic pair have the same square: half as many draws, and with odd K one
    // of weight 1 beside pairs of weight 2. Two nodes integrate squares exactly.
    private static double SquareNoise(int draws, SmoothingSampler sampler) => sampler switch
    {
        SmoothingSampler.Iid => 1.0 / draws,
        SmoothingSampler.Antithetic => draws % 2 == 0 ? 2.0 / draws : ((2.0 * draws) - 1) / ((double)draws * draws),
        SmoothingSampler.GaussHermite => 0,
        _ => throw new InvalidOperationException($"{sampler} is not derived."),
    };

    /// <summary>
    /// The change of E KL_1 + KL_2 from the collapsed state: q(z2 | z1) = N(a(z1), exp(2 b(z1))), p(z1 | z2) = N(E m + sqrt(T) f(z2), T exp(2 g(z2)))
    /// with f and sqrt(2) g of given coefficients of h_1, h_2, h_3, smoothed exactly. Mean over the perturbation and its mirror image.
    /// </summary>
    private static double Loss(double rho, Func<double, double> a, Func<double, double> b, double[] mean, double[] width)
    {
        var (x, w) = GaussHermiteRule.Of(8); // polynomials of low degree and small exponentials
        return (Half(1) + Half(-1)) / 2;

        double Half(int sign)
        {
            var total = 0.0;
            foreach (var (z, weight, n) in _toy.Points(MixtureMoments.Nodes))
            {
                var (shift, logWidth) = (sign * a(z[0]), sign * b(z[0]));
                var above = ((shift * shift) + Math.Exp(2 * logWidth) - 1 - (2 * logWidth)) / 2;
                for (var i = 0; i < x.Length; i++)
                {
                    double Smoothed(double[] coefficients)
                    {
                        var value = 0.0; // over eps', by quadrature
                        for (var j = 0; j < x.Length; j++)
                        {
                            var point = shift + (Math.Exp(logWidth) * ((rho * x[i]) + (Math.Sqrt(1 - (rho * rho)) * x[j])));
                            value += w[j] * sign * Hermite(coefficients, point);
                        }

                        return value;
                    }

                    var (f, g) = (Smoothed(mean), Smoothed(width) / Math.Sqrt(2));
                    var from = ((_means[n] - _toy.Centre[0]) / Math.Sqrt(_toy.Total[0])) - f;
                    var variance = _variances[n] / _toy.Total[0];
                    // less the KL of the collapsed state, whose mean over data is -log(variance) / 2
                    total += weight * w[i] * (above + g + ((variance + (from * from)) * Math.Exp(-2 * g) / 2) - 0.5);
                }
            }

            return total;
        }
    }

    private static double Hermite(double[] c, double z)
    {
        var value = (c[0] * z) + (c[1] * ((z * z) - 1) / Math.Sqrt(2));
        return c.Length < 3 ? value : value + (c[2] * ((z * z * z) - (3 * z)) / Math.Sqrt(6));
    }
}
