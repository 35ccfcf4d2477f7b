using System.Text.Json;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/study.md says of the embedded digits, from what the study's report has: the number of draws, longer training, and other models.</summary>
public class StudyDigitsDocumentTests
{
    /// <summary>"at most six of ten seeds, and from 0.8 on in none, where with 8 and 32 they do so in all ten at 0.8", and where theory puts the ends.</summary>
    [Fact]
    public void TextOnDraws_OfTheDocument_FollowsFromTheReport()
    {
        var (two, eight, many) = StudyReport.Of("draws").Cells().Select(cell => cell.Cell).ToArray() is [var a, var b, var c] ? (a, b, c) : throw new InvalidDataException();
        int[] draws = [.. new[] { two, eight, many }.Select(cell => cell.GetProperty("draws").GetInt32())];
        Assert.Equal([2, 8, 32], draws);
        Assert.Equal("1 | 6 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0", StudyReport.Alive(two, 3, "widths"));
        Assert.All(new[] { eight, many }, cell => Assert.Equal("10", StudyReport.Alive(cell, 3, "widths").Split(" | ")[2]));
        static (double Estimate, double Low, double High) Ends(JsonElement cell) => cell.GetProperty("falls")[1].GetProperty("drop") is var drop
            ? (drop.GetProperty("estimate").GetDouble(), drop.GetProperty("confidenceLow").GetDouble(), drop.GetProperty("confidenceHigh").GetDouble()) : default;
        Assert.Equal([0.754, 0.886, 0.898], new[] { two, eight, many }.Select(cell => Math.Round(Ends(cell).Estimate, 3)));
        // The rho with K draws that leaves as much of a linear function's variance.
        double Theory(int draws) => Math.Sqrt((Left(Ends(eight).Estimate, 8) - (1.0 / draws)) / (1 - (1.0 / draws)));
        static double Left(double rho, int draws) => (rho * rho) + ((1 - (rho * rho)) / draws);
        Assert.Equal((0.790, 0.898), (Math.Round(Theory(2), 3), Math.Round(Theory(32), 3)));
        // "Five of the ten seeds end between 0.4 and 0.7, where no rho was tried, and count as 0.7", "32 draws are not shown to differ from 8".
        static double[] BySeed(JsonElement cell) => [.. cell.GetProperty("falls")[1].GetProperty("bySeed").EnumerateObject().Select(seed => seed.Value.GetProperty("rho").GetDouble())];
        Assert.Equal(5, BySeed(two).Count(rho => rho <= 0.7));
        var (mean, half) = LikelihoodRows.Interval([.. BySeed(many).Zip(BySeed(eight), (more, fewer) => more - fewer)]);
        Assert.True(Math.Abs(mean) < half);
    }

    [Fact]
    public void TextOnLonger_OfTheDocument_FollowsFromTheReport()
    {
        var (once, twice) = StudyReport.Of("longer").Cells().Select(cell => cell.Cell).ToArray() is [var a, var b] ? (a, b) : throw new InvalidDataException();
        double[] rhos = [.. once.GetProperty("rhos").EnumerateArray().Select(rho => rho.GetDouble())];
        static double Tells(JsonElement cell, double rho) => StudyReport.Value(cell, "information", 3, rho, "median");
        // "known poorly (-0.03 to +0.22)", "grows up to rho 0.88, from 0.07 to 0.12 nats at 0.8 and from 0.012 to 0.027 at 0.88. From 0.9 on it falls".
        Assert.Contains(StudyReport.Of("longer").ClaimedDifferences(), row => row.EndsWith("| top | means | +0.096 (-0.025 to +0.217) | not told apart |", StringComparison.Ordinal));
        Assert.Contains(StudyReport.Of("longer").ClaimedDifferences(), row => row.EndsWith("| top | widths | 0.000 (-0.014 to +0.015) | similar |", StringComparison.Ordinal));
                Assert.All(rhos, rho => Assert.Equal(rho < 0.89, Tells(twice, rho) > Tells(once, rho)));
        Assert.Equal((0.07, 0.12), (Math.Round(Tells(once, 0.8), 2), Math.Round(Tells(twice, 0.8), 2)));
        Assert.Equal((0.012, 0.027), (Math.Round(Tells(once, 0.88), 3), Math.Round(Tells(twice, 0.88), 3)));
        // "At rho 0.86 six of ten seeds still move after 300 passes".
        Assert.Equal(6, StudyReport.Ends(twice, 0.86).Count(seed => seed.GetProperty("state").GetString() == "moving"));
    }

    [Fact]
    public void TextOnConfigurations_OfTheDocument_FollowsFromTheReport()
    {
        var study = StudyReport.Of("configurations");
        string[] pairs = [.. study.ClaimedDifferences()];
        void Has(string row) => Assert.Contains(pairs, pair => pair.Contains(row, StringComparison.Ordinal));
        // "are not shown to move either from where the model of this page has it, but by means the narrow model ends 0.24 above the wide one".
        Assert.All(new[] { "| L3, L3-narrow | top | means", "| L3, L3-narrow | top | widths", "| L3, L3-wide | top | means", "| L3, L3-wide | top | widths" },
            row => Assert.EndsWith("| not told apart |", pairs.Single(pair => pair.Contains(row, StringComparison.Ordinal)), StringComparison.Ordinal));
        Has("| L3-narrow, L3-wide | top | means | -0.238 (");
        // "lowers the rho of the widths by 0.12, and an output that begins at the mean of the data by 0.30".
        Has("| L3, L3-batch-norm | top | widths | -0.122 (");
        Has("| L3, L3-mean | top | widths | -0.299 (");
        // "with an ELBO of -168 at rho 1 where the others have -109 to -123".
        var cells = study.Cells("models").ToDictionary(cell => cell.Name, cell => cell.Cell);
        double Elbo(string name) => Math.Round(cells[name].GetProperty("bounds")[0].GetProperty("curve").GetProperty("median").EnumerateArray().Last().GetDouble());
        double[] others = [.. cells.Keys.Where(name => name != "L3-tanh").Select(Elbo)];
        Assert.Equal((-168, -123, -109), (Elbo("L3-tanh"), others.Min(), others.Max()));
        // "the top layer tells nothing at any rho, and neither does the second".
        Assert.All(new[] { 1, 2 }, layer => Assert.All(cells["L3-tanh"].GetProperty("information")[layer].GetProperty("greatest").EnumerateArray(), most => Assert.InRange(most.GetDouble(), 0, 0.005)));
    }
}
