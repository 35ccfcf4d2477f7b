using Ornstein.Cli.Tests.Packaging;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>The scripts of <c>samples</c> as a user runs them, against what they leave behind.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Parts that the program has never heard of go all the way; a program that does not register them shows what they came to, and cannot compute with them.</summary>
    [Fact(Explicit = true)]
    public void OwnParts_OfEveryKind_ReachConfigurationResultsReportAndComparison()
    {
        var run = Succeed("own-parts", "own");
        Assert.Matches(
            @"rho 0\.5, no remedy: ELBO -\d+\.\d\d nats, KL \d\.\d\d, \d\.\d\d, mean energy \d\.\d\d, \d\.\d\d\s+rho 0\.5, capacity:2: ELBO", run.Output);
        var report = File.ReadAllText(_folder.File("own/report.html"));
        Assert.Contains("capacity:2", report, StringComparison.Ordinal);
        Assert.Contains("mean over data of the squared length of q", report, StringComparison.Ordinal);
        Assert.Contains("autograd on cpu: there are no fused operations for the likelihood &#39;laplace&#39;", report, StringComparison.Ordinal);
        Assert.Contains("\"because\": \"the likelihood 'laplace'\"", File.ReadAllText(_folder.File("own/config.json")), StringComparison.Ordinal);

        ChildProgram.Run(_folder.Path, "compare", "own", "--out", "compared").Expect(0);
        var csv = File.ReadAllText(_folder.File("compared/compare.csv"));
        Assert.Contains("capacity:2", csv, StringComparison.Ordinal);
        Assert.Contains("meanEnergy", csv, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(
            "\"likelihood\" should be one of auto, bernoulli, categorical, discretized-logistic, gaussian, logistic-mixture, logistic-mixture-rgb, but is 'laplace'; one of your own is known in a program that registers it",
            ChildProgram.Run(_folder.Path, "eval", "own").ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Convolutions_AFewImages_LeaveARunWithItsReport()
    {
        var run = Succeed("convolutions", "convolutions", "150");
        Assert.Contains("engine: autograd on cpu: there are no fused operations for the networks 'convolutions'", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"rho 0\.5: ELBO -\d+\.\d nats, KL of z1, z2, z3: \d+\.\d{3}, \d+\.\d{3}, \d+\.\d{3}\s+rho 1: ELBO", run.Output);
        Assert.Contains("1x14x14", File.ReadAllText(_folder.File("convolutions/config.json")), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("convolutions/report.html")));
        ChildProgram.Run(_folder.Path, "compare", "convolutions").Expect(0);
        Assert.Contains(
            "--networks should be one of convolution, perceptron, but is 'convolutions'; your own are known in a program that registers them (Network.Register)",
            ChildProgram.Run(_folder.Path, "eval", "convolutions").ErrorLines[^1], StringComparison.Ordinal);
    }

    private (int ExitCode, string Output) Succeed(string sample, params string[] arguments)
    {
        var script = Path.Combine(DotNet.Repository, "samples", sample, $"{sample}.cs");
        var run = DotNet.Run("dotnet", _folder.Path, ["run", "-c", DotNet.Configuration, script, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output);
        return run;
    }
}
