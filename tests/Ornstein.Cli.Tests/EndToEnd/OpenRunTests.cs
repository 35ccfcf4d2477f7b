using System.Globalization;
using System.Text.RegularExpressions;
using Ornstein.Cli.Tests.Packaging;
using Ornstein.Evaluation;
using Ornstein.Experiments;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Randomness;
using Ornstein.Stacks;
using TorchSharp;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What a program of one's own can do with a run: open it, load its models, draw it, start another and stop and resume it.</summary>
[Collection(EndToEndGroup.Name)]
public sealed partial class OpenRunTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_FinishedRun_HasItsSettingsMembersResultsAndCurves()
    {
        var run = Run.Open(Whole());
        Assert.Equal([6, 4, 3], run.Settings.Latents);
        Assert.Equal(LikelihoodEntry.Bernoulli, run.Settings.Likelihood); // as it came to, not auto
        Assert.Equal([(0.2, 0L), (0.2, 1), (1, 0), (1, 1)], run.Members.Select(member => (member.Rho[0], member.Seed)));
        Assert.Equal(run.Members.Select(member => (member.Rho[0], member.Seed)), run.Result.Members.Select(member => (member.Rho, member.Seed)));
        Assert.Equal(TinyRun.Steps, run.Result.Steps);
        Assert.Equal(Enumerable.Range(1, 12), run.Curves.Select(epoch => epoch.Epoch));
        Assert.All(run.Curves, epoch => Assert.Equal(4, epoch.Kl[^1].Length));
        Assert.Null(run.Branches);
        Assert.Empty(run.Rounds);
    }

    [Fact]
    public void LoadModels_FinishedRun_MeasureAgainToTheSameBits()
    {
        var run = Run.Open(Whole());
        using var models = run.LoadModels(TestContext.Current.CancellationToken);
        Assert.Equal(TinyRun.Steps, models.Step);
        Assert.Equal((100, 50, 256), (models.Test.Count, models.Validation!.Count, models.Train.Count));
        Assert.Equal((100, 256), (models.TestLabels!.Count, models.TrainLabels!.Count));
        Assert.Equal(models.Test.Features, models.Shape!.Height * models.Shape.Width);
        using (torch.NewDisposeScope())
            Assert.Equal([4, 5, models.Test.Features], models.Stack.Sample(5, StackNoise.Shared(RandomKey.FromSeed(0))).shape);
        var options = new EvaluationOptions { Draws = run.Settings.EvaluationDraws };
        var again = Evaluator.Members(models.Stack, models.Test, options, models.DivergedAt, stop: TestContext.Current.CancellationToken);
        Assert.Equal(run.Result.Members.Select(member => (member.Elbo, member.SmoothedObjective)), again.Select(member => (member.Elbo, member.SmoothedObjective)));
    }

    [Fact]
    public void Figure_FinishedRun_IsTheOneThatTheRunDrew()
    {
        var run = Run.Open(Whole());
        var (png, svg) = (_folder.File("figure.png"), _folder.File("figure.svg"));
        using (new DecimalComma())
        {
            run.Figure().Save(png);
            run.Figure().Save(svg);
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(run.Folder, "phase.png")), File.ReadAllBytes(png));
        Assert.Equal(File.ReadAllText(Path.Combine(run.Folder, "phase.svg")), File.ReadAllText(svg));
        Assert.Equal(File.Exists(Path.Combine(run.Folder, "codes.png")), run.InformationFigure() is not null);
        var error = Assert.Throws<OrnsteinException>(() => run.Figure().Save(_folder.File("figure.jpg")));
        Assert.EndsWith("give a name that ends in .png or .svg.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>By another way in, in a process with other threads and in another culture: the same run.</summary>
    [Fact]
    public void Start_SettingsOfARun_ComesToTheSameBits()
    {
        var settings = Run.Open(Whole()).Settings;
        using var progress = new StringWriter();
        using (var lines = new PlainProgress(progress))
        using (new DecimalComma())
        {
            var run = Run.Start(settings with { Out = _folder.File("again") }, lines, TestContext.Current.CancellationToken);
            Assert.Equal(4, run.Result.Members.Length);
            Assert.Equal(",", CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator);
        }

        tiny.AssertSame(_folder.File("again"));
        Assert.Contains("epoch 12/12", progress.ToString(), StringComparison.Ordinal);
        Assert.Matches("\"command\": \"ornstein phase .*--rho 0.2,1 ", File.ReadAllText(_folder.File("again/config.json")));
    }

    [Fact]
    public void Resume_RunThatWasCancelled_ComesToTheSameBits()
    {
        var (settings, place) = (Run.Open(Whole()).Settings, _folder.File("stopped"));
        using var stop = new CancellationTokenSource();
        using var progress = new StopAt(20, stop);
        Assert.Throws<OperationCanceledException>(() => Run.Start(settings with { Out = place }, progress, stop.Token));
        Assert.InRange(TinyRun.CheckpointStep(place), 20, 30);
        var stopped = Run.Open(place);
        Assert.StartsWith($"the run in '{place}' has no results yet", Assert.Throws<OrnsteinException>(() => stopped.Result).Message, StringComparison.Ordinal);
        Assert.InRange(stopped.Curves.Count, 1, 4);
        Assert.Equal(4, stopped.Resume(cancellation: TestContext.Current.CancellationToken).Result.Members.Length);
        tiny.AssertSame(place);
    }

    [Fact]
    public void Start_SettingThatIsWrong_NamesItAndLeavesNoFolder()
    {
        var settings = RunSettings.ForPhase with { Batch = 0, Out = _folder.File("none") };
        Assert.StartsWith("--batch", Assert.Throws<OrnsteinException>(() => Run.Start(settings, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("none")));
    }

    /// <summary>The script in samples, as its first lines say to run it.</summary>
    [Fact(Explicit = true)]
    public void Sample_OpenRun_SaysTheInformationOfTheTopLayerAndSavesTheFigure()
    {
        var (script, figure) = (Path.Combine(DotNet.Repository, "samples", "open-run", "open-run.cs"), _folder.File("figure.png"));
        var (code, output) = DotNet.Run("dotnet", _folder.Path, "run", "-c", DotNet.Configuration, script, Whole(), figure);
        Assert.True(code == 0, output);
        string[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        Assert.Equal(["0.2", "1"], lines.Select(line => SampleLine().Match(line).Groups["rho"].Value));
        var expected = Run.Open(Whole()).Result.Members.Select(member => member.Information![^1].Value.ToString("0.000", CultureInfo.InvariantCulture));
        Assert.Equal(expected, lines.SelectMany(line => SampleLine().Match(line).Groups["nats"].Value.Split(", ")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Whole, "phase.png")), File.ReadAllBytes(figure));

        var (refused, message) = DotNet.Run("dotnet", _folder.Path, "run", "-c", DotNet.Configuration, script, "nowhere", figure);
        Assert.Equal((1, "run folder 'nowhere' does not exist."), (refused, message.Trim()));
    }

    [GeneratedRegex(@"^rho (?<rho>[\d.]+): I\(x; z3\) = (?<nats>-?\d\.\d{3}, -?\d\.\d{3})$", RegexOptions.None, 1000)]
    private static partial Regex SampleLine();

    private string Whole()
    {
        tiny.WholeOutcome.Expect(0);
        return tiny.Whole;
    }

    private sealed class StopAt(long step, CancellationTokenSource stop) : IRunProgress
    {
        public void Report(in ProgressReport progress)
        {
            if (progress.Step >= step) stop.Cancel();
        }

        public void Note(string line)
        {
        }

        public void Dispose()
        {
        }
    }
}
