using Ornstein.Evaluation;
using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Priors;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using Ornstein.Tests.Remedies;
using static TorchSharp.torch;

namespace Ornstein.Tests.Priors;

public class VampPriorTests
{
    private const int Components = 5;

    /// <summary>q's top Gaussian as the model gives it for the pseudo-inputs themselves, then the sum written out; whatever q's top reads.</summary>
    [Theory]
    [InlineData("one layer", TinyStack.Features)]
    [InlineData("chain", 3)]
    [InlineData("ladder", TinyStack.Features)]
    [InlineData("inference skips", 3 + TinyStack.Features)]
    [InlineData("limited", 3)]
    public void LogPrior_OfAnyModel_IsTheMixtureOfQAtThePseudoInputs(string kind, int read)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var vae = Perturbed(kind);
        var (top, inputs) = (vae.Options.Layers - 1, Inputs(vae));
        Assert.Equal([2, Components, read], inputs.shape);
        var layer = kind switch
        {
            "ladder" => vae.Infer(inputs, StackNoise.Shared(RandomKey.FromSeed(0))).Layers[top], // climbs from the data without samples
            "inference skips" => vae.Networks.Q[top].Forward(vae.Parameters, inputs),
            _ => vae.Inference(top, inputs),
        };
        if (kind == "limited") Assert.True(layer.StandardDeviation.max().item<float>() < 0.9); // the limit is there to be seen
        var z = RandomKey.FromSeed(7).Normal(2, 30, 2);
        var weights = Enumerable.Repeat(1.0 / Components, Components).ToArray();
        for (var member = 0; member < 2; member++)
        {
            var expected = Densities.Mixture(z[member], layer.Mean[member], layer.StandardDeviation.expand(layer.Mean.shape)[member], weights);
            Assert.All(vae.LogPrior(z)[member].data<float>().ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-5 * Math.Max(1, Math.Abs(pair.Second))));
        }
    }

    [Fact]
    public void Sample_OfAChain_FitsTheLogDensity()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var vae = Perturbed("chain").Single(0);
        var moments = vae.Networks.Prior.Gaussian(vae, 1);
        Densities.SamplesFit(
            vae, (count, noise) => vae.Networks.Prior.Sample(vae, count, noise, "z"), moments, moments with { StandardDeviation = moments.StandardDeviation.Times(0.5f) });
    }

    /// <summary>Where q reads nothing, every component is q: log q - log p is zero at any sample, and the collapsed layer costs nothing.</summary>
    [Fact]
    public void Kl_OfAQThatReadsNothing_IsZero()
    {
        using var scope = NewDisposeScope();
        using var vae = Perturbed("chain");
        LinearGaussian.Set(vae, "q3.output.weight", 0);
        var kl = vae.UnsmoothedKl(vae.Infer(RandomKey.FromSeed(1).Uniform(1, 20, TinyStack.Features), StackNoise.Shared(RandomKey.FromSeed(2))))[2];
        Assert.True(kl.abs().max().item<float>() < 1e-5);
    }

    /// <summary>Along its own gradient log p rises by the gradient's square norm: pseudo-inputs and q's weights have it, and nothing else.</summary>
    [Fact]
    public void Gradient_OfLogPrior_ReachesPseudoInputsAndQ()
    {
        using var scope = NewDisposeScope();
        using var vae = Perturbed("chain");
        var z = RandomKey.FromSeed(7).Normal(2, 30, 2);
        vae.LogPrior(z).mean([1L]).sum([]).backward();
        var gradient = vae.Parameters.Gradients.detach().clone();
        string[] reached = [.. vae.Parameters.Layout.Entries.Where(entry => vae.Parameters.Block(gradient, entry).abs().max().item<float>() > 0).Select(entry => entry.Name)];
        Assert.Contains("prior.input", reached);
        Assert.All(reached, name => Assert.True(name == "prior.input" || name.StartsWith("q3.", StringComparison.Ordinal), name));
        var norm = gradient.norm().item<float>();
        double At(double offset)
        {
            using var guard = no_grad();
            vae.Parameters.Values.detach().Add(gradient.Times((float)(offset / norm)));
            var value = vae.LogPrior(z).mean([1L]).sum([]).to(ScalarType.Float64).item<double>();
            vae.Parameters.Values.detach().sub_(gradient.Times((float)(offset / norm)));
            return value;
        }

        Assert.Equal(1, (At(5e-3) - At(-5e-3)) / (1e-2 * norm), 1e-2);
    }

    [Fact]
    public void Bounds_OfAStack_AreThoseOfTheSamePriorByHand()
    {
        using var stack = new TinyStack([new Member(0.5, 0), new Member(1, 1)], model: TinyStack.Model with { Prior = new VampPrior(Components) });
        Assert.True(stack.Train());
        foreach (var result in Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions { Draws = 4 }))
        {
            Assert.True(result.Bounds!.SampledElbo.Value < result.Bounds.ImportanceWeighted.Value);
            Assert.True(double.IsFinite(result.Bounds.SmoothedGenerativeImportanceWeighted.Value));
        }

        // log q - log p of the bounds is that of densities, layer by layer.
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var vae = stack.Vae.Single(0);
        var pass = vae.Infer(RandomKey.FromSeed(1).Uniform(1, 10, TinyStack.Features), StackNoise.Shared(RandomKey.FromSeed(2)));
        var layer = vae.Inference(2, Inputs(vae));
        var expected = pass.Layers.Zip(pass.Samples, (q, z) => q.LogDensity(z)).Aggregate((sum, next) => sum.Plus(next))
            - vae.Generative(0, pass.Samples[1]).LogDensity(pass.Samples[0]) - vae.Generative(1, pass.Samples[2]).LogDensity(pass.Samples[1]);
        var prior = Densities.Mixture(pass.Samples[2][0], layer.Mean[0], layer.StandardDeviation.expand(layer.Mean.shape)[0], [.. Enumerable.Repeat(1.0 / Components, Components)]);
        Assert.All(
            vae.LogRatio(pass)[0].data<float>().ToArray().Zip(expected[0].data<float>().ToArray().Zip(prior, (sum, log) => sum - log)),
            pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public void Create_WithModelsThatItDoesNotGoWith_IsRefused()
    {
        var model = TinyStack.Model with { Prior = new VampPrior(2) };
        Assert.Equal(
            "a VampPrior takes data one by one, and batch normalization couples them; take another prior.", Message(model.With(p => p with { NormalizesBatches = true }), new()));
        Assert.Equal("a VampPrior is offered with p smoothed only, not q; smooth p alone.", Message(model, new() { Networks = SmoothedNetworks.PQ }));
        Assert.Equal(
            "a committed rate is a distance from the standard normal prior, and the model has the prior 'vamp'; leave one of the two out.",
            Message(model, new(), new Remedy { CommittedRate = 0.1 }));
    }

    private static string Message(ModelOptions model, SmoothingOptions smoothing, Remedy? remedy = null) =>
        Assert.Throws<OrnsteinException>(() => new HierarchicalVae(model, [new Member(0.5, 0) { Remedy = remedy ?? Remedy.None }], smoothing)).Message;

    private static Tensor Inputs(HierarchicalVae vae) => vae.Parameters[vae.Parameters.Layout.Entries.Single(entry => entry.Name == "prior.input")].detach();

    // Away from the first weights, where biases are zero.
    private static HierarchicalVae Perturbed(string kind)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var plain = TinyStack.Model with { Prior = new VampPrior(Components) };
        var model = kind switch
        {
            "one layer" => (plain with { Latents = [2] }).With(p => p with { Hidden = [8] }),
            "ladder" => plain with { Inference = InferenceKind.Ladder },
            "inference skips" => plain with { Skip = SkipConnections.Inference },
            _ => plain,
        };
        var remedy = kind == "limited" ? Remedy.Of(new OwnCommittedRate(0.05)) : Remedy.None;
        var vae = new HierarchicalVae(model, [.. new[] { 3L, 4 }.Select(seed => new Member(1, seed) { Remedy = remedy })], new SmoothingOptions());
        vae.Parameters.Values.detach().Add(RandomKey.FromSeed(17).Normal(vae.Parameters.Values.shape).Times(0.2));
        return vae;
    }
}
