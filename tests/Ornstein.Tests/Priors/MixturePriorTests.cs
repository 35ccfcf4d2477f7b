using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Priors;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Priors;

public class MixturePriorTests
{
    /// <summary>A single component begins as N(0, 1): its density, its samples to the bit, and the bounds, which are of densities. Single precision.</summary>
    [Fact]
    public void Prior_OfOneComponent_IsTheStandardNormal()
    {
        Member[] members = [new(0.3, 0), new(1, 1)];
        using var plain = new TinyStack(members);
        using var mixture = new TinyStack(members, model: TinyStack.Model with { Prior = new MixturePrior(1) });
        using var scope = NewDisposeScope();
        var z = RandomKey.FromSeed(1).Normal(2, 50, 2).Times(2);
        Assert.All(
            Numbers(plain.Vae.LogPrior(z)).Zip(Numbers(mixture.Vae.LogPrior(z))), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Tensor Drawn(TinyStack stack) => stack.Vae.Sample(6, StackNoise.Shared(RandomKey.FromSeed(5)));
        Assert.Equal(Numbers(Drawn(plain)), Numbers(Drawn(mixture)));
        var options = new EvaluationOptions { Draws = 4 };
        var (expected, found) = (Evaluator.Members(plain.Vae, plain.Validation, options), Evaluator.Members(mixture.Vae, mixture.Validation, options));
        for (var i = 0; i < members.Length; i++)
        {
            Assert.Equal(expected[i].Bounds!.SampledElbo.Value, found[i].Bounds!.SampledElbo.Value, 1e-4);
            Assert.Equal(expected[i].Bounds!.ImportanceWeighted.Value, found[i].Bounds!.ImportanceWeighted.Value, 1e-4);
            Assert.Equal(expected[i].Bounds!.SmoothedGenerativeImportanceWeighted.Value, found[i].Bounds!.SmoothedGenerativeImportanceWeighted.Value, 1e-4);
        }
    }

    /// <summary>KL(q || N(0, 1)) by log q - log p at one sample of each datum, within six standard errors of the closed form.</summary>
    [Fact]
    public void Kl_OfOneComponent_IsThatOfTheStandardNormalWithinItsError()
    {
        const int Rows = 20_000;
        using var scope = NewDisposeScope();
        using var exact = Linear(new StandardNormalPrior());
        using var sampled = Linear(new MixturePrior(1));
        var (x, noise) = (RandomKey.FromSeed(1).Normal(1, Rows, 4).Times(3), StackNoise.Shared(RandomKey.FromSeed(2)));
        var difference = (sampled.UnsmoothedKl(sampled.Infer(x, noise))[0] - exact.UnsmoothedKl(exact.Infer(x, noise))[0]).to(ScalarType.Float64);
        var error = difference.std().item<double>() / Math.Sqrt(Rows);
        Assert.InRange(error, 1e-4, 0.05);
        Assert.InRange(difference.mean().item<double>(), -6 * error, 6 * error);
    }

    [Fact]
    public void LogPrior_OfThreeComponents_IsTheSumWrittenOut()
    {
        using var scope = NewDisposeScope();
        using var vae = Linear(new MixturePrior(3));
        var (means, widths, weights) = Set(vae, 3);
        var z = RandomKey.FromSeed(7).Normal(1, 40, 2).Times(2);
        Assert.All(
            Numbers(vae.LogPrior(z)).Zip(Densities.Mixture(z[0], means, widths, weights)), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public void Sample_OfThreeComponents_FitsTheLogDensity()
    {
        using var scope = NewDisposeScope();
        using var vae = Linear(new MixturePrior(3));
        Set(vae, 3);
        var moments = vae.Networks.Prior.Gaussian(vae, 1);
        Densities.SamplesFit(
            vae, (count, noise) => vae.Networks.Prior.Sample(vae, count, noise, "z"), moments, moments with { StandardDeviation = moments.StandardDeviation.Times(0.5f) });
    }

    [Fact]
    public void Train_AMixture_MovesWeightsMeansAndWidths()
    {
        using var stack = new TinyStack([new Member(0.5, 0), new Member(1, 1)], model: TinyStack.Model with { Prior = new MixturePrior(3) });
        using var fresh = new TinyStack([new Member(0.5, 0), new Member(1, 1)], model: TinyStack.Model with { Prior = new MixturePrior(3) });
        Assert.True(stack.Train());
        foreach (var name in new[] { "prior.logit", "prior.mean", "prior.logwidth" })
            Assert.All(Own(stack.Vae, name).Zip(Own(fresh.Vae, name)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(3 * 2 * 2, Own(fresh.Vae, "prior.mean").Distinct().Count()); // else components would stay the same
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Validate_ANumberOfComponentsOutOfRange_SaysSo(int components)
    {
        foreach (var prior in new IPrior[] { new MixturePrior(components), new VampPrior(components) })
        {
            Assert.Equal(
                $"the prior '{prior.Name}' has {components} components; it must have 1 to 10,000.",
                Assert.Throws<OrnsteinException>(() => (TinyStack.Model with { Prior = prior }).Validate()).Message);
        }
    }

    private static HierarchicalVae Linear(IPrior prior) => new(
        new ModelOptions { Data = 4, Latents = [2], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian, Prior = prior }, [new Member(1, 0)], new SmoothingOptions());

    // Components of unlike weights, means and widths.
    private static (Tensor Means, Tensor Widths, double[] Weights) Set(HierarchicalVae vae, int components)
    {
        using var guard = no_grad();
        Tensor Block(string name) => vae.Parameters.Block(vae.Parameters.Values, vae.Parameters.Layout.Entries.Single(entry => entry.Name == name))[0];
        Block("prior.logit").copy_(tensor([0.3f, -1f, 0.8f]));
        Block("prior.logwidth").copy_(tensor([0f, -0.5f, 0.4f, 0.1f, -0.7f, 0.2f]).view(components, 2));
        double[] exponentials = [Math.Exp(0.3), Math.Exp(-1), Math.Exp(0.8)];
        return (Block("prior.mean"), Block("prior.logwidth").exp(), [.. exponentials.Select(value => value / exponentials.Sum())]);
    }

    private static float[] Own(HierarchicalVae vae, string name) =>
        vae.Parameters.Memory(vae.Parameters.Values, vae.Parameters.Layout.Entries.Single(entry => entry.Name == name)).ToArray();

    private static float[] Numbers(Tensor of) => of.detach().contiguous().data<float>().ToArray();
}
