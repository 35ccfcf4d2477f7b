using System.Text.Json;
using System.Text.Json.Nodes;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Several remedies in one run, from training to comparison.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class RemedyTests(RemedyTests.Run run) : IClassFixture<RemedyTests.Run>, IDisposable
{
    private const string Anneal = "anneal:until=0.5";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Phase_SeveralRemedies_NamesThemInEveryMemberAndLocatesNoCriticalRho()
    {
        var phase = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Folder, "phase.json")))!;
        var members = phase["members"]!.AsArray().Select(member => ((double)member!["rho"]!, (string?)member["remedy"], (long)member["seed"]!)).ToArray();
        string?[] remedies = [null, "warm-up:2", Anneal, "beta:0.5"];
        Assert.Equal(new[] { 0.4, 1 }.SelectMany(rho => remedies.SelectMany(remedy => new[] { (rho, remedy, 0L), (rho, remedy, 1L) })), members);
        Assert.Equal("cannot say: the models differ in 4 remedies, and a critical rho is that of one; give a single --remedy", (string?)phase["reason"]);
        Assert.Contains(" rho   remedy ", run.Outcome.Output, StringComparison.Ordinal);
        Assert.Contains($" 0.4   {Anneal} ", run.Outcome.Output, StringComparison.Ordinal);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Folder, "config.json")))!;
        Assert.Equal(["none", "warm-up:2", Anneal, "beta:0.5"], config["remedy"]!.AsArray().Select(entry => (string?)entry));
        Assert.Contains($"--remedy none,warm-up:2,{Anneal},beta:0.5", (string?)config["provenance"]!["command"], StringComparison.Ordinal);
        Assert.Contains("Remedies side by side", File.ReadAllText(Path.Combine(run.Folder, "report.html")), StringComparison.Ordinal);
    }

    /// <summary>The remedy none is the model of a run without remedies: members share nothing but the program.</summary>
    [Fact]
    public void Phase_TheRemedyNone_IsTheModelOfARunWithoutRemedies()
    {
        InProcess.Run(_folder.Path, ["phase", .. Run.Arguments, "--out", "plain"]).Expect(0);
        var plain = Members(_folder.File("plain/phase.json"));
        Assert.Equal(4, plain.Length);
        foreach (var (own, other) in plain.Zip(Members(Path.Combine(run.Folder, "phase.json")).Where(member => member.Remedy is null)))
            Assert.Equal((own.Rho, own.Seed, own.Elbo), (other.Rho, other.Seed, other.Elbo));
    }

    /// <summary>
    /// Annealing ends at rho 1, where the objective is the ELBO: an annealed member is measured there, after training and from its checkpoint.
    /// </summary>
    [Fact]
    public void Eval_SeveralRemedies_RepeatsTheResultWithAnnealedModelsAtTheirFinalRho()
    {
        var evaluation = InProcess.Run(_folder.Path, "eval", run.Folder, "--json").Expect(0).Output;
        Assert.Equal(File.ReadAllText(Path.Combine(run.Folder, "phase.json")), TinyRun.PhaseOf(evaluation));
        var result = JsonSerializer.Deserialize<EvaluationResult>(evaluation, ResultJson.Indented)!;
        Assert.All(result.Phase.Members, member =>
        {
            if (member.Remedy == Anneal || member.Rho == 1) Assert.Equal(member.SmoothedObjective, member.Elbo, 1e-4);
            else Assert.NotEqual(member.SmoothedObjective, member.Elbo, 1e-3);
        });
        Assert.Equal(result.Phase.Members.Select(member => (member.Rho, member.Remedy, member.Seed)), result.Models.Select(model => (model.Rho, model.Remedy, model.Seed)));
    }

    [Fact]
    public void Eval_OutFolder_HasPicturesOfEveryRemedy()
    {
        var outcome = InProcess.Run(_folder.Path, "eval", run.Folder, "--out", "diagnoses").Expect(0);
        Assert.Contains("0.4  anneal:until=0.5  z1 ", outcome.Output, StringComparison.Ordinal);
        string[] pictures = Directory.GetFiles(_folder.File("diagnoses"), "*.png");
        Assert.Equal(2 * 4 * 3, pictures.Length);
        Assert.Contains("rho-0.4-anneal-until-0.5-seed-0-traversals.png", pictures.Select(Path.GetFileName));
    }

    [Fact]
    public void Compare_SeveralRemedies_GroupsThem()
    {
        var rows = JsonNode.Parse(InProcess.Run(_folder.Path, "compare", run.Folder, "--json").Expect(0).Output)!["rows"]!.AsArray();
        string[] names = ["no remedy", "warm-up:2", Anneal, "beta:0.5"];
        Assert.Equal(
            names.SelectMany(name => new[] { $"{name}, rho 0.4", $"{name}, rho 1" }).Order(StringComparer.Ordinal),
            rows.Select(row => (string)row!["label"]!).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(2, row!["seeds"]!.AsArray().Count));
    }

    [Fact]
    public void DiagnoseAndSpectrum_SeveralRemedies_HaveARowEachAndSayWhyNothingIsPredicted()
    {
        var diagnosis = InProcess.Run(_folder.Path, "diagnose", run.Folder).Expect(0).Output;
        Assert.Contains("critical rhos: cannot say: the models differ in 4 remedies", diagnosis, StringComparison.Ordinal);
        // Effective rho 1: the rule speaks of the rho that the annealed model has, not of the one that it began with.
        Assert.Matches(@"(?m)^0\.4  anneal:until=0\.5  1  ", diagnosis);
        var members = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Folder, "diagnosis.json")))!["members"]!.AsArray();
        Assert.Equal(2 * 4 * 2 * 2, members.Count);
        Assert.DoesNotContain(members, member => member!["klAbove"] is null);
        var spectrum = InProcess.Run(_folder.Path, "spectrum", run.Folder, "--json").Expect(0).Output;
        var means = JsonNode.Parse(spectrum)!["rhos"]!.AsArray().Where(entry => (string?)entry!["remedy"] == Anneal).ToArray();
        Assert.NotEmpty(means);
        Assert.All(means, entry => Assert.Equal(1, (double)entry!["smoothingRho"]!));
    }

    [Fact]
    public void Sample_SeveralRemedies_DrawsARowEach() => Assert.Equal(
        "8", $"{JsonNode.Parse(InProcess.Run(_folder.Path, "sample", run.Folder, "--json", "--out", "s.png").Expect(0).Output)!["models"]}");

    /// <summary>A run that is resumed at its end takes no step, and is measured where its annealing ended all the same.</summary>
    [Fact]
    public void Resume_AFinishedRun_GivesTheSameResult()
    {
        var before = File.ReadAllText(Path.Combine(run.Folder, "phase.json"));
        InProcess.Run(_folder.Path, "phase", "--resume", "--out", run.Folder).Expect(0);
        Assert.Equal(before, File.ReadAllText(Path.Combine(run.Folder, "phase.json")));
    }

    [Fact]
    public void DiagnoseAndSpectrum_ModelsWithSkipConnections_AreRefusedInOneLine()
    {
        var folder = _folder.File("skip");
        InProcess.Run(_folder.Path, ["train", .. TinyRun.Model, "--skip", "generative", "--epochs", "1", "--out", folder]).Expect(0);
        foreach (var (command, what) in new[] { ("diagnose", "a share of signal"), ("spectrum", "a function of one layer") })
        {
            Assert.Equal(
                $"{what} needs layers that read only the next one, and the models of this run were trained with --skip generative.",
                TinyRun.OneLine(InProcess.Run(_folder.Path, command, folder).Expect(1)));
        }
    }

    /// <summary>From training to verdict, every kind of model with every remedy that its architecture allows.</summary>
    [Theory]
    [InlineData("none,warm-up:1+free-bits:0.1,committed-rate:0.1,aggressive:2:epochs=1,iwae:3:gradient=dreg", "--skip", "both")]
    [InlineData("none,free-bits:0.1:per=layer:cooldown=0.5,iwae:2,anneal", "--ladder", "--batch-norm", "--skip", "generative")]
    [InlineData("none,beta:0.5+anneal,committed-rate:0.1", "--decoder-sigma", "analytic", "--likelihood", "gaussian", "--batch-norm")]
    [InlineData("none,iwae:2", "--decoder-sigma", "learned", "--likelihood", "gaussian")]
    [InlineData("none,latent-reconstruction:0.5,iwae:2", "--prior", "vamp:5")]
    [InlineData("none,beta:0.5+anneal,iwae:3:gradient=dreg", "--prior", "mixture:4", "--skip", "generative")]
    [InlineData("none,warm-up:1+committed-rate:0.1", "--mean-norm", "0.5", "--mean-norm-layers", "all", "--ladder")]
    public void Phase_EveryKindOfModel_IsTrainedMeasuredAndCompared(string remedies, params string[] model)
    {
        InProcess.Run(_folder.Path, ["phase", .. TinyRun.Model, .. model, "--rho", "0.4", "--seeds", "0", "--epochs", "4", "--remedy", remedies, "--out", "run"])
            .Expect(0);
        var members = Members(_folder.File("run/phase.json"));
        Assert.Equal(remedies.Split(','), members.Select(member => member.Remedy ?? "none"));
        Assert.All(members, member => Assert.True(
            member.Status == "ok" && double.IsFinite(member.Elbo) && double.IsFinite(member.Bounds!.ImportanceWeighted.Value), $"{member.Remedy}: {member.Status}"));
        var evaluation = InProcess.Run(_folder.Path, "eval", "run", "--json", "--out", "diagnoses").Expect(0).Output;
        Assert.Equal(File.ReadAllText(_folder.File("run/phase.json")), TinyRun.PhaseOf(evaluation));
        InProcess.Run(_folder.Path, "compare", "run").Expect(0);
        InProcess.Run(_folder.Path, "sample", "run", "--out", "samples.png").Expect(0);
    }

    /// <summary>What the theory does not speak of is not predicted, and weights of another prior are not begun with.</summary>
    [Fact]
    public void DiagnoseAndStartFrom_AnotherPrior_SayWhy()
    {
        InProcess.Run(_folder.Path, ["phase", .. TinyRun.Model, "--rho", "0.4,1", "--seeds", "0", "--epochs", "1", "--prior", "mixture:3", "--out", "run"]).Expect(0);
        Assert.Contains(
            "cannot say: the theory of critical rhos is of a standard normal prior, and that of this run is mixture:3",
            InProcess.Run(_folder.Path, "diagnose", "run").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains(
            "--prior standard-normal differs from mixture:3 of --start-from",
            TinyRun.OneLine(InProcess.Run(_folder.Path, ["phase", .. TinyRun.Model, "--seeds", "0", "--start-from", "run", "--start-rho", "1", "--out", "other"]).Expect(2)), StringComparison.Ordinal);
    }

    private static MemberResult[] Members(string phase) =>
        JsonSerializer.Deserialize<PhaseResult>(File.ReadAllText(phase), ResultJson.Indented)!.Members;

    /// <summary>Two rhos with four remedies and two seeds.</summary>
    public sealed class Run : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Run()
        {
            Folder = _folder.File("run");
            Outcome = InProcess.Run(
                _folder.Path, ["phase", .. Arguments, "--remedy", $"none,warm-up:2,{Anneal},beta:0.5", "--out", Folder]).Expect(0);
        }

        public static string[] Arguments { get; } = [.. TinyRun.Model, "--rho", "0.4,1", "--seeds", "0,1", "--epochs", "4"];

        public string Folder { get; }

        internal Outcome Outcome { get; }

        public void Dispose() => _folder.Dispose();
    }
}
