using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Commands;
using Ornstein.Cli.Tests.Packaging;
using Ornstein.Data;
using Ornstein.Experiments;
using Ornstein.Experiments.Settings;
using SkiaSharp;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A data set of one's own, registered from outside, goes all the way: settings, training, pictures, report, and back from its folder.</summary>
public sealed class OwnDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static RunSettings Tiny => RunSettings.ForPhase with
    {
        Latents = [3, 2], Hidden = [8, 6], Rho = [0.5, 1], Seeds = [0], Epochs = 1, Batch = 20, Validation = 10, Draws = 2, EvaluationDraws = 2, ImportanceDraws = 2,
        Threads = 1,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Start_ColourSetOfOnesOwn_TrainsDrawsAndReports()
    {
        DatasetCatalog.Register(new ColourSquares());
        var run = Run.Start(Tiny with { Data = "colour-squares", Out = _folder.File("colour") }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(("colour-squares", LikelihoodEntry.Gaussian, BinarizationChoice.None), (run.Settings.Data, run.Settings.Likelihood, run.Settings.Binarization));
        Assert.Equal("colour-squares", run.Result.Data);
        Assert.All(run.Result.Members, member => Assert.True(double.IsFinite(member.Elbo)));
        Assert.Contains("colour-squares", File.ReadAllText(Path.Combine(run.Folder, "report.html")), StringComparison.Ordinal);
        Assert.True(HasColour(Path.Combine(run.Folder, "samples.png")) && HasColour(Path.Combine(run.Folder, "reconstructions.png")));
        using (var models = run.LoadModels(TestContext.Current.CancellationToken))
        {
            Assert.Equal(new ImageShape(8, 8, 3), models.Shape);
            Assert.Equal((192, 3), (models.Train.Features, models.Train.Channels));
        }

        // Again from its folder: nothing is left to train, and what is measured anew is the same.
        var again = Run.Open(run.Folder).Resume(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(run.Result.Members.Select(member => member.Elbo), again.Result.Members.Select(member => member.Elbo));
        foreach (var command in new[] { EvalCommand.Create(), DiagnoseCommand.Create(), SampleCommand.Create() })
        {
            string[] more = command.Name == "eval" ? ["--out", _folder.File("eval")] : [];
            var (code, _, error) = Program(command, [run.Folder, .. more]);
            Assert.True(code == 0, error);
        }

        Assert.True(HasColour(Directory.GetFiles(_folder.File("eval"), "*-from-layers.png")[0]));
        Assert.Contains("shape     8x8x3 (3 channels, 192 numbers)", Program(DataCommand.Create(), ["info", "colour-squares"]).Output, StringComparison.Ordinal);
        Assert.Matches(@"colour-squares +8x8x3 +200 +50 +not stated +yes", Program(DataCommand.Create(), ["list"]).Output);

        // A program that has never heard of it says its name and what to do, and no place that the name would be a folder of.
        foreach (var arguments in new string[][] { ["eval", "colour"], ["diagnose", "colour"], ["phase", "--resume", "--out", "colour"] })
        {
            var line = TinyRun.OneLine(ChildProgram.Run(_folder.Path, arguments).Expect(1));
            Assert.StartsWith("'colour-squares' is neither a data set", line, StringComparison.Ordinal);
            Assert.EndsWith("is known in a program that registers it (DatasetCatalog.Register).", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Start_PlainSetOfOnesOwn_TrainsAndIsHeldToItsRows()
    {
        var own = new PlainSet();
        DatasetCatalog.Register(own);
        var run = Run.Start(Tiny with { Data = "own-numbers", Out = _folder.File("plain") }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(LikelihoodEntry.Gaussian, run.Settings.Likelihood);
        Assert.All(run.Result.Members, member => Assert.True(double.IsFinite(member.Elbo)));
        Assert.False(File.Exists(Path.Combine(run.Folder, "samples.png"))); // no images

        own.Shift = 1;
        var message = Refused(() => Run.Open(run.Folder).Resume(cancellation: TestContext.Current.CancellationToken));
        Assert.StartsWith($"data 'own-numbers' are not those of the run in '{run.Folder}' any more: training data were", message, StringComparison.Ordinal);
        own.Shift = 0;
        Run.Open(run.Folder).Resume(cancellation: TestContext.Current.CancellationToken);

        // Its rows no longer fit each other: before training, and no folder is left behind.
        own.TestFeatures = 4;
        Assert.Equal(
            "data set 'own-numbers' has 3 features in its training part and 4 in its test part; they must be equal.",
            Refused(() => Run.Start(Tiny with { Data = "own-numbers", Out = _folder.File("none") }, cancellation: TestContext.Current.CancellationToken)));
        Assert.False(Directory.Exists(_folder.File("none")));
    }

    [Fact]
    public void Start_ColourAsBernoulli_IsRefusedAtTheStart()
    {
        DatasetCatalog.Register(new ColourSquares());
        var settings = Tiny with { Data = "colour-squares", Likelihood = LikelihoodEntry.Bernoulli, Out = _folder.File("none") };
        Assert.Equal(
            "--likelihood bernoulli does not fit data 'colour-squares': Bernoulli pixels are on or off, and these images have 3 channels; take the gaussian likelihood",
            Refused(() => Run.Start(settings, cancellation: TestContext.Current.CancellationToken)));
        Assert.False(Directory.Exists(_folder.File("none")));
    }

    /// <summary>The code of the section is that of <see cref="ColourSquares"/> and of the first test here, line by line.</summary>
    [Fact]
    public void Document_DataSetOfYourOwn_IsTheCodeThatIsTested()
    {
        var document = File.ReadAllText(Path.Combine(DotNet.Repository, "docs", "data.md"));
        var section = document[document.IndexOf("## A data set of your own", StringComparison.Ordinal)..];
        var code = section.Split("```")[1]["csharp".Length..];
        var tests = Path.Combine(DotNet.Repository, "tests", "Ornstein.Cli.Tests", "EndToEnd");
        var real = File.ReadAllText(Path.Combine(tests, "ColourSquares.cs"));
        Assert.Equal(real[real.IndexOf("public sealed record", StringComparison.Ordinal)..].Trim(), code[code.IndexOf("public sealed record", StringComparison.Ordinal)..].Trim());
        Assert.Contains("DatasetCatalog.Register(new ColourSquares());", code, StringComparison.Ordinal);
    }

    private static bool HasColour(string picture)
    {
        using var bitmap = SKBitmap.Decode(picture);
        return bitmap.Pixels.Any(pixel => Math.Abs(pixel.Red - pixel.Green) > 16 || Math.Abs(pixel.Red - pixel.Blue) > 16);
    }

    private static string Refused(Action action) => Assert.Throws<OrnsteinException>(action).Message;

    private static (int Code, string Output, string Error) Program(Command command, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Application.Run(new RootCommand { command }, [command.Name, .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Numbers that are no images; two knobs make it another set under the same name.</summary>
    private sealed class PlainSet : IDatasetSource
    {
        public float Shift { get; set; }

        public int TestFeatures { get; set; } = 3;

        public DatasetDescription Description { get; } =
            new() { Name = "own-numbers", Summary = "three numbers", Kind = PixelKind.Real, Shape = null, TrainCount = 120, TestCount = 40, AlwaysPresent = true };

        public Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) => new()
        {
            Name = "own-numbers", Kind = PixelKind.Real, Shape = null, Attribution = "made here", Train = Draw(120, 3, 0), Test = Draw(40, TestFeatures, 1),
        };

        private DataSplit Draw(int rows, int features, int seed)
        {
            var random = new Random(seed);
            return DataSplit.FromReals([.. Enumerable.Range(0, rows * features).Select(_ => Shift + random.NextSingle())], features);
        }
    }
}
