using Ornstein.Batching;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Probes;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Probes;

public class LabelProbesTests
{
    [Fact]
    public void Classify_ByNeighbours_IsTheVoteOfTheNearest()
    {
        using var scope = NewDisposeScope();
        var train = tensor(new float[] { 0, 1, 2, 10, 11, 30 }, [6, 1]);
        var test = tensor(new float[] { 1.4f, 10.4f, 29, 6.2f }, [4, 1]);
        int[] labels = [0, 0, 1, 2, 2, 1];
        // Of 6.2 the nearest are 10, 2 and 11; of 29 they are 30, 11 and 10.
        Assert.Equal([0, 2, 2, 2], NearestNeighbours.Classify(train, labels, test, 3, default));
        Assert.Equal([0, 2, 1, 2], NearestNeighbours.Classify(train, labels, test, 1, default));
        Assert.Equal([0, 0, 0, 0], NearestNeighbours.Classify(train, labels, test, 100, default)); // all vote: a tie of 2, 2, 2
    }

    [Fact]
    public void Classify_ByRidge_OfTwoGaussianClasses_HasTheirBayesRate()
    {
        // N(-+1 e1, I) in two dimensions, shifted and stretched: least squares is Fisher's discriminant, whose accuracy is Phi(1).
        using var scope = NewDisposeScope();
        const int Count = 20_000;
        var labels = Enumerable.Range(0, Count).Select(i => i % 2).ToArray();
        var noise = RandomKey.FromSeed(4).Normal(2 * Count, 2);
        var sign = tensor(labels.Concat(labels).Select(label => (2f * label) - 1).ToArray(), [2 * Count, 1]);
        var codes = (noise.Plus(cat([sign, zeros_like(sign)], 1)) * tensor(new[] { 100f, 0.01f })).Plus(7);
        var classifier = RidgeClassifier.Fit(codes.narrow(0, 0, Count), labels, 1e-3);
        var right = classifier.Classify(codes.narrow(0, Count, Count)).Zip(labels).Count(pair => pair.First == pair.Second);
        const double Rate = 0.841344746;
        Assert.Equal(Rate, right / (double)Count, 5 * Math.Sqrt(Rate * (1 - Rate) / Count));
    }

    [Fact]
    public void Classify_ByRidge_WithADeadUnit_IsThatWithoutIt()
    {
        using var scope = NewDisposeScope();
        var codes = RandomKey.FromSeed(4).Normal(200, 2);
        var labels = Enumerable.Range(0, 200).Select(i => i % 3).ToArray();
        var dead = cat([codes, TensorCreation.Filled([200, 1], 5f)], 1);
        Assert.Equal(RidgeClassifier.Fit(codes, labels, 1e-3).Classify(codes), RidgeClassifier.Fit(dead, labels, 1e-3).Classify(dead));
    }

    /// <summary>
    /// z1 = 2 x + s e, whose sign is that of x but for arctan(s / 2) / pi. The means of z2 follow z1 and differ by a thousandth of its noise: distances
    /// of means, and standardised means, would read the class as well as from z1.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1e-3)]
    public void Of_ALayerThatFollowsTheData_ReadsTheirClassAndACollapsedOneDoesNot(double weight)
    {
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(1, 0), new Member(1, 1)], new SmoothingOptions());
        LinearGaussian.Set(vae, "q1.output.weight", 2);
        LinearGaussian.Set(vae, "q2.output.weight", weight);
        const int Count = 1000;
        var (train, test) = (Signs(Count, 1), Signs(Count, 2));
        using var trainRows = train.Rows;
        using var testRows = test.Rows;
        var probes = LabelProbes.Of(vae, train, test, [1], new ProbeOptions());
        Assert.Null(probes[0]);
        var error = Math.Atan(Math.Log(2) / 2) / Math.PI;
        var deviation = Math.Sqrt(error * (1 - error) / Count);
        Assert.Equal(1 - error, probes[1]![0].Linear.Value, 5 * deviation);
        // The vote of k neighbours errs at most sqrt(2 / k) more often (Devroye, Gyorfi and Lugosi 1996, section 5.6), where data are many.
        var most = error * (1 + Math.Sqrt(2.0 / new ProbeOptions().Neighbours));
        Assert.InRange(probes[1]![0].NearestNeighbours.Value, 1 - most - (5 * deviation), 1 - error + (5 * deviation));
        var half = 5 * Math.Sqrt(0.25 / Count);
        Assert.InRange(probes[1]![1].Linear.Value, 0.5 - half, 0.5 + half);
        Assert.InRange(probes[1]![1].NearestNeighbours.Value, 0.5 - half, 0.5 + half);
        Assert.InRange(LabelProbes.Chance(train.Labels, test.Labels).Value, 0.5 - half, 0.5 + half);
    }

    [Fact]
    public void Of_PixelsThatAreDrawnAfresh_RepeatsItself()
    {
        using var stack = new TinyStack([new Member(0.5, 0)]); // its training rows are binarized dynamically
        var labels = Enumerable.Range(0, stack.Data.Count).Select(i => i % 2).ToArray();
        var train = new LabelledRows(stack.Data, labels);
        var test = new LabelledRows(stack.Validation, labels[..stack.Validation.Count]);
        Assert.Equal(LabelProbes.Of(stack.Vae, train, test, [0], new ProbeOptions())[0]!, LabelProbes.Of(stack.Vae, train, test, [0], new ProbeOptions())[0]!);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public void Of_ANegativeLabel_IsRefused(int inTraining, int inTest)
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        var (train, test) = (Alternating(stack.Data.Count), Alternating(stack.Validation.Count));
        (train[4], test[4]) = (inTraining, inTest);
        var error = Assert.Throws<OrnsteinException>(() => LabelProbes.Of(
            stack.Vae, new LabelledRows(stack.Data, train), new LabelledRows(stack.Validation, test), [0], new ProbeOptions()));
        Assert.Contains("has the label -1, and classes are numbered from 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("-1", Assert.Throws<OrnsteinException>(() => LabelProbes.Chance(train, test)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReasonAgainst_LabelsThatSayNothing_SaysWhy()
    {
        var options = new ProbeOptions { Data = 3 };
        Assert.Equal("the data have no labels", LabelProbes.ReasonAgainst(null, null, options));
        Assert.Equal("the training data have labels and the test data have none", LabelProbes.ReasonAgainst([0, 1], null, options));
        Assert.Equal("the test data have labels and the training data have none", LabelProbes.ReasonAgainst(null, [0, 1], options));
        Assert.Equal("the 3 training data that probes would be fitted to are not of two classes or more", LabelProbes.ReasonAgainst([2, 2, 2, 0], [0], options));
        Assert.Null(LabelProbes.ReasonAgainst([2, 2, 0, -1], [0], options)); // no probe sees the fourth
    }

    [Fact]
    public void Chance_OfASingleDatum_HasNoError() => Assert.True(double.IsNaN(LabelProbes.Chance([0, 0, 1], [0]).StandardError));

    private static int[] Alternating(int count) => [.. Enumerable.Range(0, count).Select(i => i % 2)];

    private static LabelledRows Signs(int count, long seed)
    {
        using var x = RandomKey.FromSeed(seed).Normal(count, 1);
        var values = x.data<float>().ToArray();
        return new LabelledRows(DataRows.FromReals(values, 1), [.. values.Select(value => value > 0 ? 1 : 0)]);
    }
}
