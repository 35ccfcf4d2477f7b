using CsCheck;
using Ornstein.Evaluation;

namespace Ornstein.Tests.Evaluation;

public class LogWeightSumTests
{
    [Fact]
    public void Add_AnyWeights_GivesTheirSumAndTheLogarithmOfTheirMean() =>
        Gen.Select(Gen.Double[-900, 900], Gen.Double[-60, 60].Array[1, 50]).Sample(
            (level, around) =>
            {
                var sum = default(LogWeightSum);
                foreach (var value in around) sum.Add(level + value);
                Assert.Equal(around.Sum() + (level * around.Length), sum.Sum, 1e-9);
                Assert.Equal(level + Math.Log(around.Average(Math.Exp)), sum.LogMean(around.Length), 1e-9);
            },
            threads: 1);

    /// <summary>Weights of zero, as of images that a model holds impossible: they count, and add nothing.</summary>
    [Fact]
    public void Add_WeightsOfZero_LeaveTheMeanOfTheOthers()
    {
        var sum = default(LogWeightSum);
        sum.Add(double.NegativeInfinity);
        sum.Add(double.NegativeInfinity);
        Assert.Equal(double.NegativeInfinity, sum.LogMean(2));
        sum.Add(2);
        sum.Add(double.NegativeInfinity);
        Assert.Equal(2 - Math.Log(4), sum.LogMean(4), 1e-12);
    }

    [Fact]
    public void Add_NaN_StaysNaN()
    {
        var sum = default(LogWeightSum);
        sum.Add(1);
        sum.Add(double.NaN);
        sum.Add(2);
        Assert.True(double.IsNaN(sum.LogMean(3)));
    }
}
