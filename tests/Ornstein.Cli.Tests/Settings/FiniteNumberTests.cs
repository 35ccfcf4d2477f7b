using System.Text.Json;
using Ornstein.Experiments.Settings;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Settings;

public class FiniteNumberTests
{
    [Theory]
    [InlineData("0.5", true, 0.5)]
    [InlineData("-0", true, 0)]
    [InlineData("-1e-999", true, 0)]
    [InlineData("1e999", false, 0)]
    [InlineData("NaN", false, 0)]
    [InlineData("-Infinity", false, 0)]
    [InlineData("half", false, 0)]
    [InlineData("1,5", false, 0)]
    public void TryParse_Text_TakesFiniteNumbersAndNoNegativeZero(string text, bool isNumber, double number)
    {
        Assert.Equal(isNumber, FiniteNumber.TryParse(text, out double read));
        if (!isNumber) return;
        Assert.Equal(number, read);
        Assert.Equal(double.IsNegative(number), double.IsNegative(read));
    }

    [Theory]
    [InlineData("Infinity", true)]
    [InlineData("1e999", true)]
    [InlineData("nan", true)]
    [InlineData("1", false)]
    [InlineData("fast", false)]
    public void IsNotFinite_Text_IsOnlyWhatReadsAsANumber(string text, bool expected) => Assert.Equal(expected, FiniteNumber.IsNotFinite(text));

    [Fact]
    public void RhoEntry_OfOtherNumbers_IsNormalizedOrRefused()
    {
        Assert.Equal("0:1", RhoEntry.Of(-0.0, 1).ToString());
        Assert.Equal("0", JsonSerializer.Deserialize<RhoEntry>("-0", ResultJson.Indented).ToString());
        Assert.Contains("a rho should be a finite number, but is NaN", Assert.Throws<OrnsteinException>(() => RhoEntry.Of(double.NaN)).Message);
    }
}
