using System.Text.Json;
using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Tables;
using Ornstein.Measures;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Quantities;

public class KnownQuantitiesTests
{
    [Fact]
    public void BuiltIn_Keys_AreDifferentAndNoMeasureCanHaveOne()
    {
        string[] keys = [.. KnownQuantities.BuiltIn.Select(quantity => quantity.Key)];
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.Contains($"the key '{key}'", Assert.Throws<OrnsteinException>(() => Measure.Register(new Named(key))).Message));
        Assert.All(KnownQuantities.BuiltIn, quantity => Assert.Matches(@"^[^\n]+[^\n.]$", quantity.Legend));
    }

    /// <summary>What JSON says of a layer is a number or a word of the list: nothing that eval measures stays in its file.</summary>
    [Fact]
    public void BuiltIn_EveryNumberOfALayer_IsAQuantity()
    {
        var model = new ModelNumbers(Fixtures.Member(1, 0, 3, 0.1), Evaluated.Models(Fixtures.Phase())[0]);
        HashSet<double> found = [.. KnownQuantities.BuiltIn.Where(quantity => quantity.Word is null).Select(quantity => quantity.Of(model, 1).Value)];
        var layer = model.Layer(1)!;
        Estimate[] all =
        [
            layer.Information!.Lower, layer.Information.Upper(), layer.TotalInformation!.Value, layer.MeanInformation!.Value, layer.WidthInformation!.Value,
            layer.ReconstructionFrom, layer.ElboFrom, layer.SkipElbo!.Value, layer.Probes!.NearestNeighbours, layer.Probes.Linear,
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, number => Assert.Contains(number.Value, found));
    }

    [Fact]
    public void LayerRows_NarrowAndWide_HaveTheSameNumbersInTheirOwnForm()
    {
        var phase = Fixtures.Phase();
        var evaluation = Evaluated.Of(phase);
        var narrow = LayerRows.Of(phase, evaluation, isNarrow: true);
        Assert.Equal(["KL", "units", "I(x; z)", "means", "widths", "nll from", "ELBO from", "skip-ELBO", "kNN", "linear", "verdict"], narrow.Head);
        Assert.Equal(["z1", "z2", "z3", "prior"], narrow.Rows[..4].Select(row => row.Layer));
        Assert.Equal("0.20 to 0.30", narrow.Rows[1].Cells[2]);
        Assert.Equal(["30%", "40%", "both"], narrow.Rows[1].Cells[^3..]);
        var wide = LayerRows.Of(phase, evaluation, isNarrow: false);
        Assert.Equal(["AU", "I(x; z)", "I, lower", "I, upper", "in means"], wide.Head[2..7]);
        Assert.Equal(["z1", "z2", "z3", "prior"], wide.Rows[..4].Select(row => row.Layer));
        Assert.Equal(["205.0 ± 0.0"], wide.Rows[3].Cells.Where(cell => cell.Length > 0));
        Assert.Equal("both", wide.Rows[1].Cells[^1]);
        Assert.Contains("kNN %", wide.Head);
    }

    [Fact]
    public void LayerRows_WithoutEvaluation_HaveWhatTheRunMeasured()
    {
        var rows = LayerRows.Of(Fixtures.Phase(), null, isNarrow: false);
        Assert.Equal(["KL", "KL, unsmoothed", "AU"], rows.Head);
        Assert.Empty(rows.Reasons);
    }

    [Fact]
    public void LayerRows_OfReasons_NameTheColumnsThatAreMissing()
    {
        var phase = Fixtures.Phase();
        const string Why = "cannot say: it takes at least 2 data, and there is 1";
        var evaluation = Evaluated.Of(phase);
        evaluation = evaluation with { Models = [.. evaluation.Models.Select(model => model with
        {
            InformationReason = Why, ProbesReason = "no labels",
            Layers = [.. model.Layers.Select(layer => layer with { Information = null, TotalInformation = null, MeanInformation = null, WidthInformation = null, Verdict = null, Probes = null })],
        })] };
        var rows = LayerRows.Of(phase, evaluation, isNarrow: true);
        Assert.Equal([$"no units, I(x; z) and verdict: {Why}", "no kNN and linear: no labels"], rows.Reasons);
        Assert.Equal(["KL", "nll from", "ELBO from", "skip-ELBO"], rows.Head);
    }

    /// <summary>A result of who knew the measure, read by who does not.</summary>
    [Fact]
    public void For_MeasuresOfAResult_AreColumnsWithoutTheirClass()
    {
        var member = Fixtures.Member(1, 0, 3, 0.1) with { Measures = new Dictionary<string, MeasuredQuantity>(StringComparer.Ordinal)
        {
            ["share"] = new() { Heading = "share", Legend = "a share", Unit = "%", IsPerLayer = true, IsBestLow = true, Values = [new(0.1, 0.01), new(0.2, double.NaN), Estimate.None] },
            ["bits"] = new() { Heading = "bits", Legend = "a length", Unit = "bits", IsPerLayer = false, IsBestLow = false, Values = [new(7, 0.5)] },
        } };
        var read = JsonSerializer.Deserialize<MemberResult>(JsonSerializer.Serialize(member, ResultJson.Indented), ResultJson.Indented)!;
        Quantity[] own = [.. KnownQuantities.For([new ModelNumbers(read)]).Where(quantity => quantity.IsOwn)];
        Assert.Equal(["bits", "share"], own.Select(quantity => quantity.Key));
        Assert.Equal(("bits", "a length, in bits", "share %", "a share"), (own[0].Title, own[0].Explanation, own[1].Title, own[1].Explanation));
        Assert.Equal([new(0.1, 0.01), new(0.2, double.NaN), Estimate.None], Enumerable.Range(0, 3).Select(layer => own[1].Of(new ModelNumbers(read), layer)));
        var rows = LayerRows.Of(Fixtures.Phase() with { Members = [read] }, null, isNarrow: true);
        Assert.Equal(["10%", "20%", "-"], rows.Rows.Select(row => row.Cells[Array.IndexOf(rows.Head, "share")]));
    }

    private sealed record Named(string Key) : IMeasure
    {
        public string Heading => "h";

        public string Legend => "l";

        public IReadOnlyList<IReadOnlyList<Estimate>> Of(MeasuredModels on) => [];
    }
}
