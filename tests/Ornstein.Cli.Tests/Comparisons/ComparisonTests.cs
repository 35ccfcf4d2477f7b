using System.Text.Json.Nodes;
using System.Xml.Linq;
using Ornstein.Experiments.Comparisons;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Networks;
using Ornstein.Experiments.Text;
using Ornstein.Results;
using SkiaSharp;

namespace Ornstein.Cli.Tests.Comparisons;

public class ComparisonTests
{
    private static readonly RunSettings _settings = RunSettings.ForPhase with { Binarization = BinarizationChoice.None };

    [Fact]
    public void Of_TwoRuns_LabelsRowsByWhatDiffersOnly()
    {
        var other = _settings with { Activation = Activation.Tanh, Latents = [32, 16, 9], Seeds = [7, 8], Out = "x", CheckpointSeconds = 3, Refine = 1 };
        var comparison = Comparison.Of([Run("a", _settings, [0.5, 1]), Run("b", other, [0.5, 1])], "bound", false);
        Assert.Equal(
            [
                "latents 32-16-8, activation leaky-relu, rho 0.5", "latents 32-16-8, activation leaky-relu, rho 1",
                "latents 32-16-9, activation tanh, rho 0.5", "latents 32-16-9, activation tanh, rho 1",
            ],
            comparison.Rows.Select(row => row.Label).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_MembersWithRemedies_AreRowsOfTheirOwn()
    {
        var run = Run("a", _settings, [0.5, 1]);
        MemberResult[] members = [.. run.Result.Members, .. run.Result.Members.Select(member => member with { Remedy = "warm-up:20" })];
        var comparison = Comparison.Of([run with { Result = run.Result with { Members = members } }], "bound", false);
        Assert.Equal(
            ["no remedy, rho 0.5", "no remedy, rho 1", "warm-up:20, rho 0.5", "warm-up:20, rho 1"],
            comparison.Rows.Select(row => row.Label).Order(StringComparer.Ordinal));
        Assert.All(comparison.Rows, row => Assert.Equal([0, 1], row.Seeds));
    }

    [Fact]
    public void Of_RunsThatDoNotDiffer_AreToldApartByTheirFolders()
    {
        Assert.Equal(
            ["a, rho 0.5", "a, rho 1", "b, rho 0.5", "b, rho 1"],
            Comparison.Of([Run("x/a", _settings, [0.5, 1]), Run("x/b", _settings, [0.5, 1])], "bound", false).Rows.Select(row => row.Label).Order());
        Assert.Equal("a", Assert.Single(Comparison.Of([Run("x/a", _settings, [1])], "bound", false).Rows).Label);
    }

    [Fact]
    public void Of_DifferentDataOrTestParts_IsRefusedUnlessAllowed()
    {
        ComparedRun first = Run("a", _settings, [1]), second = Run("b", _settings with { Data = "mnist" }, [1]);
        var error = Assert.Throws<OrnsteinException>(() => Comparison.Of([first, second], "bound", false));
        Assert.Contains("data is digits in 'a' and mnist in 'b'", error.Message);
        Assert.Contains("NOT COMPARABLE: data is digits", Comparison.Of([first, second], "bound", true).Notes[0]);
        var fewer = first with { Path = "c", Result = first.Result with { EvaluatedOn = 10 } };
        Assert.Contains("the number of test data is 1000 in 'a' and 10 in 'c'", Refused(first, fewer));
        Assert.Contains("binarization is none", Refused(first, Run("b", _settings with { Binarization = BinarizationChoice.Threshold }, [1])));

        static string Refused(params ComparedRun[] runs) => Assert.Throws<OrnsteinException>(() => Comparison.Of(runs, "bound", false)).Message;
    }

    [Fact]
    public void Of_DivergedMembers_AreListedAndLeftOut()
    {
        var run = Run("a", _settings, [0.5, 1]);
        var members = (MemberResult[])run.Result.Members.Clone();
        members[1] = Fixtures.Diverged(0.5, 1, 3);
        (members[2], members[3]) = (Fixtures.Diverged(1, 0, 3), Fixtures.Diverged(1, 1, 3));
        var comparison = Comparison.Of([run with { Result = run.Result with { Members = members } }], "bound", false);
        Assert.Equal([0], comparison.Rows[0].Seeds);
        Assert.Equal(new SeedInterval(-107.11, 0.82, SpreadKind.DataError), comparison.Rows[0].ImportanceWeighted);
        Assert.Equal((0, SeedInterval.None), (comparison.Rows[1].Seeds.Length, comparison.Rows[1].Elbo));
        Assert.Contains("left out: rho 0.5, seed 1: diverged at step 812", comparison.Notes);
        Assert.Contains("left out: rho 1, seed 0: diverged at step 812", comparison.Notes);
    }

    [Fact]
    public void Of_AnyColumn_SortsBestFirstAndRowsWithoutANumberLast()
    {
        ComparedRun quick = Run("quick", _settings with { Batch = 1 }, [0.5], seconds: 1, shift: -2), slow = Run("slow", _settings, [0.5], seconds: 9);
        var old = Run("old", _settings with { Batch = 2 }, [0.5], shift: 5);
        string[] Order(string column) => [.. Comparison.Of([slow, quick, old], column, false).Rows.Select(row => row.Run)];
        Assert.Equal(["old", "slow", "quick"], Order("bound"));
        Assert.Equal(["quick", "slow", "old"], Order("seconds"));
        Assert.Equal(["slow", "quick", "old"], Order("kl-z1")); // equal: as given
        var error = Assert.Throws<OrnsteinException>(() => Order("bond"));
        Assert.StartsWith("--sort bond is no column; did you mean 'bound'?; columns are objective, elbo, ", error.Message);
        Assert.True(UsageError.Is(error));
    }

    [Fact]
    public void Of_DifferentNumbersOfSamples_SaysThatBoundsDiffer()
    {
        var run = Run("a", _settings, [1]);
        MemberResult[] members = [.. run.Result.Members.Select(member => member with { Bounds = member.Bounds! with { Draws = 50 } })];
        var more = run with { Path = "b", Settings = _settings with { ImportanceDraws = 50 }, Result = run.Result with { Members = members } };
        var comparison = Comparison.Of([run, more], "bound", false);
        Assert.Contains("importance-weighted bounds are of different k: a larger k alone gives a larger bound", comparison.Notes);
        Assert.Equal(["importance-draws 50", "importance-draws none"], comparison.Rows.Select(row => row.Label).Order());
    }

    /// <summary>Bounds -107.11 and -107.41: half-width 12.706 * 0.3 / 2.</summary>
    [Fact]
    public void Write_TwoSeeds_GivesMeanAndInterval()
    {
        using var output = new StringWriter();
        ComparisonText.Write(Comparison.Of([Run("a", _settings, [0.5, 1], seconds: 2)], "bound", false), output);
        string[] lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Matches("^ +objective +ELBO +joint ELBO +IW bound k=8 +smoothed IW k=8", lines[0]);
        Assert.Matches(@"^rho 0.5 .* -107.26±1.91 +-96.55±1.91", lines[1]);
        Assert.Contains("mean ± half of the 95 % confidence interval over seeds (Student t)", lines);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 140));
    }

