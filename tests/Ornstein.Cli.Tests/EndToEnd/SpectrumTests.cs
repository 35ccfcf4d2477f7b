using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class SpectrumTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Spectrum_OfARun_PrintsWritesAndSmooths()
    {
        var run = tiny.CopyWhole(_folder);
        var outcome = InProcess.Run(_folder.Path, "spectrum", run, "--test-limit", "30", "--json").Expect(0);
        Assert.Equal("", outcome.Error);
        Assert.All(
            new[] { "spectrum.json", "spectrum.png", "spectrum.svg" }, file => Assert.NotEqual(0, new FileInfo(Path.Combine(run, file)).Length));
        var document = JsonNode.Parse(outcome.Output)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(run, "spectrum.json"))), document));
        Assert.Equal(("30", "64"), ($"{document["measuredOn"]}", $"{document["evaluations"]}"));
        // Two rhos, two seeds, two links, two networks a link, mean and standard deviation of each.
        Assert.Equal((16, 32), (document["rhos"]!.AsArray().Count, document["members"]!.AsArray().Count));
        foreach (var entry in document["rhos"]!.AsArray())
        {
            var (rho, isP) = ((double)entry!["rho"]!, ((string)entry["function"]!).Contains("_p(", StringComparison.Ordinal));
            Assert.Null(entry["reason"]);
            Assert.Equal([0, 1], entry["seeds"]!.AsArray().Select(seed => (int)seed!));
            Assert.Equal(isP ? rho : 1, (double)entry["smoothingRho"]!);
            var (raw, smoothed) = (Value(entry["raw"]!["variance"]), Value(entry["smoothed"]!["variance"]));
            if (isP && rho < 1) Assert.InRange(smoothed, 0, 0.0401 * raw); // degree 1 falls least
            else Assert.Equal(raw, smoothed, 1e-9 * raw);
            for (var k = 1; k <= 4; k++)
            {
                var factor = isP ? Math.Pow(rho, 2 * k) : 1;
                Assert.Equal(
                    factor * Value(entry["raw"]!["energies"]![k - 1]), Value(entry["smoothed"]!["energies"]![k - 1]), 1e-9 * raw);
            }
        }
    }

    [Fact]
    public void Spectrum_AsText_FitsIntoAHundredColumns()
    {
        var run = tiny.CopyWhole(_folder);
        var outcome = InProcess.Run(_folder.Path, "spectrum", run, "--test-limit", "10", "--samples", "48").Expect(0);
        Assert.Contains("mu_p(z1|z2): 4 units to 6 outputs", outcome.Output, StringComparison.Ordinal);
        Assert.All(outcome.Output.Split('\n').SkipLast(2), line => Assert.True(line.Length <= 105, line));
    }

    [Theory]
    [InlineData("--samples 50", "multiple of 16")]
    [InlineData("--samples 32", "between 48")]
    [InlineData("--test-limit 1", "at least 2")]
    public void Spectrum_OptionOutOfRange_IsOneLineOfUsage(string options, string message)
    {
        var outcome = InProcess.Run(_folder.Path, ["spectrum", tiny.Whole, .. options.Split(' ')]);
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains(message, TinyRun.OneLine(outcome), StringComparison.Ordinal);
    }

    [Fact]
    public void Spectrum_NoRun_IsOneLine() =>
        Assert.Contains("nowhere", TinyRun.OneLine(InProcess.Run(_folder.Path, "spectrum", "nowhere")), StringComparison.Ordinal);

    [Fact]
    public void Eval_AsText_ShowsThePartsOfTheKl()
    {
        var outcome = InProcess.Run(_folder.Path, "eval", tiny.Whole).Expect(0);
        Assert.Contains("variance unsmoothed", outcome.Output, StringComparison.Ordinal);
    }

    private static double Value(JsonNode? estimate) => (double)estimate!["value"]!;
}
