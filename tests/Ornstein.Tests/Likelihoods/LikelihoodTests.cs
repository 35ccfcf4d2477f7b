using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Tensors;
using Ornstein.Training;
using static TorchSharp.torch;

namespace Ornstein.Tests.Likelihoods;

public class LikelihoodTests
{
    private const int Rows = 7, Features = 19;

    public static TheoryData<IFusedLikelihood> Fused => [new BernoulliLikelihood(), new GaussianLikelihood(), new GaussianLikelihood(0.3), new DiscretizedLogisticLikelihood()];

    /// <summary>A fused form against its tensors in double precision: value, gradient and sums per row. Single precision of a sum of 133 terms, and of the sum itself.</summary>
    [Theory]
    [MemberData(nameof(Fused), DisableDiscoveryEnumeration = true)]
    public void FusedForm_OfAnyLikelihood_IsThatOfItsTensors(IFusedLikelihood likelihood)
    {
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(1);
        // Both ends of the range are among the data, where bins of grey levels reach to infinity; and scales beyond the narrowest that counts.
        static double Rounding(double value) => (Features * 1e-5) + (2e-7 * Math.Abs(value));
        var (x, output) = (key.At("x").Uniform(1, Rows, Features).Times(1.4).Minus(0.2).Between(0, 1), key.At("output").Normal(1, Rows, likelihood.Outputs(Features)).Times(likelihood is DiscretizedLogisticLikelihood ? 3.5 : 1));
        var outputs = Rows * likelihood.Outputs(Features);
        using var wide = output.to(ScalarType.Float64).requires_grad_();
        var expected = likelihood.LogProbability(x.to(ScalarType.Float64), wide, PartState.None);
        expected.sum([]).backward();
        // Kernels read whole vectors: room after the last number, as programs have it.
        float[] Padded(Tensor values) => [.. values.data<float>().ToArray(), .. new float[64]];
        var (data, given, gradient) = (Padded(x), Padded(output), new float[outputs + 64]);
        const float Weight = 0.25f;
        var value = likelihood.NegativeLogProbability(given.AsSpan(0, outputs), data.AsSpan(0, Rows * Features), Features, Weight, gradient.AsSpan(0, outputs));
        Assert.Equal(-expected.sum([]).item<double>(), value, Rows * Rounding(value));
        Assert.All(wide.grad!.data<double>().ToArray().Zip(gradient), pair => Assert.Equal(-Weight * pair.First, pair.Second, 2e-6 * Math.Max(1, Math.Abs(pair.First))));
        Assert.Equal(value, likelihood.NegativeLogProbability(given.AsSpan(0, outputs), data.AsSpan(0, Rows * Features), Features, Weight, default));

        var sums = new float[Rows];
        likelihood.AddLogProbability(given.AsSpan(0, outputs), data.AsSpan(0, Rows * Features), Features, 1, sums);
        Assert.All(expected.data<double>().ToArray().Zip(sums), pair => Assert.Equal(pair.First, pair.Second, Rounding(pair.First)));
        // One datum, of which all rows are samples.
        Array.Clear(sums);
        likelihood.AddLogProbability(given.AsSpan(0, outputs), data.AsSpan(0, Features), Features, Rows, sums);
        var repeated = likelihood.LogProbability(x[0, 0].to(ScalarType.Float64), wide.detach(), PartState.None);
        Assert.All(repeated.data<double>().ToArray().Zip(sums), pair => Assert.Equal(pair.First, pair.Second, Rounding(pair.First)));
    }

