using System.Text.Json.Nodes;
using Ornstein.Experiments.Comparisons;
using Ornstein.Experiments.Settings;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Comparisons;

public class RowDifferenceTests
{
    // t at 97.5 % and at 99.5 % with two degrees of freedom, from tables.
    private const double Student975 = 4.302653, Student995 = 9.924843;

    [Fact]
    public void Of_ThreeSeeds_IsTheMeanOfTheirDifferencesWithStudentsInterval()
    {
        var difference = SeedDifference.Of(Seeds((0, 11), (1, 22), (2, 33), (7, 1)), Seeds((2, 30), (1, 20), (0, 10), (8, 1)), comparisons: 5);
        Assert.Equal((2.0, 3), (difference.Value, difference.Seeds)); // 1, 2 and 3
        Assert.Equal(Student975 / Math.Sqrt(3), difference.PlusMinus, 1e-5);
        Assert.Equal(Student995 / Math.Sqrt(3), difference.Together, 1e-5); // 2.5 % / 5
        Assert.False(difference.IsShown);
    }

    [Theory]
    [InlineData(0.1, 1, true)] // 2 ± 0.25
    [InlineData(0.1, 5, true)] // 2 ± 0.57
    [InlineData(0.5, 1, true)] // 2 ± 1.24
    [InlineData(0.5, 5, false)] // 2 ± 2.87
    public void IsShown_ManyComparisons_TakeAWiderIntervalForEach(double spread, int comparisons, bool isShown) =>
        Assert.Equal(isShown, SeedDifference.Of(Seeds((0, 2 - spread), (1, 2), (2, 2 + spread)), Seeds((0, 0), (1, 0), (2, 0)), comparisons).IsShown);

    [Fact]
    public void Of_OneSeedInCommonOrNone_HasNoInterval()
    {
        var one = SeedDifference.Of(Seeds((0, 3), (1, 5)), Seeds((1, 4)), 2);
        Assert.Equal((1.0, 1, false), (one.Value, one.Seeds, one.IsShown));
        Assert.True(double.IsNaN(one.PlusMinus));
        var none = SeedDifference.Of(Seeds((0, 3)), Seeds((1, 4)), 2);
        Assert.True(double.IsNaN(none.Value));
        Assert.Equal((0, false), (none.Seeds, none.IsShown));
    }

    [Fact]
    public void Compare_AgainstARow_SaysWhatTheOthersDifferBySeedBySeed()
    {
        var comparison = Of("rho 1");
        Assert.Equal("rho 1", comparison.Differences!.Against);
        var row = Assert.Single(comparison.Differences.Rows);
        Assert.Equal("rho 0.5", row.Label);
        var elbo = row.Numbers["elbo"];
        Assert.Equal((0.5, 2), (elbo.Value, elbo.Seeds)); // 0.4 and 0.6, though the two seeds are 3 nats apart
        Assert.Equal(SeedInterval.StudentQuantile(1) * 0.1, elbo.PlusMinus, 1e-9);

        using var output = new StringWriter();
        ComparisonText.Write(comparison, output);
        Assert.Contains("\nless rho 1:\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("+0.50±1.27", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("differences of the same seed (2 in common)", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("| rho 0.5 | ", ComparisonText.Markdown(comparison).Split("| less rho 1 |")[1], StringComparison.Ordinal);
        var line = ComparisonText.Csv(comparison.Differences).Split('\n').Single(line => line.Contains(",elbo,", StringComparison.Ordinal));
        Assert.StartsWith("rho 0.5,rho 1,elbo,0.5", line, StringComparison.Ordinal);
        Assert.EndsWith(",2,no", line, StringComparison.Ordinal);
        Assert.Equal(2, (int)JsonNode.Parse(comparison.Json())!["differences"]!["rows"]![0]!["numbers"]!["elbo"]!["seeds"]!);
    }

    [Fact]
    public void Compare_AgainstPartOfAName_FindsTheOneRowThatHasIt()
    {
        Assert.Equal("rho 0.5", Of("0.5").Differences!.Against);
        Assert.Equal("rho 1", Of("RHO 1").Differences!.Against);
        Assert.Null(Of(null).Differences);
        Assert.Equal("--against 'rho' fits 2 rows; give more of one of 'rho 0.5'; 'rho 1'", Refused("rho"));
        Assert.Equal("--against 'beta' is no row; rows are 'rho 0.5'; 'rho 1'", Refused("beta"));
        Assert.StartsWith("--against '' is no row", Refused(""), StringComparison.Ordinal);

        static string Refused(string against) => Assert.ThrowsAny<Exception>(() => Of(against)).Message;
    }

    private static Comparison Of(string? against)
    {
        MemberResult Member(double rho, int seed, double elbo) => Fixtures.Member(rho, seed, layers: 3, top: 0.1) with { Elbo = elbo };
        MemberResult[] members = [Member(0.5, 0, -99.6), Member(0.5, 1, -102.4), Member(1, 0, -100), Member(1, 1, -103)];
        var run = ComparisonTests.Run("a", RunSettings.ForPhase, [0.5, 1]);
        return Comparison.Of([run with { Result = run.Result with { Members = members } }], "elbo", false, null, against);
    }

    private static Dictionary<long, double> Seeds(params (long Seed, double Value)[] values) => values.ToDictionary(value => value.Seed, value => value.Value);
}
