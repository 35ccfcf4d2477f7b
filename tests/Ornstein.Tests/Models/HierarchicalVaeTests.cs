using CsCheck;
using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

public class HierarchicalVaeTests
{
    [Fact]
    public void Train_AllMembersAtRhoOne_IsBitForBitTheVanillaModel()
    {
        using var smoothed = new TinyStack([new Member(1, 0), new Member(1, 1)], new SmoothingOptions { Networks = SmoothedNetworks.PQ, Draws = 5 });
        using var vanilla = new TinyStack([new Member(0.3, 0), new Member(0.3, 1)], new SmoothingOptions { Networks = SmoothedNetworks.None });
        smoothed.Train();
        vanilla.Train();
        Assert.Equal(vanilla.Values, smoothed.Values);
    }

    [Fact]
    public void Objectives_AtRhoOne_AreTheSame()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        stack.Train();
        var result = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions())[0];
        Assert.Equal(result.Elbo, result.SmoothedObjective);
        Assert.Equal(result.Kl, result.UnsmoothedKl);
        Assert.Equal(-(result.Reconstruction + result.Kl.Sum()), result.Elbo, 1e-9);
    }

    [Theory]
    [InlineData(SmoothedNetworks.P)]
    [InlineData(SmoothedNetworks.Q)]
    [InlineData(SmoothedNetworks.PQ)]
    public void Gradients_OfAMemberAlone_EqualThoseInAStack(SmoothedNetworks networks)
    {
        Member[] members = [new(0, 0), new(0.5, 0), new(0.5, 1), new([0.2, 0.9], 2), new(1, 1)];
        var smoothing = new SmoothingOptions { Networks = networks, Draws = 4 };
        using var stack = new TinyStack(members, smoothing);
        var together = FirstGradients(stack);
        for (var i = 0; i < members.Length; i++)
        {
            using var alone = new TinyStack([members[i]], smoothing);
            var expected = FirstGradients(alone)[0];
            // Float32: sums over 16 rows and up to 12 inputs in another order; a few units in the last place of the largest term.
            var scale = expected.Max(Math.Abs);
            for (var j = 0; j < expected.Length; j++) Assert.Equal(expected[j], together[i][j], 1e-5 * scale);
        }
    }

    [Fact]
    public void Train_TheSameMemberTwiceInAStack_GivesTheSameModelTwice()
    {
        using var stack = new TinyStack([new Member(0.5, 3), new Member(0.9, 3), new Member(0.5, 3)]);
        stack.Train();
        // A vector loop may round a member's last elements otherwise than another's: float32, 12 steps of Adam.
        Assert.All(stack.ValuesOf(0).Zip(stack.ValuesOf(2)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.NotEqual(stack.ValuesOf(0), stack.ValuesOf(1));
    }

    [Fact]
    public void Elbo_OfLinearModels_IsBelowTheExactLogLikelihood() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Double[0.2, 3], Gen.Long[0, 1000]).Sample(
            values =>
            {
                var (features, first, second, third, variance, seed) = values;
                var options = new ModelOptions
                {
                    Data = features, Latents = [first, second, third], Networks = Perceptrons.Linear, Likelihood = new GaussianLikelihood(variance),
                };
                using var vae = new HierarchicalVae(options, [new Member(0.4, seed)], new SmoothingOptions());
                using var x = RandomKey.FromSeed(seed).At("x").Normal(200, features);
                using var rows = DataRows.FromReals(x.data<float>().ToArray(), features);
                var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 40 })[0];
                var exact = LinearGaussian.LogLikelihood(vae, 0, x);
                Assert.True(result.Elbo < exact, $"ELBO {result.Elbo}, log-likelihood {exact}"); // untrained, the gap is nats wide
                Assert.True(result.Bounds!.SampledElbo.Value < exact, $"sampled ELBO {result.Bounds.SampledElbo}, log-likelihood {exact}");
                var weighted = result.Bounds.ImportanceWeighted;
                Assert.InRange(weighted.Value, result.Bounds.SampledElbo.Value, exact + (6 * weighted.StandardError));
            },
            iter: 30, threads: 1);

    /// <summary>The counterexample of docs/theory.md, where the sum of reconstruction and KLs exceeds log p(x).</summary>
    [Fact]
    public void Elbo_OfAChainWithGenerativeSkips_IsThatOfJointSamples()
    {
        const double Small = 0.001;
        var options = new ModelOptions
        {
            Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = new GaussianLikelihood(Small), Skip = SkipConnections.Generative,
        };
        using var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        static double Raw(double deviation) => Math.Log(Math.Exp(deviation - GaussianNetwork.MinimumStandardDeviation) - 1); // softplus
        foreach (var (name, value) in new[]
                 {
                     ("q1.output.weight", 0), ("q1.scale", Raw(1)), ("q2.output.weight", -1), ("q2.scale", Raw(Math.Sqrt(Small))), ("p1.output.weight", 1),
                     ("p1.scale", Raw(Math.Sqrt(2 + Small))), ("p0.output.weight", 1), // of both layers
                 })
        {
            LinearGaussian.Set(vae, name, value);
        }

        using var rows = DataRows.FromReals(new float[2000], 1); // x = 0
        var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 40, BatchSize = 2000 })[0];
        var exact = -0.5 * Math.Log(2 * Math.PI * (6 + (2 * Small)));
        // Of 80,000 draws of chi-squares with a few degrees of freedom.
        Assert.Equal(-1.766, -(result.Reconstruction + result.UnsmoothedKl.Sum()), 0.02);
        Assert.True(-(result.Reconstruction + result.UnsmoothedKl.Sum()) > exact + 0.02);
        Assert.False(vae.IsKlFormABound);
        Assert.Equal(result.Bounds!.SampledElbo.Value, result.Elbo);
        Assert.True(result.Elbo < exact);
    }

    [Fact]
    public void SampledElbo_OfALinearModel_ExceedsTheKlsByTheCorrelationOfTheLayers()
    {
        // Of one unit a layer with z2 = b z1 + e2 and p(z1 | z2) = N(w z2, s^2), E_q of the cross term differs by w b s1^2 / s^2 = w b.
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        const double B = 0.7, W = 0.9;
        LinearGaussian.Set(vae, "q2.output.weight", B);
        LinearGaussian.Set(vae, "p1.output.weight", W);
        const int Count = 20_000, Draws = 20;
        using var x = RandomKey.FromSeed(3).Normal(Count, 1);
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), 1);
        var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = Draws, BatchSize = 1000 })[0];
        // Terms are products of unit Gaussians of variance near one.
        Assert.Equal(W * B, result.Bounds!.SampledElbo.Value - result.Elbo, 6 * 2 / Math.Sqrt(Count * Draws));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Bounds_OfALinearModel_RiseToTheExactLogLikelihoodOfTheirModel(double rho)
    {
        // Two antithetic draws smooth an affine mean exactly, so the smoothed generative model is linear-Gaussian too.
        var options = new ModelOptions { Data = 2, Latents = [2, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        var smoothing = new SmoothingOptions { Draws = 2, Sampler = SmoothingSampler.Antithetic };
        const int Rows = 3000, Few = 10, Many = 3000;
        using var vae = new HierarchicalVae(options, [new Member(rho, 5)], smoothing);
        // q as wide as the prior bounds the weights w = p / q; with the deviations of a new model their variance may be infinite.
        foreach (var scale in new[] { "q1.scale", "q2.scale" }) LinearGaussian.Set(vae, scale, Math.Log(Math.E - 1)); // softplus: 1
        using var x = RandomKey.FromSeed(5).At("x").Normal(Rows, 2);
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), 2);
        var few = Evaluator.Members(vae, rows, new EvaluationOptions { ImportanceDraws = Few })[0].Bounds!;
        var many = Evaluator.Members(vae, rows, new EvaluationOptions { ImportanceDraws = Many })[0].Bounds!;
        foreach (var (low, high, exact) in new[]
        {
            (few.ImportanceWeighted, many.ImportanceWeighted, LinearGaussian.LogLikelihood(vae, 0, x)),
            (few.SmoothedGenerativeImportanceWeighted, many.SmoothedGenerativeImportanceWeighted, LinearGaussian.LogLikelihood(vae, 0, x, rho)),
        })
        {
            // The bias of k draws is about Var(w / E w) / 2k: the 0.07 to 0.12 that ten draws are short say that the variance is 1.4 to 2.4.
            // With 4 to be safe: the bias of many draws, and six standard errors of a mean over the rows.
            const double Variance = 4;
            Assert.Equal(exact, high.Value, (Variance / (2 * Many)) + (6 * Math.Sqrt(Variance / (Many * Rows))));
            Assert.InRange(exact - low.Value, 0, Variance / (2 * Few));
            // The error of the few draws' mean over rows, 0.01, is a tenth of what they are short.
            Assert.True(low.Value < high.Value);
        }

        Assert.True(many.SampledElbo.Value < many.ImportanceWeighted.Value);
        Assert.True(many.SmoothedGenerative.Value < many.SmoothedGenerativeImportanceWeighted.Value);
        if (rho == 1) Assert.Equal(many.SampledElbo.Value, many.SmoothedGenerative.Value, 1e-5);
    }

    [Fact]
    public void Reconstruction_Bernoulli_IsTheSumOfPixelCrossEntropies()
    {
        using var scope = NewDisposeScope();
        using var stack = new TinyStack([new Member(1, 0), new Member(1, 1)]);
        var x = stack.Validation.Slice(0, 5).unsqueeze(0);
        var pass = stack.Vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(1)));
        var p = stack.Vae.Decode(pass.Samples[0]);
        var expected = -(x * p.log()).Plus(x.neg().Plus(1) * p.neg().Plus(1).log()).sum([-1L]);
        Assert.True(allclose(expected, stack.Vae.Reconstruction(x, pass), 1e-4, 1e-4));
    }

    [Fact]
    public void Reconstruction_Gaussian_IsTheLogDensity()
    {
        using var scope = NewDisposeScope();
        var model = TinyStack.Model with { Likelihood = new GaussianLikelihood(0.3) };
        using var stack = new TinyStack([new Member(1, 0)], model: model);
        var x = stack.Validation.Slice(0, 5).unsqueeze(0);
        var pass = stack.Vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(1)));
        var difference = x - stack.Vae.Decode(pass.Samples[0]);
        var expected = difference.Squared().Over(0.3).Plus(Math.Log(2 * Math.PI * 0.3)).sum([-1L]).Over(2);
        Assert.True(allclose(expected, stack.Vae.Reconstruction(x, pass), 1e-4, 1e-4));
    }

    [Fact]
    public void Sample_OfALinearModelAtRhoOne_HasTheModelsCovariance()
    {
        // Without smoothing, ancestral sampling of z1 is exact: Var of W1'z1 follows from the parameters; rho = 0 leaves p's own noise only.
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var options = new ModelOptions { Data = 2, Latents = [2, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(1, 5), new Member(0, 5)], new SmoothingOptions { Draws = 1000 });
        const int Count = 20_000;
        var samples = vae.Sample(Count, StackNoise.Shared(RandomKey.FromSeed(1)));
        Assert.Equal([2, Count, 2], samples.shape);
        var marginal = vae.Parameters[vae.Parameters.Layout.Entries.Single(entry => entry.Name == "p1.output.weight")][0];
        var decoder = vae.Parameters[vae.Parameters.Layout.Entries.Single(entry => entry.Name == "p0.output.weight")][0];
        var own = Math.Pow(Math.Log(2) + 1e-4, 2); // softplus(0)^2
        var smoothedZ1 = eye(2).Times(own);
        var vanillaZ1 = mm(marginal.transpose(0, 1), marginal).Plus(smoothedZ1);
        AssertCovariance(mm(mm(decoder.transpose(0, 1), vanillaZ1), decoder), samples[0], Count);
        AssertCovariance(mm(mm(decoder.transpose(0, 1), smoothedZ1), decoder), samples[1], Count);
    }

    [Fact]
    public void Constructor_SettingsThatDoNotFit_AreNamed()
    {
        Assert.Contains("hidden has 2 sizes and latents 3", Message(TinyStack.Model.With(p => p with { Hidden = [8, 6] })), StringComparison.Ordinal);
        Assert.Contains("1 to 1,000,000", Message(TinyStack.Model with { Latents = [4, 2_000_000_000, 2] }), StringComparison.Ordinal);
        Assert.Contains("give smaller latents", Message(TinyStack.Model.With(p => p with { Hidden = [900_000, 900_000, 8] })), StringComparison.Ordinal);
        Assert.Contains("a shape is '0'", Assert.Throws<OrnsteinException>(() => TinyStack.Model with { Latents = [4, 0, 2] }).Message, StringComparison.Ordinal);
        Assert.Contains("decoder variance is -1", Message(TinyStack.Model with { Likelihood = new GaussianLikelihood(-1) }), StringComparison.Ordinal);
        Assert.Contains("3 rhos", Message(TinyStack.Model, new Member([0.1, 0.2, 0.3], 0)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmoothingSampler.GaussHermite, 20)]
    [InlineData(SmoothingSampler.Sobol, 200)]
    public void Constructor_ASamplerThatCannotServeALayer_IsRefusedBeforeAnyTraining(SmoothingSampler sampler, int units)
    {
        var model = TinyStack.Model with { Latents = [4, units, 2] };
        var smoothing = new SmoothingOptions { Sampler = sampler };
        var error = Assert.Throws<OrnsteinException>(() => new HierarchicalVae(model, [new Member(0.5, 0)], smoothing));
        Assert.Contains($"{units}", error.Message, StringComparison.Ordinal);
        new HierarchicalVae(model, [new Member(1, 0)], smoothing).Dispose(); // nothing is smoothed: nothing to refuse
    }

    [Theory]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Elu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.Silu)]
    public void Gradients_WithAnyActivation_AgreeWithFiniteDifferences(Activation activation)
    {
        using var stack = new TinyStack([new Member(0.5, 0)], model: TinyStack.Model.With(p => p with { Activation = activation }));
        var gradients = FirstGradients(stack)[0];
        using var direction = RandomKey.FromSeed(9).Normal(stack.Vae.Parameters.Values.shape);
        // Padding between blocks belongs to no parameter, so the product below counts named parameters alone.
        using var scope = NewDisposeScope();
        var expected = stack.Vae.Parameters.Layout.Entries
            .SelectMany(entry => stack.Vae.Parameters.Block(direction, entry)[0].contiguous().data<float>().ToArray())
            .Zip(gradients, (a, b) => (double)a * b).Sum();
        const double Step = 1e-3;
        var slope = (LossAt(stack, direction, Step) - LossAt(stack, direction, -Step)) / (2 * Step);
        // Central difference in float32: rounding of about 1e-6 * |loss| / step = 0.01, and a few kinks of the piecewise linear ones.
        Assert.Equal(expected, slope, 0.02 * Math.Max(1, Math.Abs(expected)));
    }

    private static double LossAt(TinyStack stack, Tensor direction, double step)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        stack.Vae.Parameters.Values.Add(direction.Times(step));
        var loss = Loss(stack).item<float>();
        stack.Vae.Parameters.Values.sub_(direction.Times(step));
        return loss;
    }

    private static Tensor Loss(TinyStack stack)
    {
        var x = stack.Validation.Slice(0, 16).unsqueeze(0);
        var noise = StackNoise.OfStep(stack.Vae.Seeds, 1);
        var pass = stack.Vae.Infer(x, noise);
        var loss = stack.Vae.Reconstruction(x, pass);
        foreach (var kl in stack.Vae.SmoothedKl(pass, noise)) loss = loss.Plus(kl);
        return loss.mean([1L]).sum([]);
    }

    private static float[][] FirstGradients(TinyStack stack)
    {
        using var scope = NewDisposeScope();
        Loss(stack).backward();
        return [.. Enumerable.Range(0, stack.Vae.Members.Count).Select(member => stack.Vae.Parameters.Layout.Entries
            .SelectMany(entry => stack.Vae.Parameters.Block(stack.Vae.Parameters.Gradients, entry)[member].contiguous().data<float>().ToArray())
            .ToArray())];
    }

    private static string Message(ModelOptions options, params Member[] members) => Assert.Throws<OrnsteinException>(
        () => new HierarchicalVae(options, members.Length == 0 ? [new Member(1, 0)] : members, new SmoothingOptions())).Message;

    // Standard error of a sample covariance of Gaussians: sqrt((c_ii c_jj + c_ij^2) / n).
    private static void AssertCovariance(Tensor expected, Tensor samples, int count)
    {
        var centred = samples - samples.mean([0L], keepdim: true);
        var measured = mm(centred.transpose(0, 1), centred).Over(count);
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 2; j++)
            {
                var (c, cii, cjj) = (expected[i, j].item<float>(), expected[i, i].item<float>(), expected[j, j].item<float>());
                // 1/1000 of the top layer's energy is left by 1,000 inner draws.
                var tolerance = (6 * Math.Sqrt(((cii * cjj) + (c * c)) / count)) + 2e-3;
                Assert.InRange(measured[i, j].item<float>(), c - tolerance, c + tolerance);
            }
        }
    }
}
