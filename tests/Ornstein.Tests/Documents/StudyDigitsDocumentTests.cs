using System.Text.Json;
using MathNet.Numerics.Distributions;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/study.md says of the embedded digits, from what the study's report has: the number of draws, longer training, and other models.</summary>
public class StudyDigitsDocumentTests
{
    /// <summary>"at most seven of ten seeds, and from 0.8 on in none, where with 8 and 32 they do so in all ten at 0.8", and where theory puts the ends.</summary>
    [Fact]
    public void TextOnDraws_OfTheDocument_FollowsFromTheReport()
    {
        var (two, eight, many) = StudyReport.Of("draws").Cells().Select(cell => cell.Cell).ToArray() is [var a, var b, var c] ? (a, b, c) : throw new InvalidDataException();
        int[] draws = [.. new[] { two, eight, many }.Select(cell => cell.GetProperty("draws").GetInt32())];
        Assert.Equal([2, 8, 32], draws);
        Assert.Equal("1 | 6 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0", StudyReport.Alive(two, 3, "widths"));
        var fine = StudyReport.Of("draws-two").Cells("smoothing").Single(cell => cell.Name == "p-K2-fine").Cell;
        Assert.Equal("1 | 4 | 5 | 7 | 7 | 5 | 4 | 0 | 0 | 0 | 0 | 0", StudyReport.Alive(fine, 3, "widths"));
        Assert.All(new[] { eight, many }, cell => Assert.Equal("10", StudyReport.Alive(cell, 3, "widths").Split(" | ")[2]));
        static (double Estimate, double Low, double High) Ends(JsonElement cell) => cell.GetProperty("falls")[1].GetProperty("drop") is var drop
            ? (drop.GetProperty("estimate").GetDouble(), drop.GetProperty("confidenceLow").GetDouble(), drop.GetProperty("confidenceHigh").GetDouble()) : default;
        Assert.Equal([0.754, 0.886, 0.898], new[] { two, eight, many }.Select(cell => Math.Round(Ends(cell).Estimate, 3)));
        // "By the rule for means that is 0.790 with two draws", "For 32 draws it is 0.898, as found": the rho with K draws that leaves as much of a linear function's variance.
        double Theory(int draws) => Math.Sqrt((Left(Ends(eight).Estimate, 8) - (1.0 / draws)) / (1 - (1.0 / draws)));
        static double Left(double rho, int draws) => (rho * rho) + ((1 - (rho * rho)) / draws);
        Assert.Equal((0.790, 0.898), (Math.Round(Theory(2), 3), Math.Round(Theory(32), 3)));
        // "in which five of ten seeds end between 0.4 and 0.7, where no rho".
        static double[] BySeed(JsonElement cell) => [.. cell.GetProperty("falls")[1].GetProperty("bySeed").EnumerateObject().Select(seed => seed.Value.GetProperty("rho").GetDouble())];
        Assert.Equal(5, BySeed(two).Count(rho => rho <= 0.7));
        var (mean, half) = LikelihoodRows.Interval([.. BySeed(many).Zip(BySeed(eight), (more, fewer) => more - fewer)]);
        Assert.True(Math.Abs(mean) < half);
    }

