using System.Diagnostics;
using System.Security.Cryptography;
using Ornstein.Data;

namespace Ornstein.Tests.Data;

public class MadeDataTests
{
    [Fact]
    public void Digits_Content_IsWhatTheGeneratorMade()
    {
        // The hash that build/MakeDigits.cs prints and digits/README.md states.
        Assert.Equal(
            "b4a1b69bc890c3117c2b3d54c5c0e9289a1734a9634211c41646dce6975d0da7",
            Convert.ToHexStringLower(SHA256.HashData(DigitsData.Content())));
    }

    [Fact]
    public void Digits_Loaded_AreBinaryAndLabelled()
    {
        var data = DatasetCatalog.Load("digits");
        Assert.Equal((11_000, 2_000, 784, PixelKind.Binary), (data.Train.Count, data.Test.Count, data.Features, data.Kind));
        Assert.Equal(-1, data.Train.Bytes.AsSpan().IndexOfAnyExcept<byte>(0, 255));
        Assert.All(data.Train.Labels!.CountBy(l => l), c => Assert.InRange(c.Value, 800, 1400));
        Assert.Equal(10, data.Test.Labels!.Distinct().Count());
        Assert.InRange(data.Test.Bytes!.Average(b => b / 255.0), 0.12, 0.14);
        // A zero has a hole in the middle, a one has not.
        Assert.True(Middle(data.Train, 1) > 0.7);
        Assert.True(Middle(data.Train, 0) < 0.2);
    }

    [Fact]
    public void Digits_Load_IsQuick()
    {
        DatasetCatalog.Load("digits");
        // It takes 20 ms; other programs can make one attempt longer, not twenty in a row.
        var times = Enumerable.Range(0, 20).Select(_ =>
        {
            var clock = Stopwatch.StartNew();
            DatasetCatalog.Load("digits");
            return clock.ElapsedMilliseconds;
        });
        Assert.Contains(times, milliseconds => milliseconds <= 100);
    }

    [Fact]
    public void Gaussian_Default_HasTheEigenvaluesExactly()
    {
        var data = DatasetCatalog.Load("gaussian");
        Assert.Equal((PixelKind.Real, null, 4), (data.Kind, data.Shape, data.Features));
        AssertMoments(data.Train, [20, 5, 2.5, 1.5]);
        AssertMoments(data.Test, [20, 5, 2.5, 1.5]);
        // The tails are those of a normal distribution: the fourth moment is 3 lambda^2, here within five standard errors.
        var fourth = Enumerable.Range(0, 10_000).Average(n => Math.Pow(data.Train.Reals![4 * n], 4) / 400);
        Assert.InRange(fourth, 3 - (5 * Math.Sqrt(96.0 / 10_000)), 3 + (5 * Math.Sqrt(96.0 / 10_000)));
    }

    [Fact]
    public void Gaussian_AnOddNumberOfFeaturesAndRows_HasTheEigenvaluesExactly()
    {
        double[] eigenvalues = [7, 0.3, 100];
        var data = DatasetCatalog.Load("gaussian", new DataOptions { Eigenvalues = eigenvalues, GaussianTrain = 1_234 });
        AssertMoments(data.Train, eigenvalues);
    }

    private static void AssertMoments(DataSplit part, double[] expected)
    {
        var (x, d) = (part.Reals!, expected.Length);
        for (var i = 0; i < d; i++)
        {
            Assert.Equal(0, Enumerable.Range(0, part.Count).Average(n => (double)x[(d * n) + i]), 1e-6 * Math.Sqrt(expected[i]));
            for (var j = 0; j <= i; j++)
            {
                // Single precision is all that is lost: 6e-8 for each number.
                var moment = Enumerable.Range(0, part.Count).Average(n => (double)x[(d * n) + i] * x[(d * n) + j]);
                Assert.Equal(i == j ? expected[i] : 0, moment, 1e-6 * Math.Sqrt(expected[i] * expected[j]));
            }
        }
    }

    [Fact]
    public void Gaussian_Seed_FixesTheData()
    {
        var options = new DataOptions { Eigenvalues = [1, 2, 3], GaussianTrain = 500, GaussianTest = 10, GaussianSeed = 7 };
        var data = DatasetCatalog.Load("gaussian", options);
        Assert.Equal(data.Train.Reals!, DatasetCatalog.Load("gaussian", options).Train.Reals!);
        Assert.NotEqual(data.Train.Reals!, DatasetCatalog.Load("gaussian", options with { GaussianSeed = 8 }).Train.Reals!);
        Assert.NotEqual(data.Train.Reals!, data.Test.Reals!);
        // More training data leave the first and the test part as they were.
        var more = DatasetCatalog.Load("gaussian", options with { GaussianTrain = 700 });
        Assert.Equal(data.Train.Reals!, more.Train.Reals![..1500]);
        Assert.Equal(data.Test.Reals!, more.Test.Reals!);
    }

    [Fact]
    public void Gaussian_WrongOptions_AreRefused()
    {
        foreach (var bad in new[] { [], new[] { 1.0, 0 }, [double.NaN], [double.PositiveInfinity], [-1], [1e-100], [1e39, 1] })
            Hardening.Refuses(() => DatasetCatalog.Load("gaussian", new DataOptions { Eigenvalues = bad }));
        Hardening.Refuses(() => DatasetCatalog.Load("gaussian", new DataOptions { GaussianTrain = 0 }));
        Hardening.Refuses(() => DatasetCatalog.Load("gaussian", new DataOptions { GaussianTest = int.MaxValue }));
    }

    private static double Middle(DataSplit part, int label) =>
        part.Labels!.Index().Where(l => l.Item == label).Average(l => part.Bytes![(l.Index * 784) + (14 * 28) + 14] / 255.0);
}
