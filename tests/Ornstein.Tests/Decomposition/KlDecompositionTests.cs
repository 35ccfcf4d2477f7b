using CsCheck;
using Ornstein.Batching;
using Ornstein.Decomposition;
using Ornstein.Evaluation;
using Ornstein.Gaussians;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Decomposition;

/// <summary>Estimates are compared within six of their standard errors, which are measured over independent repetitions.</summary>
public class KlDecompositionTests
{
    private const int Repetitions = 20_000;

    [Fact]
    public void Of_AffineMeanAndConstantWidth_IsTheClosedFormAtAnyNumberOfDraws() =>
        Gen.Select(Gen.Double[-2, 2], Gen.Double[0.2, 2], Gen.Double[-2, 2], Gen.Double[0.2, 2], Gen.Double[-1.5, 1.5], Gen.Double[0.3, 2], Gen.Int[2, 9])
            .Sample(
                values =>
                {
                    // mu_p(z) = a z + 1, sigma_p = t, z ~ N(c, r^2): E mu = a c + 1, Var mu = a^2 r^2, w = 1 / t^2; unbiased for R = 2 already.
                    var (m, s, c, r, a, t, draws) = values;
                    var parts = Estimate(m, s, c, r, z => z.Times(a).Plus(1), z => TensorCreation.FilledLike(z, t), draws);
                    AssertEstimate(Math.Log(t / s) + (s * s / (2 * t * t)) - 0.5, parts.Scale);
                    AssertEstimate(Math.Pow(m - (a * c) - 1, 2) / (2 * t * t), parts.Bias);
                    AssertEstimate(a * a * r * r / (2 * t * t), parts.Variance);
                },
                iter: 25, threads: 1);

    [Fact]
    public void Of_ExponentialWidth_IsTheClosedFormWithinTheStatedBias() =>
        Gen.Select(Gen.Double[-1, 1], Gen.Double[0.2, 1.5], Gen.Double[-1, 1], Gen.Double[0.2, 0.8], Gen.Double[-1, 1], Gen.Double[-0.6, 0.6]).Sample(
            values =>
            {
                // mu_p = a z, sigma_p = exp(b z): w = exp(-2 b z) tilts N(c, r^2) to N(c - 2 b r^2, r^2), so E[w g(z)] = E[w] E~[g(z)].
                var (m, s, c, r, a, b) = values;
                var weight = Math.Exp((-2 * b * c) + (2 * b * b * r * r));
                var tilted = c - (2 * b * r * r);
                var parts = Estimate(m, s, c, r, z => z.Times(a), z => z.Times(b).exp(), draws: 16);
                AssertEstimate((b * c) - Math.Log(s) + (s * s * weight / 2) - 0.5, parts.Scale);
                // What the jackknife leaves at R = 16 is a few parts in 256 of the spread of the weights, exp(4 b^2 r^2) - 1 <= 1.5.
                var left = 0.02 * weight * a * a * r * r;
                AssertEstimate(weight * Math.Pow(m - (a * tilted), 2) / 2, parts.Bias, left);
                AssertEstimate(weight * a * a * r * r / 2, parts.Variance, left);
            },
            iter: 25, threads: 1);

    [Fact]
    public void Of_FewDraws_IsLessBiasedThanSquaringTheMeanAndSaysByHowMuch()
    {
        using var scope = NewDisposeScope();
        // mu_p = z, sigma_p = exp(b z), z ~ N(0, 1), m = 0: variance part = exp(2 b^2) / 2.
        const double B = 0.3;
        var truth = Math.Exp(2 * B * B) / 2;
        var parts = Estimate(0, 1, 0, 1, z => z, z => z.Times(B).exp(), draws: 4);
        var (variance, error) = Mean(parts.Variance);
        // The plug-in estimate would be short by more than a quarter.
        Assert.InRange(variance, truth * 0.9, truth);
        // What is stated is the leading term alone, from halves of two draws each.
        var (stated, _) = Mean(parts.EstimatorBias);
        Assert.InRange(stated, (0.5 * (truth - variance)) - (6 * error), (2 * (truth - variance)) + (6 * error));
    }

    [Fact]
    public void Of_TwoDraws_IsTheHarmonicForm()
    {
        using var scope = NewDisposeScope();
        var parts = KlDecomposition.Of(Gaussian(0.3, 0.8), [Gaussian(1.1, 0.5), Gaussian(-0.4, 2)]);
        var (w1, w2) = (1 / 0.25, 1 / 4.0);
        Assert.Equal(w1 * w2 * 1.5 * 1.5 / (2 * (w1 + w2)), parts.Variance.item<double>(), 1e-5);
        Assert.True(double.IsNaN(parts.EstimatorBias.item<double>()));
    }