    [Fact]
    public void TableAndTextOfEffectiveRho_OfTheDocument_FollowFromTheReport()
    {
        var study = StudyReport.Of("draws-two").Cells("smoothing").ToDictionary(cell => cell.Name, cell => cell.Cell);
        var (two, eight, many) = (study["p-K2-fine"], study["p"], study["p-K32"]);
        StudyPage.AssertHas(new[] { two, eight, many }.Select(cell => $"| {Draws(cell)} | {Unsigned(Ends(cell))} | {Unsigned(Effective(cell))} |"));

        // "up by 0.017 (0.009 to 0.025), where theory says 0.012", "(-0.002 to +0.013)".
        Assert.Equal("0.017 (0.009 to 0.025)", Unsigned(Less(Ends(many), Ends(eight))));
        var end = Ends(eight).Average();
        double OfMeans(double rho, int draws) => Math.Sqrt(((Effective(rho, 8) * Effective(rho, 8)) - (1.0 / draws)) / (1 - (1.0 / draws)));
        Assert.Equal(0.012, Math.Round(OfMeans(end, 32) - end, 3));
        var (mean, half) = LikelihoodRows.Interval(Less(Effective(many), Effective(eight)));
        Assert.Equal((-0.002, 0.013), (Math.Round(mean - half, 3), Math.Round(mean + half, 3)));
        // "down by 0.151 (0.106 to 0.195), where", "theory says 0.100. In effective rho two draws end 0.021 lower (0.002 to 0.040)".
        Assert.Equal("0.151 (0.106 to 0.195)", Unsigned(Less(Ends(eight), Ends(two))));
        Assert.Equal(0.100, Math.Round(end - OfMeans(end, 2), 3));
        Assert.Equal("0.021 (0.002 to 0.040)", Unsigned(Less(Effective(eight), Effective(two))));
        // "four of them move by", "0.06 to 0.11, and six by 0.17 to 0.22".
        double[] moves = [.. Less(Ends(eight), Ends(two)).Order()];
        Assert.Equal((0.06, 0.11, 0.17, 0.22), (Math.Round(moves[0], 2), Math.Round(moves[3], 2), Math.Round(moves[4], 2), Math.Round(moves[9], 2)));
        // "By it, what ends at 0.882 with 8 draws ends at 0.745 with 2", "at 0.895 with 32".
        double OfWidths(int draws) => Math.Pow((Math.Pow(end, 4) + ((1 - Math.Pow(end, 4)) / 8) - (1.0 / draws)) / (1 - (1.0 / draws)), 0.25);
        Assert.Equal((0.882, 0.745, 0.895), (Math.Round(end, 3), Math.Round(OfWidths(2), 3), Math.Round(OfWidths(32), 3)));
        // "0.754 in `draws`, and 0.736 (0.693 to 0.783) in `draws-two`".
        Assert.Equal("0.736 (0.693 to 0.783)", StudyReport.Falls(two, 3));
        Assert.StartsWith("0.754", StudyReport.Falls(StudyReport.Of("draws").Cells("smoothing").Single(cell => cell.Name == "p-K2").Cell, 3), StringComparison.Ordinal);
        // "between 0.86 and 0.89 the KL with two draws is several times less": the medians at 0.871 and 0.888, with 8 draws at 0.879 and 0.896.
        Assert.InRange(StudyReport.Value(eight, "kl", 3, 0.86, "median") / StudyReport.Value(two, "kl", 3, 0.72, "median"), 2, 10);
        Assert.InRange(StudyReport.Value(many, "kl", 3, 0.88, "median") / StudyReport.Value(two, "kl", 3, 0.76, "median"), 2, 10);
    }