    [Fact]
    public void OutputOf_AMean_GivesItBack()
    {
        using var scope = NewDisposeScope();
        double[] mean = [0.2, 0.5, 0.75];
        foreach (var likelihood in new ILikelihood[] { Likelihood.Bernoulli, Likelihood.Gaussian })
            Assert.All(likelihood.Mean(tensor(likelihood.OutputOf(mean))).data<double>().ToArray().Zip(mean), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    /// <summary>
    /// Nobody in the library has heard of it: it trains by autograd, its width too, and comes to what its data have.
    /// </summary>
    [Fact]
    public void Train_ALikelihoodFromOutside_LearnsItsDataAndItsParameter()
    {
        // One feature of width 0.2 around 1: E log p = -log(2 * 0.2) - 1 at best, whatever the code.
        var random = new Random(3);
        // |x - 1| = -0.2 ln(1 - u) is exponential.
        float[] values = [.. Enumerable.Range(0, 2000).Select(i => (float)(1 + ((i % 2 == 0 ? 0.2 : -0.2) * Math.Log(1 - random.NextDouble()))))];
        using var rows = DataRows.FromReals(values, 1);
        var options = new ModelOptions { Data = 1, Latents = [1], Networks = new Perceptrons { Hidden = [4], HiddenLayers = 1 }, Likelihood = new LaplaceLikelihood() };
        using var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        Assert.Equal("the likelihood 'laplace'", StepSupport.Lacks(vae));
        OutputBias.FromMean(vae, rows);
        var training = new TrainingOptions { Epochs = 15, BatchSize = 100, LearningRate = new() { Peak = 0.02, Shape = ScheduleShape.Cosine } };
        using var adam = new Adam(vae.Parameters, training.Adam);
        Assert.True(Trainer.Run(vae, adam, new TrainingState(1, 1), rows, null, training));

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var entry = vae.Parameters.Layout.Entries.Single(entry => entry.Name == "p0.logwidth");
        var (width, spread) = (Math.Exp(vae.Parameters.Block(vae.Parameters.Values, entry).item<float>()), values.Average(value => Math.Abs(value - 1)));
        Assert.Equal(spread, width, 0.15 * spread); // the best width is the mean distance from the middle, if the code tells nothing
        var elbo = Evaluator.Objectives(vae, rows, new EvaluationOptions(), CancellationToken.None).Elbo(0);
        Assert.InRange(elbo, -Math.Log(2 * spread) - 1 - 0.05, -Math.Log(2 * spread) - 1 + 0.05);
    }

    [Fact]
    public void New_OfALikelihoodOfAnotherShape_SaysBothBeforeTraining()
    {
        var options = new ModelOptions { Data = 3, Latents = [2], Networks = new Perceptrons { Hidden = [4] }, Likelihood = new UnsummedLikelihood() };
        Assert.Contains("a log-probability of shape [2, 2, 6], where [2, 2] is needed", Message(() =>
            new HierarchicalVae(options, [new Member(1, 0), new Member(1, 1)], new SmoothingOptions()).Dispose()), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_OfALikelihoodOfAnotherShape_SaysBoth()
    {
        using var scope = NewDisposeScope();
        var options = new ModelOptions { Data = 3, Latents = [2], Networks = new Perceptrons { Hidden = [4] }, Likelihood = new UnsummedLikelihood(IsSummed: true) };
        using var vae = new HierarchicalVae(options, [new Member(1, 0), new Member(1, 1)], new SmoothingOptions());
        var x = rand(1, 5, 3);
        var pass = vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(0)));
        Assert.Contains("a mean of shape [2, 5, 6], where [2, 5, 3] is needed", Message(() => vae.Decode(pass.Samples)), StringComparison.Ordinal);
        using var rows = DataRows.FromReals(new float[30], 3);
        Assert.Contains("gives 3 outputs for a mean, where its decoder has 6", Message(() => OutputBias.FromMean(vae, rows)), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_DataThatTheLikelihoodCannotHave_IsRefusedBeforeTheFirstStep()
    {
        using var rows = DataRows.FromReals([-0.5f, 0.5f, 2, 0.1f], 1);
        using var vae = new HierarchicalVae(new ModelOptions { Data = 1, Latents = [1], Networks = new Perceptrons { Hidden = [2] }}, [new Member(1, 0)], new SmoothingOptions());
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        Assert.Equal(
            "the data do not fit the likelihood: Bernoulli pixels lie between 0 and 1, and these data between -0.5 and 2; take the gaussian likelihood.",
            Message(() => Trainer.Run(vae, adam, new TrainingState(1, 1), rows, null, new TrainingOptions { BatchSize = 2 })));
    }

    /// <summary>Draws against the mean and the variance that they have, within six standard errors of 40,000: those of a variance are sqrt(2 / n) of it at most.</summary>
    [Fact]
    public void Sample_OfEveryLikelihood_HasItsMeanAndVariance()
    {
        const int Count = 40_000;
        using var scope = NewDisposeScope();
        var noise = StackNoise.Shared(RandomKey.FromSeed(7));
        PartState Of(double value) => new(_ => tensor(new[] { (float)value }, [1, 1]), null);
        (ILikelihood Likelihood, PartState State, double Mean, double Variance)[] cases =
        [
            (new BernoulliLikelihood(), PartState.None, 1 / (1 + Math.Exp(-0.4)), Math.Exp(-0.4) / Math.Pow(1 + Math.Exp(-0.4), 2)),
            (new GaussianLikelihood(0.3), PartState.None, 0.4, 0.3),
            (new GaussianLikelihood(1, GaussianVariance.Learned), Of(Math.Log(2.5)), 0.4, 2.5),
            (new GaussianLikelihood(1, GaussianVariance.Analytic), Of(1.7), 0.4, 1.7),
        ];
        foreach (var (likelihood, state, mean, variance) in cases)
        {
            var drawn = likelihood.Sample(TensorCreation.Filled([1, Count, 1], 0.4f), state, noise, "x").to(ScalarType.Float64);
            Assert.Equal([1, Count, 1], drawn.shape);
            Assert.Equal(mean, drawn.mean().item<double>(), 6 * Math.Sqrt(variance / Count));
            Assert.Equal(variance, drawn.var().item<double>(), 6 * Math.Sqrt(2.0 / Count) * variance);
        }

        Assert.Equal(
            "the likelihood 'laplace' does not say how data are drawn; give its class a Sample, or take expected data.",
            Message(() => ((ILikelihood)new LaplaceLikelihood()).Sample(zeros(1, 2, 3), PartState.None, noise, "x")));
    }

    [Fact]
    public void Misfit_OfColour_IsBernoullisAlone()
    {
        Assert.Null(Likelihood.Bernoulli.Misfit(new DataRange(0, 1)));
        Assert.Equal("Bernoulli pixels are on or off, and these images have 3 channels; take the gaussian likelihood", Likelihood.Bernoulli.Misfit(new DataRange(0, 1, 3)));
        Assert.Null(((ILikelihood)Likelihood.Gaussian).Misfit(new DataRange(-3, 7, 3)));

        using var rows = DataRows.FromPixels(new byte[12], 3, Binarization.None, training: true, channels: 3);
        using var vae = new HierarchicalVae(new ModelOptions { Data = 3, Latents = [1], Networks = new Perceptrons { Hidden = [2] }}, [new Member(1, 0)], new SmoothingOptions());
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        Assert.Contains("have 3 channels", Message(() => Trainer.Run(vae, adam, new TrainingState(1, 1), rows, null, new TrainingOptions { BatchSize = 2 })), StringComparison.Ordinal);
    }

    [Fact]
    public void Register_ALikelihood_MakesItKnownByItsName()
    {
        Assert.Equal(Likelihood.Gaussian, Likelihood.Named("gaussian"));
        Likelihood.Register(new LaplaceLikelihood());
        Assert.IsType<LaplaceLikelihood>(Likelihood.Named("laplace"));
        Assert.Contains("there is a likelihood 'gaussian' already", Message(() => Likelihood.Register(new GaussianLikelihood(2))), StringComparison.Ordinal);
        Assert.Contains("there is no likelihood 'poisson'; there are bernoulli, categorical, discretized-logistic, gaussian", Message(() => Likelihood.Named("poisson")), StringComparison.Ordinal);
    }

    private static string Message(Action action) => Assert.Throws<OrnsteinException>(action).Message;
}