    [Fact]
    public void Of_AMeanThatDoesNotVary_HasAVarianceOfExactlyZero() =>
        Gen.Select(Gen.Double[-100, 100], Gen.Double[-3, 3], Gen.Double[0.1, 3].Array[2, 9]).Sample(
            values =>
            {
                using var scope = NewDisposeScope();
                var (m, mean, widths) = values;
                var parts = KlDecomposition.Of(Gaussian(m, 0.7), [.. widths.Select(width => Gaussian(mean, width))]);
                Assert.Equal(0, parts.Variance.item<double>());
                Assert.True(widths.Length < 4 ? double.IsNaN(parts.EstimatorBias.item<double>()) : parts.EstimatorBias.item<double>() == 0);
            },
            iter: 50, threads: 1);

    [Fact]
    public void Of_AnyDraws_AddsUpToTheirMeanKl()
    {
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(5);
        var q = new DiagonalGaussian(key.At("m").Normal(2, 6, 4), key.At("s").Uniform(2, 6, 4).Plus(0.1));
        DiagonalGaussian[] draws = [.. Enumerable.Range(0, 5).Select(
            r => new DiagonalGaussian(key.At("mu").At(r).Normal(2, 6, 4), key.At("sigma").At(r).Uniform(2, 6, 4).Plus(0.2)))];
        var parts = KlDecomposition.Of(q, draws);
        var expected = stack(draws.Select(p => KlDivergence.Between(q, p)), 0).mean([0L]).to(ScalarType.Float64);
        Assert.True(allclose(expected, parts.Scale.Plus(parts.Bias).Plus(parts.Variance), 1e-5, 1e-5));
    }

