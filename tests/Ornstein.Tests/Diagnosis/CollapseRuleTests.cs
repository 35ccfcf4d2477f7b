using System.Text.Json;
using Ornstein.Diagnosis;
using Ornstein.Results;

namespace Ornstein.Tests.Diagnosis;

public class CollapseRuleTests
{
    [Theory]
    [InlineData(0.049, 0.004, 0.001, 0.003, 0.001, LayerVerdict.Collapsed)]
    [InlineData(0.051, 0.004, 0.001, 0.003, 0.001, LayerVerdict.Noise)] // a KL that is not about x
    [InlineData(0.049, 0.006, 0.001, 0.006, 0.0, LayerVerdict.AliveInMeans)]
    [InlineData(0.5, 0.006, 0.001, 0.0, 0.006, LayerVerdict.AliveInWidths)]
    [InlineData(0.5, 0.02, 0.001, 0.01, 0.01, LayerVerdict.Both)]
    [InlineData(0.5, 0.02, 0.001, 0.03, -0.01, LayerVerdict.AliveInMeans)] // the common width helps
    [InlineData(0.5, 0.008, 0.001, 0.0045, 0.0035, LayerVerdict.AliveInMeans)] // neither part counts alone: the larger
    [InlineData(0.5, 0.008, 0.001, 0.0035, 0.0045, LayerVerdict.AliveInWidths)]
    [InlineData(0.5, 0.003, 0.001, 0.03, -0.027, LayerVerdict.Noise)] // a part without a whole is not information
    [InlineData(0.04, 0.01, 0.006, 0.01, 0.0, LayerVerdict.Collapsed)] // within two errors of nothing, and below 0.05 with two more
    [InlineData(0.04, 0.01, 0.021, 0.01, 0.0, LayerVerdict.CannotSay)] // within two errors of 0.05
    [InlineData(0.5, double.NaN, double.NaN, 0.01, 0.0, LayerVerdict.CannotSay)]
    public void Judge_Information_GivesTheVerdict(double kl, double information, double error, double means, double widths, LayerVerdict expected) =>
        Assert.Equal(expected, new CollapseRule().Judge(kl, new(information, error), new(means, error), new(widths, error)));

    /// <summary>z1 of MNIST: 6.9 nats at least, the logarithm of 1,000 data, and 24.6 at most.</summary>
    [Theory]
    [InlineData(6.9, 0.001, LayerVerdict.AliveInMeans)]
    [InlineData(0.06, 0.004, LayerVerdict.AliveInMeans)]
    [InlineData(0.06, 0.006, LayerVerdict.CannotSay)] // within two errors of less than 0.05
    [InlineData(double.NaN, double.NaN, LayerVerdict.CannotSay)]
    public void Judge_BoundsFarApart_IsAliveWhereTheLowerOneSaysSo(double lower, double error, LayerVerdict expected) =>
        Assert.Equal(expected, new CollapseRule().Judge(12.8, new(15.77, 8.87), new(15.66, 8.75), new(0.12, 12.5), new Estimate(lower, error)));

    [Fact]
    public void Word_OfEveryVerdict_IsThatOfTheJson() => Assert.All(
        Enum.GetValues<LayerVerdict>(),
        verdict => Assert.Equal($"\"{verdict.Word()}\"", JsonSerializer.Serialize(verdict, ResultJson.Line)));
}
