using System.Text.Json.Nodes;
using Ornstein.Experiments;
using Ornstein.Experiments.Settings;
using Ornstein.Measures;
using Ornstein.Models;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A measure that this process registers and the program has never heard of, from a run to every place that shows results.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class OwnMeasureTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        foreach (var key in Measure.Names) Measure.Remove(key);
        _folder.Dispose();
    }

    [Fact]
    public void Start_WithMeasures_StoresThemAndEveryOtherNumberStays()
    {
        var run = Start();
        var plain = JsonNode.Parse(tiny.WholeOutcome.Expect(0).Output)!;
        var own = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "phase.json")))!;
        foreach (var member in own["members"]!.AsArray())
        {
            var measures = member!["measures"]!.AsObject();
            Assert.Equal(["widest", "width"], measures.Select(measure => measure.Key));
            Assert.Equal(("mean s", 3, 1), ((string?)measures["width"]!["heading"], measures["width"]!["values"]!.AsArray().Count, measures["widest"]!["values"]!.AsArray().Count));
            Assert.All(measures["width"]!["values"]!.AsArray(), value => Assert.InRange((double)value!["value"]!, 0.01, 2));
            Assert.True(member.AsObject().Remove("measures"));
        }

        Assert.True(JsonNode.DeepEquals(plain, own));
        var report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.Contains("<th>mean s</th>", report, StringComparison.Ordinal);
        Assert.Contains("<th>widest %</th>", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Program_ThatDoesNotKnowTheMeasures_ShowsAndKeepsThem()
    {
        var run = Start();
        var phase = File.ReadAllText(Path.Combine(run, "phase.json"));
        var outcome = ChildProgram.Run(_folder.Path, "eval", run).Expect(0);
        Assert.Matches(@"(?m)^rho  layer.*  mean s$", outcome.Output);
        Assert.Contains("mean s: mean width of q", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@" widest % ", outcome.Output);
        Assert.All(outcome.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
        Assert.Contains("<th>mean s</th>", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
        Assert.Equal(phase, TinyRun.PhaseOf(File.ReadAllText(Path.Combine(run, "evaluation.json"))).ReplaceLineEndings("\n"));

        var table = ChildProgram.Run(_folder.Path, "compare", run, "--sort", "width-z2", "--out", "csv").Expect(0).Output;
        Assert.Contains("mean s z2", table, StringComparison.Ordinal);
        string[][] csv = [.. File.ReadLines(_folder.File("csv/compare.csv")).Select(line => line.Split(','))];
        var column = csv[0].Length - Array.IndexOf(csv[0], "width-z2"); // from the end: a verdict before it may hold commas
        var expected = JsonNode.Parse(phase)!["members"]!.AsArray().Take(2).Average(member => (double)member!["measures"]!["width"]!["values"]![1]!["value"]!);
        Assert.Equal(expected, double.Parse(csv.Single(row => row[3] == "0.2")[^column], System.Globalization.CultureInfo.InvariantCulture), 1e-9);
        Assert.Contains("widest-plus-minus", csv[0]);

        ChildProgram.Run(_folder.Path, "phase", "--resume", "--out", run).Expect(0);
        Assert.Equal(phase, File.ReadAllText(Path.Combine(run, "phase.json")));
        Assert.Equal(phase.ReplaceLineEndings("\n"), Run.Open(run).Result is { } read ? System.Text.Json.JsonSerializer.Serialize(read, ResultJson.Indented) + "\n" : "");
    }

    /// <summary>The training is not lost: without the measure, or with it mended, the run measures again.</summary>
    [Fact]
    public void Start_AMeasureThatFails_NamesItAndTheRunGoesOnFromItsEnd()
    {
        Measure.Register(new Width { Fails = true });
        var place = _folder.File("own");
        var error = Assert.Throws<OrnsteinException>(() => Run.Start(Settings(place), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("measure 'width' failed: it was to.", error.Message);
        Measure.Remove("width");
        Measure.Register(new Width());
        Assert.All(Run.Open(place).Resume(cancellation: TestContext.Current.CancellationToken).Result.Members, member => Assert.Equal(["width"], member.Measures!.Keys));
    }

    /// <summary>A run that was made without it: what was measured since is in the report and in comparisons, and the run's own results stay.</summary>
    [Fact]
    public void Evaluate_ARunThatWasMadeWithoutTheMeasure_ShowsItFromThenOn()
    {
        var run = tiny.CopyWhole(_folder);
        Measure.Register(new Width());
        var evaluation = Run.Open(run).Evaluate(cancellation: TestContext.Current.CancellationToken);
        Assert.All(evaluation.Phase.Members, member => Assert.Equal(["width"], member.Measures!.Keys));
        Assert.Equal(4, evaluation.Models.Length);
        tiny.AssertSame(run);
        Assert.Contains("<th>mean s</th>", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
        Assert.Contains("mean s z3", ChildProgram.Run(_folder.Path, "compare", run).Expect(0).Output, StringComparison.Ordinal);
    }

    private RunSettings Settings(string place) => Run.Open(tiny.Whole).Settings with { Out = place };

    private string Start()
    {
        Measure.Register(new Width());
        Measure.Register(new Widest());
        return Run.Start(Settings(_folder.File("own")), cancellation: TestContext.Current.CancellationToken).Folder;
    }

    private sealed record Width : IMeasure
    {
        public bool Fails { get; init; }

        public string Key => "width";

        public string Heading => "mean s";

        public string Legend => "mean width of q";

        public bool IsPerLayer => true;

        public IReadOnlyList<IReadOnlyList<Estimate>> Of(MeasuredModels on) => Fails
            ? throw new InvalidOperationException("it was to")
            : on.Means((x, noise) => [.. on.Stack.Infer(x, noise).Layers.Select(q => q.StandardDeviation.mean([-1L]))]);
    }

    private sealed record Widest : IMeasure
    {
        public string Key => "widest";

        public string Heading => "widest";

        public string Legend => "share of units that the widest layer has";

        public string Unit => "%";

        public string? Misfit(HierarchicalVae stack) => null;

        public IReadOnlyList<IReadOnlyList<Estimate>> Of(MeasuredModels on) =>
            [.. on.Stack.Members.Select(_ => (Estimate[])[new(on.Stack.Options.Units.Max() / (double)on.Stack.Options.Units.Sum(), 0)])];
    }
}
