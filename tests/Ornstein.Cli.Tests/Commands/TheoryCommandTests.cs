using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Commands;

namespace Ornstein.Cli.Tests.Commands;

public class TheoryCommandTests
{
    [Fact]
    public void Theory_OfEigenvalues_PrintsCriticalRhosAndKls()
    {
        var (code, output, error) = Run("--eigenvalues", "2.5,20,1.2", "--depth", "3", "--rho", "0.5,0.97");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"\n1 +20 +0\.95 +0\.5678\n2 +2\.5 +0\.6 .*\n3 +1\.2 +0\.1\d+ \(jump\)", output);
        Assert.Matches(@"\n0\.97 +\d\.\d{4} +0\.0000 +0\.0000 +3 0 0\n", output);
        Assert.Contains("a guide, not a prediction", output);
    }

    [Fact]
    public void Theory_AsJson_IsOneDocument()
    {
        var (code, output, _) = Run("--eigenvalues", "20,5", "--draws", "8", "--sampler", "antithetic", "--decoder-variance", "2", "--rho", "0.5", "--json");
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal("antithetic", root.GetProperty("sampler").GetString());
        var transition = root.GetProperty("directions")[1].GetProperty("transitions")[0];
        Assert.Equal(0.6, transition.GetProperty("criticalRho").GetDouble(), 1e-7);
        Assert.True(transition.GetProperty("isContinuous").GetBoolean());
        Assert.Equal(0.5, root.GetProperty("rhos")[0].GetProperty("effectiveRho").GetDouble(), 1e-12);
        Assert.Equal(2, root.GetProperty("rhos")[0].GetProperty("kl").GetArrayLength());
    }

    [Fact]
    public void Theory_OfOneDraw_NeverSmooths()
    {
        var (_, output, _) = Run("--eigenvalues", "20", "--draws", "1", "--rho", "0");
        Assert.Matches(@"\n1 +20 +none\n", output);
        Assert.Matches(@"\n0 +1 +1\.4979 +0\.0000 +1 0\n", output);
    }

    [Fact]
    public void Theory_OfTheDigits_TakesTheirCovariance()
    {
        var (code, output, _) = Run("--data", "digits", "--rho", "1", "--directions", "2");
        Assert.Equal(0, code);
        Assert.StartsWith("digits: 784 directions, total variance 67.2", output);
        Assert.Contains("and 782 smaller", output);
    }

    [Theory]
    [InlineData("--depth 1 is out of range", "--depth", "1")]
    [InlineData("--eigenvalues 0 is out of range", "--eigenvalues", "2,0")]
    [InlineData("--eigenvalues should be a list of numbers", "--eigenvalues", "2,x")]
    [InlineData("--decoder-variance -1 is out of range", "--decoder-variance=-1")]
    [InlineData("--rho 1.5 is out of range", "--rho", "0,1.5")]
    [InlineData("--rho 0.5:0.6 has a number per link", "--rho", "0.5:0.6")]
    [InlineData("--draws 0 is out of range", "--draws", "0")]
    [InlineData("--sampler sobol has no theory", "--sampler", "sobol")]
    [InlineData("--smooth q has no theory", "--smooth", "q")]
    [InlineData("--eigenvalues stand in place of --data", "--eigenvalues", "2", "--data", "digits")]
    public void Theory_BadValue_IsOneLineOfUsage(string expected, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Application.Run(new RootCommand { TheoryCommand.Create() }, ["theory", .. arguments], output, error);
        Assert.Equal((ExitCodes.Usage, ""), (code, output.ToString()));
        Assert.StartsWith("ornstein: " + expected, error.ToString());
        Assert.Single(error.ToString().TrimEnd('\n').Split('\n'));
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Application.Run(new RootCommand { TheoryCommand.Create() }, ["theory", .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
