using Ornstein.Batching;
using Ornstein.Contributions;
using Ornstein.Evaluation;
using Ornstein.Generation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Priors;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Priors;

/// <summary>A prior of one's own against closed forms of linear models, and against the standard normal that it stands for.</summary>
public class PriorTests
{
    private const double Width = 2.5;

    /// <summary>q(z | x) = N(a x, t^2), so that KL(q || N(0, s^2)) = ln(s / t) + (t^2 + a^2 x^2) / (2 s^2) - 1/2 of each datum. Single precision.</summary>
    [Fact]
    public void UnsmoothedKl_OfALinearModel_IsTheClosedForm()
    {
        const double A = 0.8, Scale = 0.3;
        using var scope = NewDisposeScope();
        using var vae = Linear(new WidePrior(Width), latents: [1], features: 1);
        LinearGaussian.Set(vae, "q1.output.weight", A);
        LinearGaussian.Set(vae, "q1.output.bias", 0);
        LinearGaussian.Set(vae, "q1.scale", Scale);
        var x = RandomKey.FromSeed(1).Normal(1, 50, 1);
        var pass = vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(2)));
        var t = Math.Log(1 + Math.Exp(Scale)) + 1e-4;
        double[] expected = [.. x.data<float>().ToArray().Select(value =>
            Math.Log(Width / t) + (((t * t) + (A * A * value * value)) / (2 * Width * Width)) - 0.5)];
        Tensor[] found = [vae.UnsmoothedKl(pass)[0], vae.UnsmoothedKlPerUnit(pass)[0], vae.SmoothedKl(pass, StackNoise.Shared(RandomKey.FromSeed(3)))[0]];
        foreach (var kl in found) Assert.All(kl.flatten().data<float>().ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    /// <summary>Without a closed form: log q - log p at one sample of each datum, whose mean is within six of its standard errors of the KL.</summary>
    [Fact]
    public void Kl_WithoutAClosedForm_IsThatOfSamplesWithinTheirError()
    {
        const int Rows = 20_000;
        using var scope = NewDisposeScope();
        using var exact = Linear(new WidePrior(Width), latents: [2, 3], features: 4);
        using var sampled = Linear(new WidePrior(Width, HasClosedForm: false), latents: [2, 3], features: 4);
        var (x, noise) = (RandomKey.FromSeed(1).Normal(1, Rows, 4), StackNoise.Shared(RandomKey.FromSeed(2)));
        var (expected, found) = (exact.UnsmoothedKl(exact.Infer(x, noise))[1], sampled.UnsmoothedKl(sampled.Infer(x, noise))[1]);
        var difference = (found - expected).to(ScalarType.Float64);
        var error = difference.std().item<double>() / Math.Sqrt(Rows);
        Assert.InRange(error, 1e-4, 0.02); // samples of two units differ, and not by nats
        Assert.InRange(difference.mean().item<double>(), -6 * error, 6 * error);
        // Units add up to the layer, datum by datum.
        var units = sampled.UnsmoothedKlPerUnit(sampled.Infer(x, noise))[1];
        Assert.Equal([1, Rows, 3], units.shape);
        Assert.All(units.sum([-1L]).flatten().data<float>().ToArray().Zip(found.flatten().data<float>().ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    /// <summary>
    /// N(0, s^2) read by weights W is N(0, 1) read by s W: the exact marginal of the other model. q is wider than p in every layer and reads nothing, so
    /// weights are at most 4 / 2.5 times 2 / 0.7 e^(9/8) times some 3 of their mean, of relative variance V below 10. With k = 10,000 samples of 100 data that is a
    /// bias of V / 2k and a standard error of sqrt(V / 100 k): 0.0005 + 6 * 0.0032 nats.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bounds_OfALinearModel_RiseToTheExactLogLikelihood(bool hasClosedForm)
    {
        const double Tolerance = 0.02;
        using var vae = Linear(new WidePrior(Width, hasClosedForm), latents: [1, 1], features: 2);
        using var same = Linear(new StandardNormalPrior(), latents: [1, 1], features: 2);
        foreach (var model in new[] { vae, same })
        {
            LinearGaussian.Set(model, "p0.output.weight", 1);
            foreach (var (name, value) in new[] { ("q1.output.weight", 0.0), ("q1.output.bias", 0), ("q1.scale", 2), ("q2.output.weight", 0), ("q2.output.bias", 0), ("q2.scale", 4) })
                LinearGaussian.Set(model, name, value);
        }

        LinearGaussian.Set(vae, "p1.output.weight", 0.5);
        LinearGaussian.Set(same, "p1.output.weight", 0.5);
        using var x = RandomKey.FromSeed(4).Normal(100, 2);
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), 2);
        var narrow = LinearGaussian.LogLikelihood(same, 0, x);
        LinearGaussian.Set(same, "p1.output.weight", 0.5 * Width);
        var exact = LinearGaussian.LogLikelihood(same, 0, x);
        Assert.True(Math.Abs(exact - narrow) > 4 * Tolerance, $"{exact} and {narrow}"); // else the width would not be seen
        var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 8, ImportanceDraws = 10_000 })[0];
        Assert.True(result.Bounds!.SampledElbo.Value < exact && result.Elbo < exact);
        Assert.Equal(exact, result.Bounds.ImportanceWeighted.Value, Tolerance);
    }

    /// <summary>Wherever a stack asks for its prior: N(0, 1) by a stranger's class comes to what the built-in does, here by tensors and there by programs.</summary>
    [Fact]
    public void Evaluation_WithAStrangersStandardNormal_IsThatOfTheBuiltIn()
    {
        Member[] members = [new(0.3, 0), new(1, 1)];
        using var builtIn = new TinyStack(members);
        using var own = new TinyStack(members, model: TinyStack.Model with { Prior = new WidePrior(1) });
        Assert.Equal(builtIn.Values, own.Values);
        var options = new EvaluationOptions { Draws = 4 };
        var (expected, found) = (Evaluator.Members(builtIn.Vae, builtIn.Validation, options), Evaluator.Members(own.Vae, own.Validation, options));
        for (var i = 0; i < members.Length; i++)
        {
            // Sums of some ten numbers a datum in single precision.
            Assert.Equal(expected[i].Elbo, found[i].Elbo, 1e-4);
            Assert.Equal(expected[i].SmoothedObjective, found[i].SmoothedObjective, 1e-4);
            Assert.Equal(expected[i].Bounds!.SampledElbo.Value, found[i].Bounds!.SampledElbo.Value, 1e-4);
            Assert.Equal(expected[i].Bounds!.SmoothedGenerativeImportanceWeighted.Value, found[i].Bounds!.SmoothedGenerativeImportanceWeighted.Value, 1e-4);
        }

        var (before, after) = (LayerContributions.Of(builtIn.Vae, builtIn.Validation, options), LayerContributions.Of(own.Vae, own.Validation, options));
        Assert.Equal(before[0].FromPrior.Value, after[0].FromPrior.Value, 1e-4);
        Assert.All(before[0].SkipElbo!.Zip(after[0].SkipElbo!), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-4));
        using var scope = NewDisposeScope();
        float[] Samples(TinyStack stack) => stack.Vae.Sample(6, StackNoise.Shared(RandomKey.FromSeed(5))).data<float>().ToArray();
        Assert.All(Samples(builtIn).Zip(Samples(own)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        float[] Moved(TinyStack stack) => LatentTraversal.Of(stack.Vae, 2, [0, 1], 5).data<float>().ToArray();
        Assert.All(Moved(builtIn).Zip(Moved(own)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

        // A step is the same too: Adam moves every parameter by about the rate, and float32 sums differ in the last places. Where a gradient is all but 0 its sign is chance.
        Assert.True(builtIn.Train(TinyStack.Training with { Epochs = 1 }) && own.Train(TinyStack.Training with { Epochs = 1 }));
        var apart = builtIn.Values.Zip(own.Values).Count(pair => Math.Abs(pair.First - pair.Second) > 1e-3);
        Assert.InRange(apart, 0, builtIn.Values.Length / 100);
    }

    /// <summary>d KL / d ln s_u = 1 - E[(t_u^2 + m_u^2)] / s_u^2, of every unit of the learned widths.</summary>
    [Fact]
    public void Gradient_OfLearnedWidths_IsTheClosedForm()
    {
        using var vae = Linear(new LearnedPrior(1.5), latents: [2, 3], features: 4);
        using var scope = NewDisposeScope();
        var pass = vae.Infer(RandomKey.FromSeed(1).Normal(1, 200, 4), StackNoise.Shared(RandomKey.FromSeed(2)));
        vae.UnsmoothedKl(pass)[1].mean().backward();
        var entry = vae.Parameters.Layout.Entries.Single(entry => entry.Name == "prior.logwidth");
        Assert.Equal((1, 3), (entry.Rows, entry.Columns));
        var q = pass.Layers[1];
        var expected = q.StandardDeviation.Squared().Plus(q.Mean.Squared()).mean([1L]).Over(1.5 * 1.5).neg().Plus(1);
        var found = vae.Parameters.Memory(vae.Parameters.Gradients, entry).ToArray();
        Assert.All(expected.flatten().data<float>().ToArray().Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Train_WithLearnedWidths_MovesThemMemberByMember()
    {
        using var stack = new TinyStack([new Member(0.5, 0), new Member(1, 1) { Remedy = new Remedy { Importance = new ImportanceObjective { Samples = 3 } } }], model: TinyStack.Model with { Prior = new LearnedPrior(3) });
        Assert.True(stack.Train());
        var entry = stack.Vae.Parameters.Layout.Entries.Single(entry => entry.Name == "prior.logwidth");
        var widths = stack.Vae.Parameters.Memory(stack.Vae.Parameters.Values, entry).ToArray();
        // Codes are narrower than 3, so every width falls; Adam moves each by about the rate of 0.01 in 12 steps.
        Assert.All(widths, width => Assert.InRange(width, Math.Log(3) - 0.2, Math.Log(3) - 0.02));
        Assert.All(Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions { Draws = 2 }), result => Assert.True(double.IsFinite(result.Elbo)));
    }

    /// <summary>x = w (v (s e3) + t e2) + eta e1 in a linear model of one unit a layer: the variance of samples within six standard errors, sqrt(2 / N) of it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0.4)]
    public void SampleData_OfALinearModel_HasTheVarianceOfItsMarginal(double rho)
    {
        const int Count = 40_000;
        const double V = 0.7, W = 1.2, Scale = 0.2, Variance = 0.3;
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = new GaussianLikelihood(Variance), Prior = new WidePrior(Width) };
        // Antithetic pairs leave of an affine mean rho of what varies, exactly.
        using var vae = new HierarchicalVae(options, [new Member(rho, 0)], new SmoothingOptions { Draws = 2, Sampler = SmoothingSampler.Antithetic });
        LinearGaussian.Set(vae, "p1.output.weight", V);
        LinearGaussian.Set(vae, "p1.scale", Scale);
        LinearGaussian.Set(vae, "p0.output.weight", W);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (t, noise) = (Math.Log(1 + Math.Exp(Scale)) + 1e-4, StackNoise.Shared(RandomKey.FromSeed(6)));
        var means = W * W * ((rho * rho * V * V * Width * Width) + (t * t));
        double Spread(Tensor x) => x.to(ScalarType.Float64).var().item<double>();
        void Near(double expected, double found) => Assert.Equal(expected, found, 6 * Math.Sqrt(2.0 / Count) * expected);
        Near(means, Spread(vae.Sample(Count, noise)));
        Near(means + Variance, Spread(vae.SampleData(Count, noise)));
        if (rho == 1) Near(means, Spread(FixedLayers.Of(vae, 2, Count, noise))); // of the unsmoothed model
    }

    [Fact]
    public void Prior_OfAnotherShapeOrWithoutSense_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var vae = Linear(new UnsummedPrior(), latents: [2], features: 3);
        var pass = vae.Infer(rand(1, 5, 3), StackNoise.Shared(RandomKey.FromSeed(0)));
        Assert.Equal("the prior 'unsummed' gives a log-density of shape [1, 5, 2], where [1, 5] is needed.", Message(() => vae.UnsmoothedKl(pass)));
        Assert.Equal("the prior 'unsummed' gives a mean of shape [3], where [1, 4, 2] is needed.", Message(() => vae.Sample(4, StackNoise.Shared(RandomKey.FromSeed(0)))));
        Assert.Equal(
            "the prior 'unsummed' gives a sample of shape [1, 4, 3], where [1, 4, 2] is needed.",
            Message(() => FixedLayers.Of(vae, 1, 4, StackNoise.Shared(RandomKey.FromSeed(0)))));
        Assert.Contains("the deviation of the prior is -1", Message(() => Linear(new WidePrior(-1), [1], 1)), StringComparison.Ordinal);
        Assert.Contains("the model has the prior 'wide'", Message(() => new TinyStack(
            [new Member(1, 0) { Remedy = new Remedy { CommittedRate = 0.1 } }], model: TinyStack.Model with { Prior = new WidePrior(2) }).Dispose()), StringComparison.Ordinal);
    }

    private static HierarchicalVae Linear(IPrior prior, int[] latents, int features) => new(
        new ModelOptions { Data = features, Latents = [.. latents.Select(units => (Shape)units)], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian, Prior = prior },
        [new Member(1, 0)], new SmoothingOptions());

    private static string Message(Action action) => Assert.Throws<OrnsteinException>(action).Message;
}