    [Fact]
    public void Members_ALinearModel_HasTheClosedFormAndItsVarianceFallsAsRhoSquared()
    {
        // q1 = N(a x, s^2), q2 = N(b z1, s^2), p1 = N(w z2, s^2), all s = softplus(0) + 1e-4. Smoothed exactly (antithetic), mu_p is
        // w (b z1 + rho s eps): variance rho^2 w^2 s^2 / (2 s^2), bias E(a x - w b z1)^2 / (2 s^2), scale 0.
        double[] rho = [0, 0.3, 0.6, 1];
        using var vae = Linear(rho, new SmoothingOptions { Draws = 2, Sampler = SmoothingSampler.Antithetic });
        const double A = 0.8, B = 0.7, W = 0.9;
        Set(vae, "q1.output.weight", A);
        Set(vae, "q2.output.weight", B);
        Set(vae, "p1.output.weight", W);
        using var rows = Reals(8000);
        var results = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 8, BatchSize = 1000 });
        var x2 = rows.Slice(0, rows.Count).Squared().mean().item<float>();
        var s2 = Math.Pow(Math.Log(2) + 1e-4, 2);
        var bias = (((1 - (W * B)) * (1 - (W * B)) * A * A * x2) + (W * W * B * B * s2)) / (2 * s2);
        for (var i = 0; i < rho.Length; i++)
        {
            var parts = Assert.Single(results[i].KlParts!);
            Assert.Equal(0, parts.Scale, 1e-6);
            Assert.Equal(bias, parts.Bias, 6 * parts.BiasError);
            // At rho = 0 what is left is rounding: two draws about a mean that float32 holds to 1e-7.
            Assert.Equal(rho[i] * rho[i] * W * W / 2, parts.Variance, (6 * parts.VarianceError) + 1e-6);
            Assert.Equal(W * W / 2, results[i].UnsmoothedKlParts![0].Variance, 6 * results[i].UnsmoothedKlParts![0].VarianceError);
            Assert.Equal(0, parts.EstimatorBias, parts.BiasError); // w is constant
        }
    }

    [Theory]
    [InlineData(SmoothedNetworks.P, ReferenceMeasure.Own)]
    [InlineData(SmoothedNetworks.PQ, ReferenceMeasure.Own)]
    [InlineData(SmoothedNetworks.P, ReferenceMeasure.Standard)]
    public void Members_ANonlinearModel_HasPartsThatAddUpToItsKl(SmoothedNetworks networks, ReferenceMeasure measure)
    {
        using var stack = new TinyStack(
            [new Member(0.2, 0), new Member(0.8, 0), new Member(1, 1)], new SmoothingOptions { Draws = 3, Networks = networks, Measure = measure });
        stack.Train();
        using var rows = TinyStack.Images(1500, Binarization.Static);
        foreach (var member in Evaluator.Members(stack.Vae, rows, new EvaluationOptions { Draws = 16 }))
        {
            Assert.Equal(2, member.KlParts!.Length);
            for (var layer = 0; layer < 2; layer++)
            {
                // The KL comes from other draws over the same data; its error is at most that of the parts.
                AssertAddsUp(member.Kl[layer], member.KlParts[layer]);
                AssertAddsUp(member.UnsmoothedKl[layer], member.UnsmoothedKlParts![layer]);
            }
        }
    }

    [Fact]
    public void Members_ADivergedMember_HasNoParts()
    {
        using var stack = new TinyStack([new Member(1, 0), new Member(0.5, 0)]);
        stack.Fill(1, double.NaN);
        var results = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions(), [null, 7]);
        Assert.Null(results[1].KlParts);
        Assert.Null(results[1].UnsmoothedKlParts);
        Assert.All(results[0].KlParts!, part => Assert.True(double.IsFinite(part.Variance)));
    }

    [Fact]
    public void Objectives_DuringTraining_HavePartsThatAddUp()
    {
        using var stack = new TinyStack([new Member(0.4, 0), new Member(1, 0)]);
        stack.Train();
        using var rows = TinyStack.Images(4000, Binarization.Static);
        var means = Evaluator.Objectives(stack.Vae, rows, new EvaluationOptions());
        var precise = Evaluator.Members(stack.Vae, rows, new EvaluationOptions());
        for (var layer = 0; layer < 2; layer++)
        {
            for (var member = 0; member < 2; member++)
            {
                var parts = means.SmoothedKlParts!;
                var reference = precise[member].KlParts![layer];
                var error = Total(reference) * Math.Sqrt(8); // one draw instead of eight
                var sum = parts.Scale[layer][member] + parts.Bias[layer][member] + parts.Variance[layer][member];
                Assert.Equal(means.SmoothedKl[layer][member], sum, 6 * error);
                Assert.Equal(reference.Variance, parts.Variance[layer][member], 6 * error);
            }
        }
    }

    private static void AssertAddsUp(double kl, KlParts parts) =>
        Assert.Equal(kl, parts.Scale + parts.Bias + parts.Variance, 6 * Math.Sqrt(2) * Total(parts));

    // The parts are correlated: the sum of their errors bounds that of their sum.
    private static double Total(KlParts parts) => parts.ScaleError + parts.BiasError + parts.VarianceError;

    // Repetitions lie on the batch axis.
    private static KlPartTensors Estimate(
        double m, double s, double c, double r, Func<Tensor, Tensor> mean, Func<Tensor, Tensor> width, int draws)
    {
        var key = RandomKey.FromSeed(BitConverter.DoubleToInt64Bits(m + (3 * s) + (7 * c) + (11 * r)));
        var q = new DiagonalGaussian(TensorCreation.Filled([1, Repetitions, 1], m), TensorCreation.Filled([1, Repetitions, 1], s));
        return KlDecomposition.Of(q, [.. Enumerable.Range(0, draws).Select(i =>
        {
            var z = key.At(i).Normal(1, Repetitions, 1).Times(r).Plus(c);
            return new DiagonalGaussian(mean(z), width(z));
        })]);
    }

    private static (double Value, double Error) Mean(Tensor values) =>
        (values.mean().item<double>(), values.std().item<double>() / Math.Sqrt(Repetitions));

    private static void AssertEstimate(double expected, Tensor values, double left = 0)
    {
        var (value, error) = Mean(values);
        Assert.Equal(expected, value, (6 * error) + left + (1e-5 * Math.Max(1, Math.Abs(expected)))); // float32 inputs
    }

    private static DiagonalGaussian Gaussian(double mean, double deviation) => new(TensorCreation.Filled([1, 1, 1], mean), TensorCreation.Filled([1, 1, 1], deviation));

    private static HierarchicalVae Linear(double[] rho, SmoothingOptions smoothing) => new(
        new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian },
        [.. rho.Select(value => new Member(value, 0))], smoothing);

    private static void Set(HierarchicalVae vae, string name, double value)
    {
        var entry = vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == name);
        vae.Parameters.Memory(vae.Parameters.Values, entry).Fill((float)value);
    }

    private static DataRows Reals(int count)
    {
        using var x = RandomKey.FromSeed(11).Normal(count, 1);
        return DataRows.FromReals(x.data<float>().ToArray(), 1);
    }
}