    [Fact]
    public void Write_LongLabels_AreListedAndNumbered()
    {
        var other = _settings with { Latents = [64, 32, 16], Hidden = [256, 128, 64], Activation = Activation.Tanh, LearningRate = 0.002 };
        using var output = new StringWriter();
        ComparisonText.Write(Comparison.Of([Run("a", _settings, [1], shift: 1), Run("b", other, [1])], "bound", false), output);
        string[] lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("2: latents 64-32-16, hidden 256-128-64, activation tanh, learning-rate 0.002", lines[1]);
        Assert.Matches("^2 +-10", lines[5]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 140));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a, b", "\"a, b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void Field_AnyText_IsEscapedAsRfc4180Says(string text, string field) => Assert.Equal(field, CsvText.Field(text));

    [Fact]
    public void Csv_Rows_HaveAFieldForEveryColumn()
    {
        var comparison = Comparison.Of([Run("a", _settings, [0.5, 1], seconds: 2), Run("b", _settings with { Batch = 1 }, [0.5])], "bound", false);
        string[] lines = ComparisonText.Csv(comparison).TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        var columns = lines[0].Split(',').Length;
        Assert.Equal(8 + 2 * ComparisonColumn.For(comparison.Rows).Count, columns);
        Assert.All(lines[1..], line =>
        {
            Assert.StartsWith("\"batch ", line); // its label has a comma
            Assert.Equal(columns, line[(line.IndexOf('"', 1) + 1)..].Split(',').Length);
        });
    }

