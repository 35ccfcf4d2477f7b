using System.Globalization;
using System.Text.Json;
using Ornstein.Results;

namespace Ornstein.Tests.Documents;

/// <summary>The tables of docs/study.md, from what the study's report has.</summary>
public class StudyDocumentTests
{
    private static readonly StudyReport _dataSets = StudyReport.Of("data-sets");
    private static readonly string[] _large = ["MNIST", "Fashion-MNIST"];
    private static readonly Dictionary<string, JsonElement> _cells = _dataSets.Cells("data").ToDictionary(cell => cell.Name, cell => cell.Cell);

    [Fact]
    public void Verdicts_OfTheDocument_AreThoseOfTheReport() => StudyPage.AssertHas(_dataSets.Verdicts());

    [Fact]
    public void Collapse_OfTheDocument_IsThatOfTheReport() => StudyPage.AssertHas(EachCell((name, cell) =>
        $"| {name} | {StudyReport.At(cell, "kl", 3, 1, "0.00000")} | {StudyReport.At(cell, "information", 3, 1, "0.0000")} | {StudyReport.States(cell, 1)} |"));

    [Theory]
    [InlineData("vanilla-two", 2)]
    [InlineData("vanilla-depth", 4)]
    public void OtherDepths_OfTheDocument_AreThoseOfTheReport(string experiment, int layers)
    {
        var study = StudyReport.Of(experiment);
        StudyPage.AssertHas(study.Cells("data").Select(cell =>
            $"| {layers}, {cell.Name} | {StudyReport.At(cell.Cell, "kl", layers, 1, "0.0000")} | {StudyReport.At(cell.Cell, "information", layers, 1)} | {study.Answers(cell.Cell)} |"));
        Assert.Contains($"**{layers} layers: {study.Outcome()}.**", StudyPage.Text(), StringComparison.Ordinal);
        if (layers < 4) return;
        // "The fourth layer is dead in all 30 models", "the third layer is alive, with a KL of 0.49 nats".
        Assert.All(study.Cells("data"), cell => Assert.InRange(cell.Cell.GetProperty("kl")[3].GetProperty("greatest")[0].GetDouble(), 0, 0.001));
        Assert.Equal(0.49, Math.Round(study.Cells("data").Max(cell => cell.Cell.GetProperty("kl")[2].GetProperty("greatest")[0].GetDouble()), 2));
    }

