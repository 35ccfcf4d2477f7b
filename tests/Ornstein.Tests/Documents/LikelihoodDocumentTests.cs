using System.Text.Json;
using MathNet.Numerics.Distributions;
using static Ornstein.Tests.Documents.LikelihoodRows;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/collapse.md says of smoothing and the likelihood, from the models of studies/likelihood.json.</summary>
public class LikelihoodDocumentTests
{
    // A model of the study, and its name on the page.
    private static readonly (string Model, string Name)[] _models = [("chain", "chain"), ("batch-norm", "batch normalization"), ("ladder", "ladder, batch normalization")];

    [Fact]
    public void Results_EveryRow_AreThoseOfTheModels() => AssertHas(
        from row in Trained()
        select $"| {row.Name} | {row.With} | {row.Key.Cell("sampled-elbo", 2)} | {row.Key.Cell("bound", 2)} | {row.Key.Cell("kl-z3", 2)} | {row.Key.Cell("information-z3", 2)} | {row.Key.Cell("active-z3", 1)} |");

    [Fact]
    public void Gains_OfSmoothing_AreThoseOfTheSameSeeds() => AssertHas(
        from row in Trained()
        where row.Key.Rho < 1
        let without = (row.Key.Model, row.Key.Remedy == Plain ? Plain : WarmUp, 1.0)
        let gains = row.Key.Less(without, "bound")
        // Annealed to 1, a model is not smoothed when it generates. A ladder's bound of that kind is too low to say anything.
        let smoothed = row.Key.Remedy == Annealed ? "-" : row.Key.Model == "ladder" ? "[no use](evaluation.md#a-ladder-with-smoothing)" : Cell(row.Key.Less(without, "smoothed-bound", "bound"))
        select $"| {row.Name} | {row.With} | {Cell(gains)} | {gains.Count(gain => gain > 0)} of 10 | {Cell(row.Key.Less(without, "sampled-elbo"))} | {smoothed} | {Cell(row.Key.Less(without, "information-z3"))} |");

    [Theory]
    [InlineData("warm-up, over nothing", "chain", "chain", Plain)]
    [InlineData("batch normalization, over the chain, both with warm-up", "batch-norm", "chain", WarmUp)]
    [InlineData("ladder, over batch normalization, both with warm-up", "ladder", "batch-norm", WarmUp)]
    public void Gains_OfOtherThings_AreThoseOfTheSameSeeds(string what, string model, string other, string otherRemedy)
    {
        var (one, two) = ((model, WarmUp, 1.0), (other, otherRemedy, 1.0));
        var gains = one.Less(two, "bound");
        AssertHas([$"| {what} | {Cell(gains)} | {gains.Count(gain => gain > 0)} of 10 | {Cell(one.Less(two, "sampled-elbo"))} | {Cell(one.Less(two, "information-z3"))} |"]);
    }