    [Fact]
    public void Markdown_Rows_HaveTheColumnsOfTheHeadAndEscapedStars()
    {
        var comparison = Comparison.Of([Run("a|b", _settings, [1], seeds: 1)], "bound", false);
        string[] lines = ComparisonText.Markdown(comparison).Split('\n');
        Assert.StartsWith("| a\\|b | ", lines[2]);
        Assert.Contains("-107.11±0.82\\*", lines[2]);
        Assert.Equal(lines[0].Count(c => c == '|'), lines[2].Count(c => c == '|') - 1);
    }

    [Fact]
    public void Json_Numbers_AreNullWhereThereAreNone()
    {
        var row = JsonNode.Parse(Comparison.Of([Run("a", _settings, [1], seconds: 2)], "bound", false).Json())!["rows"]![0]!;
        Assert.Equal(2, (double)row["secondsPerModel"]!["value"]!);
        Assert.Null(row["secondsPerModel"]!["plusMinus"]);
        Assert.Equal("student95", (string?)row["elbo"]!["spread"]);
    }

    /// <summary>Results of several stacks stand in the order of their rhos, whatever the order in which a stack has them.</summary>
    [Fact]
    public void StackOf_MembersOfTwoStacks_FindsTheirStackAndTheirPlaceInIt()
    {
        var run = Run("a", _settings, [0.5, 0.6, 1]);
        run = run with { Stacks = [Stack([1, 0.5], Cost(3)), Stack([0.6], Cost(7))] };
        Assert.Equal([3.0, 3, 7, 7, 3, 3], run.Result.Members.Select(member => run.StackOf(member).Cost!.TrainingSecondsPerModel));
        Assert.Equal([2, 3, 0, 1, 0, 1], run.Result.Members.Select(member => run.StackOf(member).PlaceOf(member)!.Value));
        Assert.Null(run.Stacks[0].PlaceOf(run.Result.Members[0] with { Remedy = "beta:0.5" }));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(1, 30)]
    public void Figure_AnyNumberOfRows_IsDrawn(int seeds, int rows)
    {
        double[] rho = [.. Enumerable.Range(1, rows).Select(i => i / (double)rows)];
        var comparison = Comparison.Of([Run("a", _settings, rho, seeds: seeds)], "bound", false);
        using var picture = SKBitmap.Decode(ComparisonFigure.Png(comparison));
        Assert.Equal((1920, 1200), (picture.Width, picture.Height));
        Assert.DoesNotContain(XDocument.Parse(ComparisonFigure.Svg(comparison)).Descendants(), e => e.Name.LocalName == "text");
    }

    [Fact]
    public void Figure_WithoutBounds_IsDrawn()
    {
        var run = Run("a", _settings, [1]);
        var none = run with { Result = run.Result with { Members = [Fixtures.Diverged(1, 0, 3)] } };
        Assert.NotEmpty(ComparisonFigure.Png(Comparison.Of([none], "bound", false)));
    }

    [Fact]
    public void Of_ChosenColumns_AreThoseOfTheTableAndTheFigure()
    {
        var run = Run("a", _settings, [0.5, 1]);
        var evaluated = run with { Evaluation = Evaluated.Of(run.Result) };
        var comparison = Comparison.Of([evaluated], "skip-elbo-z2", false, ["linear-z1", "verdict-z3", "elbo", "elbo"]);
        using var output = new StringWriter();
        ComparisonText.Write(comparison, output);
        string[] lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Matches("^ +linear z1 % +verdict z3 +ELBO$", lines[0]);
        Assert.Matches(@"^rho 0\.5 +31\.0±0\.0 +both +-105\.70±1\.91$", lines[1]); // -105.55 and -105.85
        Assert.Contains("linear %: the same by ridge regression", output.ToString());
        Assert.NotEqual(ComparisonFigure.Png(Comparison.Of([evaluated], "bound", false)), ComparisonFigure.Png(comparison));
        Assert.Equal("both", (string?)JsonNode.Parse(comparison.Json())!["rows"]![0]!["words"]!["verdict-z1"]);
        var error = Assert.Throws<OrnsteinException>(() => Comparison.Of([evaluated], "bound", false, ["skip-elbow-z1"]));
        Assert.StartsWith("--columns skip-elbow-z1 is no column; did you mean 'skip-elbo-z1'?", error.Message);
        Assert.StartsWith("--sort verdict-z1 is no column", Assert.Throws<OrnsteinException>(() => Comparison.Of([evaluated], "verdict-z1", false)).Message);
    }

