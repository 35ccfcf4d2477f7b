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
