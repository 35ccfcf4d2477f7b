using System.Text.Json.Nodes;
using Ornstein.Experiments;
using Ornstein.Experiments.Comparisons;
using Ornstein.Experiments.Settings;
using Ornstein.Remedies;
using Ornstein.Tensors;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A remedy that the program has never heard of goes all the way once it is registered.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class OwnRemedyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Start_OwnRemedy_IsKnownInConfigurationResultsReportAndComparison()
    {
        Remedy.Register(Target.Kind);
        var folder = _folder.File("run");
        var settings = RunSettings.ForPhase with
        {
            Data = "gaussian", Latents = [3, 2], Hidden = [8, 8], Rho = [0.5, 1], Seeds = [0], Epochs = 2, TrainLimit = 256, TestLimit = 64, Threads = 1,
            Remedy = [RemedyEntry.None, RemedyEntry.Parse("target:3:from=0.5+beta:0.5", "--remedy")], Out = folder,
        };
        var run = Run.Start(settings, cancellation: TestContext.Current.CancellationToken);
        const string Text = "beta:0.5+target:3:from=0.5";
        Assert.Equal([null, Text, null, Text], run.Result.Members.Select(member => member.Remedy));
        Assert.NotEqual(run.Result.Members[0].Elbo, run.Result.Members[1].Elbo);
        Assert.Equal(["none", Text], JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!["remedy"]!.AsArray().Select(item => (string?)item));
        Assert.Contains(Text, File.ReadAllText(Path.Combine(folder, "report.html")), StringComparison.Ordinal);
        var comparison = Comparison.Of([ComparedRun.Read(folder)], "bound", allowDifferentData: false);
        Assert.Contains($"{Text}, rho 1", comparison.Rows.Select(row => row.Label));
        Assert.Contains(Text, ComparisonText.Csv(comparison), StringComparison.Ordinal);
        using (var models = Run.Open(folder).LoadModels(TestContext.Current.CancellationToken))
            Assert.Equal(new Target(3, 0.5), models.Stack.Members[1].Remedy.Parts[^1]);

        // The program itself does not register it: it shows what the run came to, and cannot compute with it.
        Assert.Contains(Text, ChildProgram.Run(_folder.Path, "compare", "run").Expect(0).Output, StringComparison.Ordinal);
        foreach (var command in new[] { "eval", "diagnose" })
        {
            var outcome = ChildProgram.Run(_folder.Path, command, "run");
            Assert.NotEqual(0, outcome.Code);
            Assert.Contains("there is no remedy 'target'; there are none, warm-up, cyclic,", outcome.ErrorLines[^1], StringComparison.Ordinal);
            Assert.EndsWith("; one of your own is known in a program that registers it (Remedy.Register)", outcome.ErrorLines[^1], StringComparison.Ordinal);
        }
    }

    // Pulls the KL of the top layer to a target, from a share of the training on.
    private sealed record Target(double Nats, double From) : IRemedy
    {
        public static RemedyKind Kind { get; } = new("target", text => new Target(text.Number(), text.Number("from", 0))) { Value = "a number of nats", Keys = ["from"] };

        public string Name => Kind.Name;

        public WrittenRemedy? Written => new WrittenRemedy(Name, Nats).With("from", From, standard: 0);

        public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock) =>
            clock.Progress < From ? terms : terms.Plus(terms.Kl[^1].Minus(Nats).abs());
    }
}
