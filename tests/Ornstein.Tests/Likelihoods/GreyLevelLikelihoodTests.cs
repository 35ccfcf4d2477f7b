using Ornstein.Batching;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Likelihoods;

/// <summary>Likelihoods of grey levels, against what their own probabilities of all 256 levels say.</summary>
public class GreyLevelLikelihoodTests
{
    private const int Features = 5, Rows = 3;

    public static TheoryData<ILikelihood> All => [new DiscretizedLogisticLikelihood(), new LogisticMixtureLikelihood(4), new CategoricalLikelihood()];

    /// <summary>In double: 256 terms of relative error 1e-15 each. Means far outside and scales of every width are among them.</summary>
    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void LogProbability_OverAllLevels_SumsToOne(ILikelihood likelihood)
    {
        using var scope = NewDisposeScope();
        foreach (var spread in new[] { 0.01, 1, 4 })
        {
            var sum = Probabilities(likelihood, Output(likelihood, spread)).sum([0L]);
            Assert.All(sum.data<double>().ToArray(), total => Assert.Equal(1, total, 1e-11));
        }
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void LogProbability_InSingle_AgreesWithDouble(ILikelihood likelihood)
    {
        using var scope = NewDisposeScope();
        var output = Output(likelihood, 2);
        for (var level = 0; level < 256; level += 5)
        {
            var x = TensorCreation.Filled([1, Rows, Features], level / 255.0, ScalarType.Float64);
            var (wide, single) = (likelihood.LogProbability(x, output, PartState.None), likelihood.LogProbability(x.to(ScalarType.Float32), output.to(ScalarType.Float32), PartState.None));
            // log(1 - e^-width) has the relative error of its argument; others are sums of terms of up to some tens of nats.
            Assert.All(wide.data<double>().ToArray().Zip(single.data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4 + (1e-5 * Math.Abs(pair.First))));
        }
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void LogProbability_Gradient_IsThatOfDifferences(ILikelihood likelihood)
    {
        using var scope = NewDisposeScope();
        // Both end bins and some between.
        var x = tensor(new[] { 0, 255, 1, 100, 254 }).to(ScalarType.Float64).Over(255).expand(1, Rows, Features);
        LikelihoodGradient.Check(likelihood, x, Output(likelihood, 1));
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Mean_IsThatOfTheProbabilities(ILikelihood likelihood)
    {
        using var scope = NewDisposeScope();
        var output = Output(likelihood, 2);
        var levels = TensorCreation.Counted(0, 256, dtype: ScalarType.Float64).Over(255).reshape(256, 1, 1);
        var expected = Probabilities(likelihood, output).mul(levels).sum([0L]).data<double>().ToArray();
        Assert.All(expected.Zip(likelihood.Mean(output).flatten().data<double>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
    }

    /// <summary>Of 20,000 draws a feature, chi-square over groups of levels that 20 or more are expected of: 6 deviations above its mean, which is its degrees of freedom.</summary>
    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Sample_HasTheProbabilities(ILikelihood likelihood)
    {
        const int Count = 20_000;
        using var scope = NewDisposeScope();
        var one = Output(likelihood, 1)[.., ..1, ..];
        var drawn = likelihood.Sample(one.to(ScalarType.Float32).expand(1, Count, -1).contiguous(), PartState.None, StackNoise.Shared(RandomKey.FromSeed(3)), "x");
        Assert.Equal([1, Count, Features], drawn.shape);
        var probabilities = Probabilities(likelihood, one)[.., 0, ..];
        for (var feature = 0; feature < Features; feature++)
        {
            var level = drawn[0, .., feature].Times(255);
            Assert.Equal(0, level.sub(level.round()).abs().max().item<float>(), 1e-4);
            var counts = bincount(level.round().to(ScalarType.Int64), minlength: 256).data<long>().ToArray();
            var expected = probabilities[.., feature].data<double>().ToArray();
            var (chi, groups, share, seen) = (0.0, 0, 0.0, 0L);
            for (var i = 0; i < 256; i++)
            {
                share += expected[i] * Count;
                seen += counts[i];
                if (share < 20 && i < 255) continue;
                if (share >= 20) chi += (seen - share) * (seen - share) / share;
                groups++;
                (share, seen) = (0, 0);
            }

            Assert.InRange(chi, 0, groups + (6 * Math.Sqrt(2.0 * groups)));
        }
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void OutputOf_AMean_GivesItBack(ILikelihood likelihood)
    {
        using var scope = NewDisposeScope();
        double[] mean = [0.01, 0.2, 0.5, 0.75, 0.99];
        var output = likelihood.OutputOf(mean);
        Assert.Equal(likelihood.Outputs(5), output.Length);
        Assert.All(likelihood.Mean(tensor(output).reshape(1, 1, -1)).flatten().data<double>().ToArray().Zip(mean), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        // A pixel that is always black has a mean too, if not that of a level.
        Assert.All(likelihood.OutputOf([0, 1]), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Misfit_OfWhatIsNoLevels_SaysSo()
    {
        var likelihood = new CategoricalLikelihood();
        using var pixels = DataRows.FromPixels([0, 7, 255], 3, Binarization.None, training: true);
        Assert.Null(likelihood.Misfit(pixels.Range()));
        using var reals = DataRows.FromReals([0, 0.5f, 1], 3);
        Assert.Contains("256 grey levels", likelihood.Misfit(reals.Range()), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OneComponent_NamesTheOther() => Assert.Contains(
        "discretized-logistic", Assert.Throws<OrnsteinException>(() => new LogisticMixtureLikelihood(1).Validate()).Message, StringComparison.Ordinal);

    [Fact]
    public void Register_AnotherNumberOfComponents_HasANameOfItsOwn()
    {
        Likelihood.Register(new LogisticMixtureLikelihood(5));
        Assert.Equal(new LogisticMixtureLikelihood(5), Likelihood.Named("logistic-mixture-5"));
        Assert.Equal(new LogisticMixtureLikelihood(), Likelihood.Named("logistic-mixture"));
    }

    /// <summary>
    /// Four pixels that have one of two levels together, each half of the time: a bit for all four, a quarter of one a pixel, at best. Without the latent a logistic has to cover both
    /// levels and all between, more than 7 bits. The rate ends at zero: at a constant one the narrow scales jump for hundreds of passes.
    /// </summary>
    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Train_OnTwoLevels_ComesToABit(ILikelihood likelihood)
    {
        byte[] pixels = [.. Enumerable.Range(0, 400).SelectMany(i => Enumerable.Repeat((byte)(i % 2 == 0 ? 40 : 200), 4))];
        using var rows = DataRows.FromPixels(pixels, 4, Binarization.None, training: true);
        var options = new ModelOptions { Data = 4, Latents = [2], Networks = new Ornstein.Networks.Perceptrons { Hidden = [16] }, Likelihood = likelihood };
        using var vae = new HierarchicalVae(options, [new Member(1, 0)], new Ornstein.Smoothing.SmoothingOptions());
        OutputBias.FromMean(vae, rows);
        var training = new Ornstein.Training.TrainingOptions { Epochs = 150, BatchSize = 50, LearningRate = new() { Peak = 0.01, Shape = Ornstein.Optimization.ScheduleShape.Cosine } };
        using var adam = new Ornstein.Optimization.Adam(vae.Parameters, training.Adam);
        Assert.True(Ornstein.Training.Trainer.Run(vae, adam, new Ornstein.Training.TrainingState(1, 1), rows, null, training));
        var result = Ornstein.Evaluation.Evaluator.Members(vae, rows, new Ornstein.Evaluation.EvaluationOptions());
        var bits = result[0].BitsPerDimension!.Value;
        Assert.Equal(-result[0].Bounds!.SampledElbo.Value / (4 * Math.Log(2)), bits, 1e-12);
        Assert.InRange(bits, 0.25, 3.5);
    }

    // [256, rows, features], in double: one feature at a time, so that the sum over features is that feature's.
    private static Tensor Probabilities(ILikelihood likelihood, Tensor output)
    {
        var (rows, outputs) = (output.shape[1], likelihood.Outputs(1));
        var single = output.reshape(1, rows, outputs, Features);
        return stack([.. Enumerable.Range(0, 256).Select(level => stack(
            [.. Enumerable.Range(0, Features).Select(feature => likelihood.LogProbability(
                TensorCreation.Filled([1, rows, 1], level / 255.0, ScalarType.Float64), single[.., .., .., feature], PartState.None)[0])], dim: -1))]).exp();
    }

    private static Tensor Output(ILikelihood likelihood, double spread) =>
        RandomKey.FromSeed(5).At("output").Normal(1, Rows, likelihood.Outputs(Features)).to(ScalarType.Float64).Times(spread);
}
