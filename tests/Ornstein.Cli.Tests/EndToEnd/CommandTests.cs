using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ornstein.Cli.Commands;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class CommandTests(TinyRun tiny) : IDisposable
{
    private static readonly byte[] _png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_TinySettings_TrainsOneModel()
    {
        var outcome = InProcess.Run(_folder.Path, ["train", .. TinyRun.Model, "--epochs", "2"]).Expect(0);
        Assert.Contains("objective", outcome.Output, StringComparison.Ordinal);
        var run = Assert.Single(Directory.GetDirectories(_folder.File("runs"), "train-digits-*"));
        var member = Assert.Single(JsonNode.Parse(File.ReadAllText(Path.Combine(run, "phase.json")))!["members"]!.AsArray());
        Assert.Equal(("1", "0"), ($"{member!["rho"]}", $"{member["seed"]}"));
    }

    /// <summary>Twice, since the second one finds what the first has stored.</summary>
    [Fact]
    public void Eval_SameDataAndDraws_RepeatsTheResultAndStoresWhatItSays()
    {
        var run = tiny.CopyWhole(_folder);
        File.Delete(Path.Combine(run, "evaluation.json"));
        var before = Others(run);
        for (var i = 0; i < 2; i++)
        {
            var outcome = InProcess.Run(_folder.Path, "eval", run, "--json").Expect(0);
            Assert.Equal((tiny.WholeOutcome.Output, ""), (TinyRun.PhaseOf(outcome.Output), outcome.Error));
            Assert.Equal(before, Others(run));
            Assert.Equal(outcome.Output, File.ReadAllText(Path.Combine(run, "evaluation.json")));
            var report = File.ReadAllText(Path.Combine(run, "report.html"));
            Assert.Contains("<th>skip-ELBO</th>", report, StringComparison.Ordinal);
            Assert.Equal(5, Regex.Count(report, "<img ")); // KLs, information, samples, reconstructions, training
        }
    }

    /// <summary>What the run and eval say of layers are columns; the report of a run that is measured again by --resume keeps them.</summary>
    [Fact]
    public void Eval_StoredInTheRun_ReachesComparisonsAndStaysInTheReport()
    {
        var run = tiny.CopyWhole(_folder);
        var evaluation = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", run, "--json").Expect(0).Output)!["models"]!.AsArray();
        var expected = evaluation.Take(2).Average(model => (double)model!["layers"]![1]!["skipElbo"]!["value"]!);
        var table = InProcess.Run(_folder.Path, "compare", run, "--columns", "skip-elbo-z2,verdict-z2,kl-z1", "--sort", "skip-elbo-z2", "--out", "together").Expect(0).Output;
        Assert.Matches(@"^ +skip-ELBO z2 +verdict z2 +KL z1\n", table);
        var row = JsonNode.Parse(File.ReadAllText(_folder.File("together/compare.json")))!["rows"]!.AsArray().Single(row => (string?)row!["rho"] == "0.2")!;
        Assert.Equal(expected, (double)row["numbers"]!["skip-elbo-z2"]!["value"]!, 1e-9);
        Assert.NotNull(row["words"]!["verdict-z3"]);
        string[] head = File.ReadLines(_folder.File("together/compare.csv")).First().Split(',');
        Assert.All(new[] { "elbo-from-z1", "linear-z3-plus-minus", "information-lower-z2", "verdict-z1", "kl-scale-z2" }, column => Assert.Contains(column, head));
        InProcess.Run(_folder.Path, "phase", "--resume", "--out", run).Expect(0);
        Assert.Contains("<th>skip-ELBO</th>", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
        tiny.AssertSame(run);
    }

    [Theory]
    [InlineData("--test-limit", "50")]
    [InlineData("--data", "images")]
    public void Eval_OnOtherTestData_SaysThatItIsNotStored(string option, string value)
    {
        var run = tiny.CopyWhole(_folder);
        File.Delete(Path.Combine(run, "evaluation.json"));
        IdxFolder.Write(_folder.File("images"), train: 40, test: 20, side: 28);
        var before = TinyRun.Snapshot(run);
        var outcome = InProcess.Run(_folder.Path, "eval", run, option, value).Expect(0);
        Assert.Contains("not stored in the run: it is not measured on the run's own test data, all of them", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, TinyRun.Snapshot(run));
    }

    [Fact]
    public void Eval_OutFolder_HasTheEvaluationAndPicturesAndTheRunStays()
    {
        var before = Others(tiny.Whole);
        var outcome = InProcess.Run(_folder.Path, "eval", tiny.Whole, "--json", "--out", "diagnoses").Expect(0);
        Assert.Equal(outcome.Output, File.ReadAllText(_folder.File("diagnoses/eval.json")));
        Assert.Equal(before, Others(tiny.Whole));
        // Models of the first seed, three pictures each.
        string[] pictures = [.. Directory.GetFiles(_folder.File("diagnoses"), "*.png").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
        string[] kinds = ["fixed-layers", "from-layers", "traversals"];
        Assert.Equal(new[] { "0.2", "1" }.SelectMany(rho => kinds.Select(kind => $"rho-{rho}-seed-0-{kind}.png")), pictures);
        Assert.All(pictures, picture => Assert.Equal(_png, File.ReadAllBytes(_folder.File("diagnoses/" + picture))[..4]));
        var models = JsonNode.Parse(outcome.Output)!["models"]!.AsArray();
        Assert.Equal(4, models.Count);
        foreach (var layer in models.SelectMany(model => model!["layers"]!.AsArray()))
        {
            Assert.Contains((string?)layer!["verdict"], Enum.GetValues<LayerVerdict>().Select(verdict => verdict.Word()));
            Assert.True((double)layer["information"]!["lower"]!["value"]! <= Math.Log(100));
            Assert.InRange((double)layer["probes"]!["linear"]!["value"]!, 0, 1);
        }
    }

    [Fact]
    public void Eval_OutIsAFile_IsOneLine()
    {
        File.WriteAllText(_folder.File("taken"), "");
        Assert.Contains("taken", TinyRun.OneLine(InProcess.Run(_folder.Path, "eval", tiny.Whole, "--out", "taken")), StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_OtherDraws_GivesOtherNumbersNearby()
    {
        var outcome = InProcess.Run(_folder.Path, "eval", tiny.Whole, "--json", "--evaluation-draws", "2").Expect(0);
        var (before, now) = (Objective(tiny.WholeOutcome.Output), Objective(TinyRun.PhaseOf(outcome.Output)));
        Assert.NotEqual(before, now);
        Assert.Equal(before, now, 5.0);
    }

    [Fact]
    public void Eval_DataOfAFolder_MeasuresOnIt()
    {
        IdxFolder.Write(_folder.File("images"), train: 40, test: 20, side: 28);
        var outcome = InProcess.Run(_folder.Path, "eval", tiny.Whole, "--data", "images", "--json").Expect(0);
        var phase = JsonNode.Parse(TinyRun.PhaseOf(outcome.Output))!;
        Assert.Equal(("images", "20"), ($"{phase["data"]}", $"{phase["evaluatedOn"]}"));
        Assert.True(Objective(TinyRun.PhaseOf(outcome.Output)) < Objective(tiny.WholeOutcome.Output), "grey noise is not what the model was trained on");
    }

    [Fact]
    public void Eval_ImagesOfAnotherSize_IsOneLine()
    {
        IdxFolder.Write(_folder.File("images"), train: 40, test: 20, side: 8);
        var line = TinyRun.OneLine(InProcess.Run(_folder.Path, "eval", tiny.Whole, "--data", "images"));
        Assert.Contains("64", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_OfARunOnSizedImages_SizesOthersToo()
    {
        IdxFolder.Write(_folder.File("images"), train: 40, test: 20, side: 8);
        IdxFolder.Write(_folder.File("larger"), train: 40, test: 10, side: 12);
        string[] small = ["--latents", "3,2", "--hidden", "6,4", "--epochs", "1", "--batch", "10", "--evaluation-draws", "2", "--validation", "0"];
        InProcess.Run(_folder.Path, ["train", "--data", "images", "--image-size", "4", .. small, "--out", "run"]).Expect(0);
        var phase = JsonNode.Parse(TinyRun.PhaseOf(InProcess.Run(_folder.Path, "eval", "run", "--data", "larger", "--json").Expect(0).Output))!;
        Assert.Equal("10", $"{phase["evaluatedOn"]}");
        // Digits are binary and have no other size: the numbers of pixels differ.
        Assert.Contains("784", TinyRun.OneLine(InProcess.Run(_folder.Path, "eval", "run", "--data", "digits")), StringComparison.Ordinal);
        // The same data again, of the same rows.
        InProcess.Run(_folder.Path, "train", "--resume", "--out", "run").Expect(0);
    }

    [Fact]
    public void Eval_StoppedBySigterm_ExitsWith143()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using var child = ChildProgram.Start(_folder.Path, "eval", tiny.Whole, "--evaluation-draws", "1000000");
        Thread.Sleep(2000); // long enough to be measuring; on a slow machine it is stopped earlier, with the same code
        child.Signal("TERM");
        Assert.Equal("", child.Finish().Expect(ExitCodes.Terminated).Output);
    }

    [Fact]
    public void Sample_OutFile_WritesAPictureThere()
    {
        var before = TinyRun.Snapshot(tiny.Whole);
        InProcess.Run(_folder.Path, "sample", tiny.Whole, "--count", "4", "--out", "four.png").Expect(0);
        Assert.Equal(_png, File.ReadAllBytes(_folder.File("four.png"))[..4]);
        Assert.Equal(before, TinyRun.Snapshot(tiny.Whole));
        InProcess.Run(_folder.Path, "sample", tiny.Whole, "--count", "4", "--out", "other.png", "--seed", "1").Expect(0);
        Assert.NotEqual(File.ReadAllBytes(_folder.File("four.png")), File.ReadAllBytes(_folder.File("other.png")));
    }

    [Fact]
    public void DataList_NamesEverySet()
    {
        var outcome = InProcess.Run(_folder.Path, "data", "list").Expect(0);
        Assert.All(
            new[] { "digits", "mnist", "fashion-mnist", "omniglot", "omniglot-small", "gaussian" },
            name => Assert.Contains("\n" + name + " ", outcome.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Version_IsOneLine()
    {
        var outcome = InProcess.Run(_folder.Path, "--version").Expect(0);
        Assert.Matches(@"^ornstein \d+\.\d+\.\d+.* \(.*TorchSharp .*\)\r?\n$", outcome.Output);
    }

    [Theory]
    [InlineData("phase")]
    [InlineData("train")]
    [InlineData("eval")]
    [InlineData("sample")]
    [InlineData("spectrum")]
    [InlineData("theory")]
    [InlineData("compare")]
    [InlineData("preset list")]
    [InlineData("preset show")]
    [InlineData("preset run")]
    [InlineData("study run")]
    [InlineData("study status")]
    [InlineData("study report")]
    [InlineData("data list")]
    [InlineData("data get")]
    [InlineData("data info")]
    public void Help_OfEveryCommand_NamesEveryOptionAndShowsExamples(string command)
    {
        Command at = ProgramCommand.Create();
        foreach (var name in command.Split(' ')) at = at.Subcommands.Single(child => child.Name == name);
        var outcome = InProcess.Run(_folder.Path, [.. command.Split(' '), "--help"]).Expect(0);
        Assert.Equal("", outcome.Error);
        Assert.NotEmpty(at.Options);
        Assert.All(at.Options, option => Assert.Contains("  " + option.Name, outcome.Output, StringComparison.Ordinal));
        Assert.Contains("\nExamples:\n  ornstein " + command, outcome.Output, StringComparison.Ordinal);
        Assert.All(outcome.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Eval_AsText_SaysWhichNumberIsABound()
    {
        var outcome = InProcess.Run(_folder.Path, "eval", tiny.Whole).Expect(0);
        Assert.Matches(@"\n0\.2 +-\d+\.\d±\d+\.\d \(no bound\)  \|  -", outcome.Output);
        Assert.Matches(@"\n1 +-\d+\.\d±\d+\.\d +\|  -", outcome.Output);
        Assert.Contains("importance-weighted (IW)", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("verdict", outcome.Output, StringComparison.Ordinal);
        // The information of the top layer rounds to zero from below.
        Assert.DoesNotMatch(@"(?<!\w)-0\.?0*(?![\d.])", outcome.Output); // a folder's random name may hold -0
        Assert.All(outcome.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    // All but what eval writes.
    private static string[] Others(string run) =>
        [.. TinyRun.Snapshot(run).Where(file => !file.Contains("evaluation.json", StringComparison.Ordinal) && !file.Contains("report.html", StringComparison.Ordinal))];

    private static double Objective(string phase) => (double)JsonNode.Parse(phase)!["members"]![0]!["smoothedObjective"]!;
}