    /// <summary>The verdicts are those of the study's report, whose seeds speak as the differences have it.</summary>
    [Fact]
    public void Verdicts_OfTheClaims_AreThoseOfTheReport()
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "likelihood.json")));
        StudyReport[] experiments = [.. report.RootElement.GetProperty("experiments").EnumerateArray().Select(one => new StudyReport(one.Clone()))];
        Assert.Equal(3, experiments.Length);
        AssertHas(experiments.SelectMany(experiment => experiment.VerdictsByCell()));
    }

    /// <summary>What the text says beside the tables.</summary>
    [Fact]
    public void Text_OfTheDocument_FollowsFromTheModels()
    {
        // "gains 0.30 to 0.32 nats in the mean, in ten, ten and eight seeds".
        double[][] gains = [.. _models.Select(model => (model.Model, WarmUp, 0.85).Less((model.Model, WarmUp, 1), "bound"))];
        Assert.Equal([10, 10, 8], gains.Select(seeds => seeds.Count(gain => gain > 0)));
        Assert.Equal(["+0.30", "+0.30", "+0.32"], gains.Select(seeds => Signed(Interval(seeds).Mean)));
        Assert.All(gains, seeds => Assert.True(Interval(seeds).Mean > Interval(seeds).Half));
        // "gains 0.21, 0.20 and 0.28 nats, in ten, nine and nine seeds".
        double[][] annealed = [.. _models.Select(model => (model.Model, Annealed, 0.3).Less((model.Model, WarmUp, 1), "bound"))];
        Assert.Equal([10, 9, 9], annealed.Select(seeds => seeds.Count(gain => gain > 0)));
        Assert.Equal(["+0.21", "+0.20", "+0.28"], annealed.Select(seeds => Signed(Interval(seeds).Mean)));
        Assert.All(annealed, seeds => Assert.True(Interval(seeds).Mean > Interval(seeds).Half));
        // "one seed of the ladder gains 0.002 nats", "gains 0.21, 0.20 and 0.33 nats, in seven, six and seven seeds".
        Assert.Equal(0.002, Math.Round(annealed[2][6], 3));
        double[][] fresh = [.. annealed.Select(seeds => seeds[3..])];
        Assert.Equal([7, 6, 7], fresh.Select(seeds => seeds.Count(gain => gain > 0)));
        Assert.Equal(["+0.21", "+0.20", "+0.33"], fresh.Select(seeds => Signed(Interval(seeds).Mean)));
        // "Where all seven of the table are to hold together": wider by the ratio of the quantiles.
        var wider = StudentT.InvCDF(0, 1, 9, 1 - (0.025 / 7)) / StudentT.InvCDF(0, 1, 9, 0.975);
        Assert.Equal([true, true, true, true, true, false], gains.Concat(annealed).Select(seeds => Interval(seeds).Mean > wider * Interval(seeds).Half));
        Assert.InRange(Interval(gains[2]).Mean - (wider * Interval(gains[2]).Half), 0, 0.01); // "barely"
        // "not shown to rise where all six are judged together", "rise by 0.05 to 0.19 nats", "falls with batch normalization, by 0.30 nats at rho 0.85 and by 0.15 annealed".
        (string Remedy, double Rho)[] smoothed = [(WarmUp, 0.85), (Annealed, 0.3)];
        double[][] joint = [.. smoothed.SelectMany(kind => _models.Select(model => (model.Model, kind.Remedy, kind.Rho).Less((model.Model, WarmUp, 1), "sampled-elbo")))];
        Assert.Equal(("+0.05", "+0.19"), (Signed(joint.Min(seeds => Interval(seeds).Mean)), Signed(joint.Max(seeds => Interval(seeds).Mean))));
        var ofSix = StudentT.InvCDF(0, 1, 9, 1 - (0.025 / 6)) / StudentT.InvCDF(0, 1, 9, 0.975);
        Assert.All(joint, seeds => Assert.True(Interval(seeds).Mean < ofSix * Interval(seeds).Half));
        double[][] Elbo(string model) => [.. smoothed.Select(kind => (model, kind.Remedy, kind.Rho).Less((model, WarmUp, 1), "elbo"))];
        Assert.All(Elbo("chain").Concat(Elbo("ladder")), seeds => Assert.True(Math.Abs(Interval(seeds).Mean) < Interval(seeds).Half));
        double[][] byKls = Elbo("batch-norm");
        Assert.Equal(["-0.30", "-0.15"], byKls.Select(seeds => Signed(Interval(seeds).Mean)));
        Assert.All(byKls, seeds => Assert.True(-Interval(seeds).Mean > Interval(seeds).Half));
        // "with an annealed rho 0.9 nats in a plain chain, 1.0 in a chain with batch normalization, and 4.0 in a ladder", "1.7 nats in the mean of the ladders (0.3 to 2.9)".
        Assert.Equal([0.9, 1, 4], _models.Select(model => Math.Round(Interval((model.Model, Annealed, 0.3).Seeds("information-z3")).Mean, 1)));
        Assert.Equal(1.7, Math.Round(Interval(("ladder", WarmUp, 1.0).Seeds("information-z3")).Mean, 1));
        Assert.Equal((0.3, 2.9), (Math.Round(("ladder", WarmUp, 1.0).Seeds("information-z3").Min(), 1), Math.Round(("ladder", WarmUp, 1.0).Seeds("information-z3").Max(), 1)));
        // "0.5 to 0.9 nats lower if they are smoothed when they generate", "with warm-up in every seed, without it in eight of ten".
        (string, string, double)[] used = [("chain", Plain, 0.85), ("chain", WarmUp, 0.85), ("batch-norm", WarmUp, 0.85)];
        Assert.Equal(["-0.54", "-0.85", "-0.82"], used.Select(key => Signed(Interval(key.Less(key, "smoothed-bound", "bound")).Mean)));
        Assert.Equal([8, 10, 10], used.Select(key => key.Less((key.Item1, key.Item2, 1), "smoothed-bound", "bound").Count(gain => gain < 0)));
        // "Warm-up itself gains 1.8 nats in a chain".
        Assert.Equal(1.8, Math.Round(Interval(("chain", WarmUp, 1.0).Less(("chain", Plain, 1.0), "bound")).Mean, 1));
        // "none in 19 of the 20 chains", "dead in nine of ten chains".
        static int Dead(string model) => (model, WarmUp, 1.0).Rows().Count(row => row["verdict-z3"] == "collapsed");
        Assert.Equal((9, 10), (Dead("chain"), Dead("batch-norm")));
        // "it tells in its widths alone: 0.10 nats, and no unit is active".
        Assert.All(("chain", Plain, 0.85).Rows(), row => Assert.Equal(("alive in widths", "0"), (row["verdict-z3"], row["active-z3"])));
        // With rho 1, annealing does nothing.
        Assert.All(_models, model => Assert.Equal((model.Model, WarmUp, 1.0).Seeds("bound"), (model.Model, Annealed, 1.0).Seeds("bound")));
        // The bound of a ladder that is smoothed when it generates.
        Assert.True(("ladder", WarmUp, 0.85).Seeds("smoothed-bound").Max() < -10_000);
    }

    private static IEnumerable<(string Name, string With, (string Model, string Remedy, double Rho) Key)> Trained()
    {
        yield return ("chain", "nothing (vanilla)", ("chain", Plain, 1));
        yield return ("chain", "rho 0.85", ("chain", Plain, 0.85));
        foreach (var (model, name) in _models)
        {
            yield return (name, "warm-up", (model, WarmUp, 1));
            yield return (name, "warm-up, rho 0.85", (model, WarmUp, 0.85));
            yield return (name, "warm-up, rho annealed", (model, Annealed, 0.3));
        }
    }

    private static void AssertHas(IEnumerable<string> rows)
    {
        string[] lines = Text().Split('\n');
        Assert.All(rows, row => Assert.Contains(row, lines));
    }

    private static string Text() => File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "collapse.md")).ReplaceLineEndings("\n");
}
