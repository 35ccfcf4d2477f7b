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
        var best = Enumerable.Range(0, 3).Min(_ =>
        {
            var clock = Stopwatch.StartNew();
            DatasetCatalog.Load("digits");
            return clock.ElapsedMilliseconds;
        });
        Assert.InRange(best, 0, 100);
    }

    [Fact]
    public void Gaussian_Default_HasTheEigenvalues()
    {
        var data = DatasetCatalog.Load("gaussian", new DataOptions { GaussianTrain = 100_000 });
        Assert.Equal((PixelKind.Real, null, 4), (data.Kind, data.Shape, data.Features));
        var x = data.Train.Reals!;
        double[] expected = [20, 5, 2.5, 1.5];
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var moment = Enumerable.Range(0, 100_000).Average(n => (double)x[(4 * n) + i] * x[(4 * n) + j]);
                // Five standard errors.
                var error = 5 * Math.Sqrt(expected[i] * expected[j] * (i == j ? 2 : 1) / 100_000);
                Assert.InRange(moment, (i == j ? expected[i] : 0) - error, (i == j ? expected[i] : 0) + error);
            }
        }
    }

    [Fact]
    public void Gaussian_Seed_FixesTheData()
    {
        var options = new DataOptions { Eigenvalues = [1, 2, 3], GaussianTrain = 10, GaussianTest = 10, GaussianSeed = 7 };
        var data = DatasetCatalog.Load("gaussian", options);
        Assert.Equal(data.Train.Reals!, DatasetCatalog.Load("gaussian", options).Train.Reals!);
        Assert.NotEqual(data.Train.Reals!, DatasetCatalog.Load("gaussian", options with { GaussianSeed = 8 }).Train.Reals!);
        Assert.NotEqual(data.Train.Reals!, data.Test.Reals!);
        // More training data leave the first and the test part as they were.
        var more = DatasetCatalog.Load("gaussian", options with { GaussianTrain = 20 });
        Assert.Equal(data.Train.Reals!, more.Train.Reals![..30]);
        Assert.Equal(data.Test.Reals!, more.Test.Reals!);
    }

    [Fact]
    public void Gaussian_WrongOptions_AreRefused()
    {
        foreach (var bad in new[] { [], new[] { 1.0, 0 }, [double.NaN], [double.PositiveInfinity], [-1] })
            Hardening.Refuses(() => DatasetCatalog.Load("gaussian", new DataOptions { Eigenvalues = bad }));
        Hardening.Refuses(() => DatasetCatalog.Load("gaussian", new DataOptions { GaussianTrain = 0 }));
        Hardening.Refuses(() => DatasetCatalog.Load("gaussian", new DataOptions { GaussianTest = int.MaxValue }));
    }

    private static double Middle(DataSplit part, int label) =>
        part.Labels!.Index().Where(l => l.Item == label).Average(l => part.Bytes![(l.Index * 784) + (14 * 28) + 14] / 255.0);
}