    [Fact]
    public void TableAndTextOfHowSharpTheEndIs_OfTheDocument_FollowFromTheReport()
    {
        static JsonElement Cell(string experiment, string name) => StudyReport.Of(experiment).Cells().Single(cell => cell.Name == name).Cell;
        var (ordinary, few, twice) = (Cell("draws-two", "digits/L3/p"), Cell("images", "digits-few/L3/p"), Cell("longer", "digits-twice/L3/p"));
        var (two, many) = (Cell("draws-two", "digits/L3/p-K2-fine"), Cell("draws-two", "digits/L3/p-K32"));
        var (own, narrow, wide) = (Cell("configurations", "digits/L3/p"), Cell("configurations", "digits/L3-narrow/p"), Cell("configurations", "digits/L3-wide/p"));
        (string Name, JsonElement Cell)[] rows =
        [
            ("MNIST", Cell("data-sets", "MNIST/L3/p")), ("Fashion-MNIST", Cell("data-sets", "Fashion-MNIST/L3/p")), ("OMNIGLOT", Cell("data-sets", "OMNIGLOT/L3/p")), ("digits", ordinary),
            ("digits, twice the passes", twice), ("digits, an eighth of the images", few), ("digits, K = 2", two), ("digits, K = 32", many), ("digits, rhos of `configurations` (the same models)", own),
            ("half the hidden units", narrow), ("twice the hidden units", wide), ("batch normalization", Cell("configurations", "digits/L3-batch-norm/p")),
            ("output begins at the mean", Cell("configurations", "digits/L3-mean/p")),
        ];
        StudyPage.AssertHas(rows.Select(row => $"| {row.Name} | {Unsigned(Begins(row.Cell))} | {Unsigned(Ends(row.Cell))} | {Unsigned(Distance(row.Cell))} |"));

        // "Seven of ten seeds", "five on MNIST, and six with an output that begins at the mean".
        int OneStep(string name) => rows.Single(row => row.Name == name).Cell.GetProperty("decades").EnumerateArray().Count(seed => seed.GetProperty("isOneStep").GetBoolean());
        Assert.Equal((7, 5, 6), (OneStep("Fashion-MNIST"), OneStep("MNIST"), OneStep("output begins at the mean")));
        // "On the digits four seeds have 0.01 to 0.05, and six have 0.12 to 0.18".
        double[] apart = [.. Distance(ordinary).Order()];
        Assert.Equal((0.01, 0.05, 0.12, 0.18), (Math.Round(apart[0], 2), Math.Round(apart[3], 2), Math.Round(apart[4], 2), Math.Round(apart[9], 2)));
        // "their difference is 0.062 (-0.011 to +0.136)", "has 0.057 less than the ordinary one (0.006 to 0.108), and 0.041 less (-0.002 to +0.084)".
        Assert.Equal("0.062 (-0.011 to 0.136)", Unsigned(Less(Distance(wide), Distance(narrow))));
        Assert.Equal("0.057 (0.006 to 0.108)", Unsigned(Less(Distance(own), Distance(narrow))));
        Assert.Equal("0.041 (-0.002 to 0.084)", Unsigned(Less(Distance(ordinary), Distance(narrow))));
        // "is not shown to change it (-0.051 to +0.079)", "with twice the passes the distance is 0.031 less (0.005 to 0.056)".
        var (mean, half) = LikelihoodRows.Interval(Less(Distance(few), Distance(ordinary)));
        Assert.Equal((-0.051, 0.079), (Math.Round(mean - half, 3), Math.Round(mean + half, 3)));
        Assert.Equal("0.031 (0.005 to 0.056)", Unsigned(Less(Distance(ordinary), Distance(twice))));
        // "0.034, and 8 have 0.088; the difference is 0.054 (0.009 to 0.100)".
        static double[] EffectiveDistance(JsonElement cell) => Less(Effective(cell), [.. Begins(cell).Select(rho => Effective(rho, Draws(cell)))]);
        Assert.Equal((0.034, 0.088), (Math.Round(EffectiveDistance(two).Average(), 3), Math.Round(EffectiveDistance(ordinary).Average(), 3)));
        Assert.Equal("0.054 (0.009 to 0.100)", Unsigned(Less(EffectiveDistance(ordinary), EffectiveDistance(two))));
        // "Taken together none of them would stand at 5 %": nine comparisons.
        static double Quantile(double tail) => StudentT.InvCDF(0, 1, 9, 1 - tail);
        (double[], double[])[] compared =
        [
            .. new[] { (own, narrow), (own, wide), (narrow, wide), (ordinary, few), (ordinary, twice), (ordinary, two), (ordinary, many), (two, many) }
                .Select(pair => (Distance(pair.Item1), Distance(pair.Item2))),
            (EffectiveDistance(two), EffectiveDistance(ordinary)),
        ];
        Assert.All(compared, pair =>
        {
            var (difference, alone) = LikelihoodRows.Interval(Less(pair.Item1, pair.Item2));
            Assert.InRange(Math.Abs(difference), 0, alone * Quantile(0.025 / compared.Length) / Quantile(0.025));
        });
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

    private static int Draws(JsonElement cell) => cell.GetProperty("draws").GetInt32();

    private static double[] Begins(JsonElement cell) => Decades(cell, "from");

    private static double[] Ends(JsonElement cell) => Decades(cell, "to");

    private static double[] Distance(JsonElement cell) => Less(Ends(cell), Begins(cell));

    private static double[] Effective(JsonElement cell) => [.. Ends(cell).Select(rho => Effective(rho, Draws(cell)))];

    private static double Effective(double rho, int draws) => Math.Sqrt((rho * rho) + ((1 - (rho * rho)) / draws));

    // By seed.
    private static double[] Decades(JsonElement cell, string end)
    {
        var decades = cell.GetProperty("decades").EnumerateArray().OrderBy(one => one.GetProperty("seed").GetInt32()).ToArray();
        Assert.Equal(10, decades.Length);
        return [.. decades.Select(one => one.GetProperty(end).GetDouble())];
    }

    private static double[] Less(double[] from, double[] take) => [.. from.Zip(take, (a, b) => a - b)];

    // Mean with its interval.
    private static string Unsigned(double[] values)
    {
        var (mean, half) = LikelihoodRows.Interval(values);
        return $"{StudyReport.Three(mean)} ({StudyReport.Three(mean - half)} to {StudyReport.Three(mean + half)})";
    }
}