    /// <summary>The usual table is that of runs without an evaluation; what eval knows is in CSV.</summary>
    [Fact]
    public void Write_ARunThatWasEvaluated_HasTheUsualTableAndMoreInCsv()
    {
        var run = Run("a", _settings, [1]);
        var (plain, evaluated) = (Comparison.Of([run], "bound", false), Comparison.Of([run with { Evaluation = Evaluated.Of(run.Result) }], "bound", false));
        Assert.Equal(ComparisonText.Markdown(plain), ComparisonText.Markdown(evaluated));
        string[] Head(Comparison comparison) => ComparisonText.Csv(comparison).Split('\n')[0].Split(',');
        Assert.Equal(["skip-elbo-z1", "verdict-z1"], Head(evaluated).Except(Head(plain)).Intersect(["skip-elbo-z1", "verdict-z1", "verdict-z1-plus-minus"]));
        Assert.All(ComparisonText.Csv(evaluated).TrimEnd('\n').Split('\n'), line => Assert.Equal(Head(evaluated).Length, line.Split(',').Length));
    }

    [Fact]
    public void Of_AMeasureOfOneRun_IsAColumnThatIsShownAndSortedByItsBest()
    {
        ComparedRun first = Run("a", _settings, [0.5, 1], seeds: 1), second = Run("b", _settings with { Batch = 1 }, [1], seeds: 1);
        MemberResult With(MemberResult member) => member with { Measures = new Dictionary<string, MeasuredQuantity>(StringComparer.Ordinal)
        {
            ["cost"] = new() { Heading = "cost", Legend = "what it costs", Unit = "coins", IsPerLayer = false, IsBestLow = true, Values = [new(10 * member.Rho, 1)] },
        } };
        first = first with { Result = first.Result with { Members = [.. first.Result.Members.Select(With)] } };
        var comparison = Comparison.Of([second, first], "cost", false);
        Assert.Equal([5.0, 10, double.NaN], comparison.Rows.Select(row => row.Numbers.GetValueOrDefault("cost", SeedInterval.None).Value));
        Assert.Matches(@"\| cost \|.*\n.*\n.*\| 5\.000±1\.000\\\* \|", ComparisonText.Markdown(comparison));
        Assert.Contains("- cost: what it costs, in coins", ComparisonText.Markdown(comparison));
        Assert.Contains("cost,cost-plus-minus", ComparisonText.Csv(comparison));
    }

    private static RunCost Cost(double seconds) => new() { Models = 1, TrainingSeconds = seconds, TrainingSecondsPerModel = seconds };

    private static ComparedStack Stack(double[] rho, RunCost? cost, int seeds = 2) => new(
        _settings with { Rho = [.. rho.Select(value => (RhoEntry)value)], Seeds = [.. Enumerable.Range(0, seeds).Select(seed => (long)seed)] }, cost, "");

    internal static ComparedRun Run(string path, RunSettings settings, double[] rho, double? seconds = null, double shift = 0, int seeds = 2)
    {
        MemberResult[] members = [.. rho.SelectMany(value => Enumerable.Range(0, seeds).Select(seed =>
        {
            var member = Fixtures.Member(value, seed, layers: 3, top: 0.1);
            var bounds = member.Bounds!;
            return member with { Bounds = bounds with { ImportanceWeighted = bounds.ImportanceWeighted with { Value = bounds.ImportanceWeighted.Value + shift } } };
        }))];
        return new ComparedRun
        {
            Path = path,
            Settings = settings,
            Fingerprint = null,
            Result = Fixtures.Phase() with { Members = members },
            Stacks = [Stack(rho, seconds is { } time ? Cost(time) : null, seeds)],
        };
    }
}