    [Fact]
    public void Revival_OfTheDocument_IsThatOfTheReport() => StudyPage.AssertHas(EachCell((name, cell) =>
        $"| {name} | {StudyReport.At(cell, "kl", 3, 0.4)} | {StudyReport.At(cell, "meanInformation", 3, 0.4)} | {StudyReport.At(cell, "activeUnits", 3, 0.4, "0.#")} |"));

    [Fact]
    public void Transitions_OfTheDocument_AreThoseOfTheReport()
    {
        StudyPage.AssertHas(EachCell((name, cell) => $"| {name} | {StudyReport.Begins(cell, 3, "means")} | {StudyReport.Begins(cell, 3, "widths")} | {StudyReport.Falls(cell, 3)} |"));
        // Data sets with other rhos have tables of their own.
        Assert.All(_dataSets.Cells("data"), cell => StudyPage.AssertHas(new[] { "means", "widths" }.Select(part => $"| {cell.Name}, {part} | {StudyReport.Alive(cell.Cell, 3, part)} |")));
        StudyPage.AssertHas(EachCell((name, cell) => $"| {name} | {StudyReport.Seeds(cell, 3, "means")} |"));
        StudyPage.AssertHas(_dataSets.Differences("top"));
        StudyPage.AssertHas(EachCell((name, cell) => $"| {name} | {cell.GetProperty("drops").GetArrayLength()} of 10 | {StudyReport.Drop(cell, "most")} | {StudyReport.Drop(cell, "least")} |"));
    }

    /// <summary>The experiments on the embedded digits: what became of their claims, where their top layers begin to tell, and differences where a claim is about them.</summary>
    [Fact]
    public void Digits_OfTheDocument_AreThoseOfTheReport()
    {
        StudyReport[] digits = [.. StudyReport.All().Where(study => study.Cells().All(cell => cell.Name.StartsWith("digits", StringComparison.Ordinal)))];
        StudyPage.AssertHas(digits.SelectMany(study => study.VerdictsByCell()));
        StudyPage.AssertHas(digits.SelectMany(study => study.ClaimedDifferences()));
        StudyPage.AssertHas(digits.SelectMany(study => study.Cells()).DistinctBy(cell => cell.Cell.GetProperty("folder").GetString()).Select(cell =>
        {
            var top = cell.Cell.GetProperty("latents").GetArrayLength();
            return $"| {cell.Name} | {StudyReport.Begins(cell.Cell, top, "means")} | {StudyReport.Begins(cell.Cell, top, "widths")} | {StudyReport.Falls(cell.Cell, top)} | {StudyReport.At(cell.Cell, "information", top, 1)} |";
        }));
    }

    /// <summary>What the text says of the joint form, and of smoothing relative to N(0, I).</summary>
    [Fact]
    public void TextOnDigits_OfTheDocument_FollowsFromTheReport()
    {
        static (double, double) Median(JsonElement cell, string curve, int layer, params double[] rhos) => (Value(cell, curve, layer, rhos[0], "median"), Value(cell, curve, layer, rhos[1], "median"));
        static double Value(JsonElement cell, string curve, int layer, double rho, string which) => Math.Round(StudyReport.Value(cell, curve, layer, rho, which), 2);
        // "1.73 nats at rho 0.7 and 0.87 at 0.9", "0.7 nats better at rho 0.9 than at rho 1 (0.29 to 1.14; the best of three rhos)".
        var joint = StudyReport.Of("joint").Cells().Single().Cell;
        Assert.Equal((1.73, 0.87), Median(joint, "information", 3, 0.7, 0.9));
        var three = StudyReport.Of("depth").Cells("models").Single(cell => cell.Name == "L3").Cell;
        Assert.Equal((0.14, 0.005), (Median(three, "information", 3, 0.7, 0.9).Item1, Math.Round(three.GetProperty("information")[2].GetProperty("median")[6].GetDouble(), 3)));
        // "with all ten seeds up to 0.86, where the top layer of three does so with three to five of ten from 0.7 on", "in its widths, in eight of ten models, and at 0.8 and above in none".
        var four = StudyReport.Of("depth").Cells("models").Single(cell => cell.Name == "L4").Cell;
        Assert.StartsWith("10 | 10 | 10 | 10 | 10 | 8 |", StudyReport.Alive(four, 3, "means"), StringComparison.Ordinal);
        Assert.Equal("10 | 5 | 4 | 4 | 3 | 3 | 0 | 0 | 0 | 0 | 0", StudyReport.Alive(three, 3, "means"));
        Assert.Equal(("8 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0", "1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0"), (StudyReport.Alive(four, 4, "widths"), StudyReport.Alive(four, 4, "means")));
        Assert.Equal("+0.72 (+0.29 to +1.14), rho 0.90", StudyReport.Gain(joint, "importance-weighted, unsmoothed"));
        // "by means the shift may be -0.08 to +0.23, by widths -0.12 to +0.04".
        Assert.Contains(StudyReport.Of("images").ClaimedDifferences(), row => row.EndsWith("| top | means | +0.077 (-0.076 to +0.230) | not told apart |", StringComparison.Ordinal));
        Assert.Contains(StudyReport.Of("images").ClaimedDifferences(), row => row.EndsWith("| top | widths | -0.037 (-0.119 to +0.044) | not told apart |", StringComparison.Ordinal));
        // "less than 0.001 nats in any of the 40 models", "(At rho 0.4 the second layer is dead too.)", "0.4 nats better than at rho 1 (0.14 to 0.67; the best of four rhos)".
        var standard = StudyReport.Of("standard").Cells().Single().Cell;
        Assert.All(standard.GetProperty("information")[2].GetProperty("greatest").EnumerateArray(), most => Assert.InRange(most.GetDouble(), 0, 0.001));
        Assert.Equal(0, Value(standard, "information", 2, 0.4, "greatest"));
        Assert.True(Value(standard, "information", 2, 0.7, "least") > 0.9 && Value(standard, "information", 2, 0.9, "least") > 0.9);
        Assert.All(StudyReport.Ends(standard, 0.4), seed => Assert.False(seed.GetProperty("couldWakeByLine").GetBoolean()));
        Assert.Equal("+0.40 (+0.14 to +0.67), rho 0.90", StudyReport.Gain(standard, "importance-weighted, unsmoothed"));
        // "its median is -107.7 there. The ordinary objective has -107.8 at rho 1, and -107.2 at 0.7, 0.8 and 0.9".
        static double Bound(JsonElement cell, int rho) => Math.Round(cell.GetProperty("bounds")[1].GetProperty("curve").GetProperty("median")[rho].GetDouble(), 1);
        Assert.Equal((-107.7, -107.8), (Bound(joint, 1), Bound(three, 10)));
        Assert.Equal([-107.2, -107.2, -107.2], new[] { 1, 2, 6 }.Select(rho => Bound(three, rho)));
        // "their importance-weighted bound is -167 at rho 1, against -108 with all the images".
        Assert.Equal((-167, -108), (Math.Round(Bound(StudyReport.Of("images").Cells().Single(cell => cell.Name.StartsWith("digits-few", StringComparison.Ordinal)).Cell, 10)), Math.Round(Bound(three, 10))));
        // "at 0.8 the top layer of three tells in its widths in all ten models, and that of four in none".
        Assert.Equal("10", StudyReport.Alive(three, 3, "widths").Split(" | ")[2]);
    }

    /// <summary>"for 59 by another estimate", and what the lowest rho does to the drop.</summary>
    [Fact]
    public void TextOnOtherRules_OfTheDocument_FollowsFromTheReport()
    {
        int Stay(string experiment, string claim) => StudyReport.Of(experiment).Cells().Sum(cell => StudyReport.Ends(cell.Cell, 1).Count(seed => !seed.GetProperty(claim).GetBoolean()));
        Assert.Equal((6, 5), (Stay("data-sets", "couldWake"), Stay("vanilla-depth", "couldWake")));
        Assert.Equal((29, 30), (Stay("data-sets", "couldWakeByLine"), Stay("vanilla-depth", "couldWakeByLine")));
        Assert.Equal(0, StudyReport.Ends(_cells["Fashion-MNIST"], 1).Single(seed => seed.GetProperty("couldWakeByLine").GetBoolean()).GetProperty("seed").GetInt32());
        // "the median fell to 0.002 nats in pass 33 and was 0.08 at the end", "stayed below 0.0002 over the second half of the training, and was below 0.00001 at the end".
        double[] Kl(string name, double rho) => [.. _cells[name].GetProperty("training").EnumerateArray().Single(line => line.GetProperty("rho").GetDouble() == rho).GetProperty("topKl").EnumerateArray().Select(kl => kl.GetDouble())];
        var turned = Kl("MNIST", 0.9);
        Assert.Equal((33, 0.002, 0.08), (Array.IndexOf(turned, turned.Min()) + 1, Math.Round(turned.Min(), 3), Math.Round(turned[^1], 2)));
        Assert.All(_cells.Keys, name => Assert.True(Kl(name, 1)[50..].Max() < 0.0002 && Kl(name, 1)[^1] < 0.00001));
        // "from the third layer on all but one of 90 layers are dead", "dead in 7 of 10 models on OMNIGLOT".
        static int Alive(JsonElement cell, int layer) => cell.GetProperty("kl")[layer - 1].GetProperty("greatest") is var most && most[most.GetArrayLength() - 1].GetDouble() < 0.05 ? 0 : 1;
        Assert.Equal(1, _cells.Keys.Sum(name => Alive(_cells[name], 3)) + StudyReport.Of("vanilla-depth").Cells().Sum(cell => Alive(cell.Cell, 3) + Alive(cell.Cell, 4)));
        Assert.Equal(7, StudyReport.Ends(StudyReport.Of("vanilla-two").Cells("data").Single(cell => cell.Name == "OMNIGLOT").Cell, 1).Count(seed => seed.GetProperty("kl").GetDouble() < 0.05));
        // "In nine of the 20 seeds the layer is dead in its means at some lower rho", "in two of ten on OMNIGLOT".
        int Gaps(string name) => _cells[name].GetProperty("drops").EnumerateArray().Count(drop =>
        {
            bool[] alive = [.. drop.GetProperty("told").EnumerateArray().Select(at => at.GetProperty("nats").GetDouble() > 0.005)];
            return Array.IndexOf(alive, false) < Array.LastIndexOf(alive, true);
        });
        Assert.Equal((9, 2), (_large.Sum(Gaps), Gaps("OMNIGLOT")));
        // As if nothing below a rho had been tried.
        (int For, int Against) Drops(string name, double lowest)
        {
            var ways = _cells[name].GetProperty("drops").EnumerateArray().Select(drop =>
            {
                var told = drop.GetProperty("told").EnumerateArray().Select(at => (Rho: at.GetProperty("rho").GetDouble(), Nats: at.GetProperty("nats").GetDouble())).Where(at => at.Rho >= lowest).ToArray();
                var half = Array.FindLastIndex(told, at => at.Nats >= told.Max(one => one.Nats) / 2);
                return (IsAlive: told[half].Nats > 0.005 && told[half].Rho <= drop.GetProperty("lives").GetDouble(), Most: drop.GetProperty("ends").GetDouble() - told[half].Rho, Least: drop.GetProperty("lives").GetDouble() - told[half + 1].Rho);
            }).Where(way => way.IsAlive).ToArray();
            return (ways.Count(way => way.Most <= 0.04 + 1e-9), ways.Count(way => way.Least > 0.04 + 1e-9));
        }

        Assert.Equal([(0, 10), (5, 2), (5, 0)], [Drops("MNIST", 0.4), Drops("MNIST", 0.7), Drops("MNIST", 0.8)]);
        Assert.Equal([(5, 4), (5, 2), (5, 1)], [Drops("Fashion-MNIST", 0.4), Drops("Fashion-MNIST", 0.7), Drops("Fashion-MNIST", 0.8)]);
        // "all ten seeds speak against it from 0.2 or 0.3 on, and eight from 0.35 on".
        Assert.Equal([(0, 10), (0, 10), (0, 8)], [Drops("OMNIGLOT", 0.2), Drops("OMNIGLOT", 0.3), Drops("OMNIGLOT", 0.35)]);
    }

    [Fact]
    public void Variance_OfTheDocument_IsThatOfTheReport() => StudyPage.AssertHas(
        from cell in _dataSets.Cells("data")
        from layer in new[] { 1, 2 }
        select $"| {cell.Name}, z{layer} | " + string.Join(" | ", new[] { ("variance", layer, 1), ("kl", layer + 1, 1), ("variance", layer, 0.4), ("kl", layer + 1, 0.4), ("unsmoothedVariance", layer, 0.4), ("unsmoothedKl", layer + 1, 0.4) }
            .Select(at => StudyReport.At(cell.Cell, at.Item1, at.Item2, at.Item3, "0.00"))) + " |");

    [Fact]
    public void Bounds_OfTheDocument_AreThoseOfTheReport() => StudyPage.AssertHas(EachCell((name, cell) =>
        $"| {name} | {string.Join(" | ", new[] { "ELBO, unsmoothed", "importance-weighted, unsmoothed", "importance-weighted, smoothed generative" }.Select(bound => StudyReport.Gain(cell, bound)))} |"));

    [Fact]
    public void Training_OfTheDocument_IsThatOfTheReport() => StudyPage.AssertHas(
        from cell in _dataSets.Cells("data")
        from rho in cell.Cell.GetProperty("rhos").EnumerateArray().Select(rho => rho.GetDouble())
        where !StudyReport.AreSettled(cell.Cell, rho)
        select $"| {cell.Name} | {StudyReport.Two(rho)} | {StudyReport.States(cell.Cell, rho)} |");

    /// <summary>What the text says beside its tables.</summary>
    [Fact]
    public void TextOnTransitions_OfTheDocument_FollowsFromTheReport()
    {
        int[] Alive(string name, string part) => [.. StudyReport.Alive(_cells[name], 3, part).Split(" | ").Select(seeds => int.Parse(seeds, CultureInfo.InvariantCulture))];
        // 1. "The layer tells nothing in any of the 30 models".
        Assert.All(_large, name => Assert.True(Curve(name, "kl", 3, 1, "greatest") <= 0.0001));
        // 4. "every seed tells in its widths up to rho 0.9, and three to six of ten tell in their means between 0.7 and 0.9", "None does from 0.94 on (MNIST), from 0.96 on (Fashion-MNIST)", "to 0.12 at 0.9 (medians)", "below 0.001".
        Assert.Equal([10, 10, 10, 10, 10, 10, 10, 2, 0, 0, 0], Alive("MNIST", "widths"));
        Assert.Equal((3, 6), (Alive("MNIST", "means")[1..7].Min(), Alive("MNIST", "means")[1..7].Max()));
        Assert.All(_large, name => Assert.True(Alive(name, "means")[0] == 10 && Alive(name, "means")[1] < 10));
        Assert.Equal((0, 2, 0), (Alive("MNIST", "means")[8], Alive("Fashion-MNIST", "means")[8], Alive("Fashion-MNIST", "means")[9]));
        Assert.Equal((1, 0), (Alive("Fashion-MNIST", "widths")[6], Alive("Fashion-MNIST", "widths")[7]));
        Assert.Equal("0.12", StudyReport.Two(Math.Round(Curve("MNIST", "kl", 3, 0.9, "median"), 2)));
        Assert.InRange(Curve("MNIST", "kl", 3, 0.92, "median"), 0, 0.001);
        // 5. "single seeds differ by -0.03 to +0.25", "-0.017 (-0.041 to +0.006)".
        double[] differences = [.. Shifts(cell => StudyReport.Code(cell, 3, "means"))];
        Assert.Equal((-0.03, 0.25), (Math.Round(differences.Min(), 2), Math.Round(differences.Max(), 2)));
        double[] falls = [.. Shifts(cell => StudyReport.Fall(cell, 3))];
        IEnumerable<double> Shifts(Func<JsonElement, JsonElement> of) =>
            StudyReport.BySeed(of(_cells["MNIST"]), "rho").Zip(StudyReport.BySeed(of(_cells["Fashion-MNIST"]), "rho"), (first, second) => second - first);
        var mean = Estimate.OfMean(falls);
        const double Student = 2.262; // of nine degrees of freedom
        Assert.Equal((-0.017, -0.041, 0.006), (Math.Round(mean.Value, 3), Math.Round(mean.Value - (Student * mean.StandardError), 3), Math.Round(mean.Value + (Student * mean.StandardError), 3)));
        // "both end in the same step in six seeds and means first in four", "means outlast widths in six seeds, tie in two and end first in two".
        double[] Last(string name, string part) => StudyReport.BySeed(StudyReport.Code(_cells[name], 3, part), "low");
        (int, int, int) Ends(string name)
        {
            double[] later = [.. Last(name, "means").Zip(Last(name, "widths"), (means, widths) => means - widths)];
            return (later.Count(way => way > 0), later.Count(way => way == 0), later.Count(way => way < 0));
        }

        Assert.Equal((0, 6, 4), Ends("MNIST"));
        Assert.Equal((6, 2, 2), Ends("Fashion-MNIST"));
        // "in eight seeds half of it is lost by 0.7".
        Assert.Equal(8, _cells["MNIST"].GetProperty("drops").EnumerateArray().Count(drop => drop.GetProperty("belowHalf").GetDouble() == 0.7));
        // "44 still move at the end of their training, and three grow".
        string[] states = [.. _cells["MNIST"].GetProperty("training").EnumerateArray().Where(line => line.GetProperty("rho").GetDouble() is > 0.69 and < 0.91)
            .SelectMany(line => line.GetProperty("seeds").EnumerateArray()).Select(seed => seed.GetProperty("state").GetString()!)];
        Assert.Equal((60, 44, 3), (states.Length, states.Count(state => state == "moving"), states.Count(state => state == "growing")));
    }

    /// <summary>What the text says of the third data set.</summary>
    [Fact]
    public void TextOnOmniglot_OfTheDocument_FollowsFromTheReport()
    {
        const string Few = "OMNIGLOT";
        int[] Alive(string part) => [.. StudyReport.Alive(_cells[Few], 3, part).Split(" | ").Select(seeds => int.Parse(seeds, CultureInfo.InvariantCulture))];
        double[] rhos = [.. _cells[Few].GetProperty("rhos").EnumerateArray().Select(rho => rho.GetDouble())];
        // "in five of ten on OMNIGLOT. There it does in all ten at 0.3", "in every seed at 0.4 on all three".
        Assert.Equal((10, 5, 10), (Alive("means")[Array.IndexOf(rhos, 0.3)], Alive("means")[Array.IndexOf(rhos, 0.4)], Alive("widths")[Array.IndexOf(rhos, 0.4)]));
        Assert.All(_large, name => Assert.StartsWith("10 | ", StudyReport.Alive(_cells[name], 3, "widths"), StringComparison.Ordinal));
        // "means end between 0.3 and 0.525, and widths between 0.6 and 0.7375", "From 0.55 to 0.6 every layer lives in its widths alone".
        Assert.Equal([10, 10, 8, 6, 5, 0, 1, 0, 0, 0], Alive("means")[..10]);
        Assert.Equal([10, 10, 7, 6, 0], Alive("widths")[8..13]);
        // "six tenths on OMNIGLOT", "all of it for z2 on OMNIGLOT", "to ten on OMNIGLOT", "from 0.5 to 4.6 nats".
        Assert.Equal(0.6, Math.Round(Curve(Few, "variance", 1, 1, "median") / Curve(Few, "kl", 2, 1, "median"), 1));
        Assert.InRange(Curve(Few, "variance", 1, 0.4, "median") / Curve(Few, "kl", 2, 0.4, "median"), 0.5, 0.75);
        Assert.InRange(Curve(Few, "variance", 2, 0.4, "median") / Curve(Few, "kl", 3, 0.4, "median"), 0.97, 1.03);
        Assert.All(new[] { 1, 2 }, layer => Assert.True(Curve(Few, "unsmoothedVariance", layer, 0.4, "least") > Curve(Few, "kl", layer + 1, 0.4, "greatest")));
        Assert.Equal((1, 10, 0.5, 4.6), (Curve(Few, "activeUnits", 2, 1, "median"), Curve(Few, "activeUnits", 2, 0.4, "median"), Math.Round(Curve(Few, "information", 2, 1, "median"), 1), Math.Round(Curve(Few, "information", 2, 0.4, "median"), 1)));
        // "and 0.3 better on OMNIGLOT", "8.3, 2.5 and 8.0 nats lower".
        double Gain(int bound, double rho) => _cells[Few].GetProperty("bounds")[bound].GetProperty("curve").GetProperty("median") is var median ? Math.Round(median[Array.IndexOf(rhos, rho)].GetDouble() - median[rhos.Length - 1].GetDouble(), 1) : double.NaN;
        Assert.Equal((0.3, -8.3, -2.5, -8.0), (Gain(0, 0.7), Gain(0, 0.3), Gain(1, 0.3), Gain(3, 0.3)));
        Assert.Equal(18, rhos.Length);
    }

    [Fact]
    public void TextOnVarianceAndBounds_OfTheDocument_FollowsFromTheReport()
    {
        // "by 0.65 and 0.44 nats", "4.5 and 3.7 nats on MNIST and Fashion-MNIST", "medians are 0.2 lower".
        double Loss(string name, int bound, int rho) => _cells[name].GetProperty("bounds")[bound].GetProperty("curve").GetProperty("median") is var median ? median[10].GetDouble() - median[rho].GetDouble() : double.NaN;
        Assert.Equal((0.65, 0.44), (Math.Round(Loss("MNIST", 0, 1), 2), Math.Round(Loss("Fashion-MNIST", 0, 1), 2)));
        Assert.Equal((4.5, 3.7), (Math.Round(Loss("MNIST", 0, 0), 1), Math.Round(Loss("Fashion-MNIST", 0, 0), 1)));
        Assert.Equal((0.2, 0.2), (Math.Round(Loss("MNIST", 1, 0), 1), Math.Round(Loss("Fashion-MNIST", 1, 0), 1)));
        Assert.All(_large, name => Assert.All(Enumerable.Range(0, 4), bound => Assert.True(Loss(name, bound, 0) > 0)));
        // "5.5 and 4.8 nats worse by that bound", "twice as far apart on MNIST at rho 0.4 as at rho 1".
        Assert.Equal((5.5, 4.8), (Math.Round(Loss("MNIST", 3, 0), 1), Math.Round(Loss("Fashion-MNIST", 3, 0), 1)));
        double Gap(int rho) => _cells["MNIST"].GetProperty("bounds") is var bounds ? bounds[1].GetProperty("curve").GetProperty("median")[rho].GetDouble() - bounds[0].GetProperty("curve").GetProperty("median")[rho].GetDouble() : double.NaN;
        Assert.InRange(Gap(0) / Gap(10), 1.9, 2.1);
        // "from one to eight of 16 on MNIST, to five on Fashion-MNIST", "from 1.6 to 5.3, from 1.8 to 4.2".
        Assert.Equal([(1, 8), (1, 5)], _large.Select(name => (Curve(name, "activeUnits", 2, 1, "median"), Curve(name, "activeUnits", 2, 0.4, "median"))));
        Assert.Equal([(1.6, 5.3), (1.8, 4.2)], _large.Select(name => (Math.Round(Curve(name, "information", 2, 1, "median"), 1), Math.Round(Curve(name, "information", 2, 0.4, "median"), 1))));
        // "Held against the KL above as trained it would be high in every seed of all six", and two layers pay a quarter too.
        Assert.All(_large, name => Assert.All(new[] { 1, 2 }, layer => Assert.True(Curve(name, "unsmoothedVariance", layer, 0.4, "least") > Curve(name, "kl", layer + 1, 0.4, "greatest"))));
        Assert.All(StudyReport.Of("vanilla-two").Cells("data").Where(cell => _large.Contains(cell.Name)), cell =>
            Assert.InRange(cell.Cell.GetProperty("variance")[0].GetProperty("median")[0].GetDouble() / cell.Cell.GetProperty("kl")[1].GetProperty("median")[0].GetDouble(), 0.22, 0.28));
        // What vanilla models pay, a quarter; what smoothed ones do, half to three quarters; what smoothing leaves, a quarter.
        Assert.All(_large, name =>
        {
            Assert.InRange(Curve(name, "variance", 1, 1, "median") / Curve(name, "kl", 2, 1, "median"), 0.22, 0.28);
            Assert.All(new[] { 1, 2 }, layer =>
            {
                Assert.InRange(Curve(name, "variance", layer, 0.4, "median") / Curve(name, "kl", layer + 1, 0.4, "median"), 0.45, 0.75);
                Assert.InRange(Curve(name, "variance", layer, 0.4, "median") / Curve(name, "unsmoothedVariance", layer, 0.4, "median"), 0.2, 0.27);
            });
        });
    }

    private static double Curve(string name, string curve, int layer, double rho, string which) =>
        StudyReport.Value(_cells[name], curve, layer, rho, which);

    private static IEnumerable<string> EachCell(Func<string, JsonElement, string> line) => _dataSets.Cells("data").Select(cell => line(cell.Name, cell.Cell));
}
