using System.Text.Json;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/study.md says of the convolutional model, from what the study's report has.</summary>
public class StudyConvolutionsDocumentTests
{
    private static readonly StudyReport _study = StudyReport.Of("convolutions");
    private static readonly JsonElement _cell = _study.Cells().Single().Cell;

    [Fact]
    public void Tables_OfTheDocument_FollowFromTheReport()
    {
        StudyPage.AssertHas(_study.Verdicts());
        string[] alive = StudyReport.Alive(_cell, 3, "means").Split(" | ");
        StudyPage.AssertHas(_cell.GetProperty("rhos").EnumerateArray().Select(rho => rho.GetDouble()).Index().Select(rho => $"| {StudyReport.Two(rho.Item)} | {StudyReport.At(_cell, "kl", 3, rho.Item)} | "
            + $"{StudyReport.At(_cell, "information", 3, rho.Item)} | {alive[rho.Index]} | {StudyReport.At(_cell, "variance", 1, rho.Item)} | {StudyReport.At(_cell, "unsmoothedVariance", 1, rho.Item)} |"));
    }

    [Fact]
    public void Text_OfTheDocument_FollowsFromTheReport()
    {
        // "It tells 0.24 nats at rho 0.4, with every seed, and without smoothing nothing", "in its widths it tells at no rho".
        Assert.Equal(0.24, Math.Round(StudyReport.Value(_cell, "information", 3, 0.4, "median"), 2));
        Assert.Equal("10 | 10 | 10 | 8 | 5 | 0", StudyReport.Alive(_cell, 3, "means"));
        Assert.Equal("0 | 0 | 0 | 0 | 0 | 0", StudyReport.Alive(_cell, 3, "widths"));
        // "between 0.85 and 1 depending on the seed (0.936 on average)".
        Assert.Equal("0.936 (0.85 to 1.00)", StudyReport.Begins(_cell, 3, "means"));
        // "two of which fall from 0.1 nats to less than 0.005 in one step".
        Assert.Equal((0.001, 8), (Math.Round(StudyReport.Value(_cell, "information", 3, 0.9, "least"), 3), int.Parse(StudyReport.Alive(_cell, 3, "means").Split(" | ")[3], System.Globalization.CultureInfo.InvariantCulture)));
        // "at rho 0.7 it leaves 0.62 and 0.61 of the variance", "and would leave 0.62 of a linear function's".
        double Left(int layer) => StudyReport.Value(_cell, "variance", layer, 0.7, "median") / StudyReport.Value(_cell, "unsmoothedVariance", layer, 0.7, "median");
        Assert.Equal((0.62, 0.61), (Math.Round(Left(1), 2), Math.Round(Left(2), 2)));
        Assert.Equal(4, _cell.GetProperty("draws").GetInt32());
        Assert.Equal(0.62, Math.Round(0.49 + (0.51 / 4), 2));
        // "0.33 nats at rho 0.4 (0.30 to 0.36; importance-weighted, 16".
        Assert.Equal("+0.33 (+0.30 to +0.36), rho 0.40", StudyReport.Gain(_cell, "importance-weighted, unsmoothed"));
        // "0.23 at 0.7, where the rule asks (medians)".
        var weighted = _cell.GetProperty("bounds").EnumerateArray().Single(bound => bound.GetProperty("name").GetString() == "importance-weighted, unsmoothed").GetProperty("curve").GetProperty("median");
        Assert.Equal(0.23, Math.Round(weighted[1].GetDouble() - weighted[5].GetDouble(), 2));
        Assert.Equal(16, _cell.GetProperty("importanceDraws").GetInt32());
        // "its ELBO is 1.2 nats lower (medians), and the smoothed generative model is 1.0".
        double Bound(string name, double rho) => _cell.GetProperty("bounds").EnumerateArray().Single(bound => bound.GetProperty("name").GetString() == name).GetProperty("curve").GetProperty("median")[rho == 1 ? 5 : 0].GetDouble();
        Assert.Equal(1.2, Math.Round(Bound("ELBO, unsmoothed", 1) - Bound("ELBO, unsmoothed", 0.4), 1));
        Assert.Equal(1.0, Math.Round(Bound("importance-weighted, smoothed generative", 1) - Bound("importance-weighted, smoothed generative", 0.4), 1));
    }
}
