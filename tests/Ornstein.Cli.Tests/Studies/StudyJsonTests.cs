using Ornstein.Experiments.Settings;
using Ornstein.Studies;
using Ornstein.Remedies;

namespace Ornstein.Cli.Tests.Studies;

public class StudyJsonTests
{
    private const string Whole = """
        {
          "name": "transitions",
          "settings": { "epochs": 3, "seeds": [0, 1, 2] },
          "data": { "d": { "data": "digits" }, "f": { "data": "folder" } },
          "models": { "L3": {}, "L2": { "latents": [8, 4], "hidden": [16, 8] } },
          "smoothing": { "p": {}, "pq": { "smooth": "pq" }, "again": { "draws": 8 } },
          "experiments": {
            "one": { "question": "Why?", "data": ["d", "f"], "models": ["L3", "L2"], "smoothing": ["p"] },
            "two": { "data": ["d"], "models": ["L3"], "smoothing": ["p", "pq", "again"] },
            "three": { "data": ["d"], "models": ["L3"], "smoothing": ["p"], "settings": { "epochs": 4 } }
          }
        }
        """;

    [Theory]
    [InlineData("0.05", 0.05)]
    [InlineData("0", null)]
    [InlineData("1", null)]
    [InlineData("\"0.05\"", null)]
    public void Parse_Margin_IsANumberBetweenZeroAndOne(string text, double? margin)
    {
        StudyFile Parsed() => StudyJson.Parse($$"""{ "margin": {{text}}, "experiments": { "first": {} } }""", "study.json");
        if (margin is not null) Assert.Equal(margin, Parsed().Margin);
        else Assert.StartsWith("study.json: \"margin\" should be a number above 0 and below 1", Assert.Throws<OrnsteinException>(Parsed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Experiment_IsTheProductOfItsListsInTheirOrder()
    {
        var study = StudyJson.Parse(Whole, "studies/x.json");
        Assert.Equal(("transitions", "Why?", ""), (study.Name, study.Experiments[0].Question, study.Experiments[1].Question));
        Assert.Equal(["d/L3/p", "d/L2/p", "f/L3/p", "f/L2/p"], study.Experiments[0].Cells.Select(cell => cell.Name));
        Assert.Equal("folder", Path.GetFileName(study.Experiments[0].Cells[2].Settings.Data));
        Assert.Equal("studies", Path.GetDirectoryName(study.Experiments[0].Cells[2].Settings.Data));
        Assert.Equal(
            "ornstein phase --latents 8,4 --hidden 16,8 --seeds 0,1,2 --epochs 3 --out runs/x",
            study.Experiments[0].Cells[1].Command("runs/x"));
    }

    [Fact]
    public void Parse_EqualSettings_AreOneCell()
    {
        var study = StudyJson.Parse(Whole, "x.json");
        // "again" gives the default.
        Assert.Equal(["d/L3/p", "d/L3/pq"], study.Experiments[1].Cells.Select(cell => cell.Name));
        Assert.Equal(["d/L3/p", "d/L2/p", "f/L3/p", "f/L2/p", "d/L3/pq", "d/L3/p"], study.Cells.Select(cell => cell.Name));
        Assert.Equal(6, study.Cells.Select(cell => cell.Id).Distinct().Count());
        Assert.Equal([3, 4], new[] { study.Cells[0], study.Cells[5] }.Select(cell => cell.Settings.Epochs));
    }

    [Fact]
    public void Hash_OfSettings_DependsOnWhatDecidesARunAlone()
    {
        var settings = RunSettings.ForPhase;
        Assert.Equal(StudyCell.HashOf(settings), StudyCell.HashOf(settings with { Out = "x", CheckpointSeconds = 1, Device = "cuda:1" }));
        Assert.NotEqual(StudyCell.HashOf(settings), StudyCell.HashOf(settings with { Epochs = 21 }));
        Assert.NotEqual(StudyCell.HashOf(settings), StudyCell.HashOf(settings with { Objective = ObjectiveForm.Joint }));
        Assert.Equal("e3b0c44298", StudyCell.HashOf(settings)); // of nothing: settings of later versions must not change a cell that does not give them
        // SHA-256 of "--remedy\nmin-rate:0.1", as the remedy was called: a later name must not change a cell either.
        Assert.Equal("70d851e32d", StudyCell.HashOf(settings with { Remedy = [RemedyEntry.Parse("committed-rate:0.1", "--remedy")] }));
        Assert.True(StudyCell.HasHash("p-" + StudyCell.HashOf(settings), out var hash));
        Assert.Equal(StudyCell.HashOf(settings), hash);
        Assert.False(StudyCell.HasHash("p", out _));
        Assert.False(StudyCell.HasHash("a-folder-of-another-kind", out _));
    }

    /// <summary>As <c>phase</c> does: linear networks on made data have defaults of their own.</summary>
    [Fact]
    public void Parse_LinearModelsOnMadeData_TakeTheirDefaults()
    {
        var study = StudyJson.Parse("""{ "settings": { "data": "gaussian", "hidden": "none", "latents": [4, 4] }, "experiments": { "one": {} } }""", "x.json");
        Assert.Equal((1000, 20, "all"), (study.Cells[0].Settings.Epochs, study.Cells[0].Settings.Rho.Length, study.Cells[0].Name));
        Assert.Equal("ornstein phase --data gaussian --latents 4,4 --hidden none", study.Cells[0].Command(folder: null));
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("first")]
    [InlineData("prediction")]
    [InlineData("images")]
    [InlineData("likelihood")]
    [InlineData("digits")]
    public void Read_StudiesOfTheRepository_AreSound(string name) =>
        Assert.NotEmpty(StudyJson.Read(Path.Combine(Ornstein.Cli.Tests.Packaging.DotNet.Repository, "studies", name + ".json")).Cells);

    /// <summary>A claim about models was once decided by cells that differ in their data.</summary>
    [Theory]
    [InlineData("\"margin\": 0.05, ", "[\"c\", \"d\"]", "study.json: experiments.first.claim: cells differ in data and models; say which the claim is about, such as \"in\": \"models\"")]
    [InlineData("", "[\"c\"]", "study.json: experiments.first.claim needs a \"margin\" of the study")]
    public void Parse_ClaimThatCannotBeJudged_IsRefused(string margin, string data, string error)
    {
        var text = $$"""{ {{margin}}"models": { "a": {}, "b": { "draws": 2 } }, "data": { "c": {}, "d": { "epochs": 3 } }, "experiments": { "first": { "models": ["a", "b"], "data": {{data}}, "claim": { "says": "So.", "rule": "similar" } } } }""";
        Assert.StartsWith(error, Assert.Throws<OrnsteinException>(() => StudyJson.Parse(text, "study.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ClaimAboutEntriesOfEqualSettings_IsRefused()
    {
        const string text = """{ "margin": 0.05, "models": { "a": { "draws": 2 }, "b": { "draws": 2 } }, "experiments": { "first": { "models": ["a", "b"], "claim": { "says": "So.", "rule": "similar" } } } }""";
        var error = Assert.Throws<OrnsteinException>(() => StudyJson.Parse(text, "study.json")).Message;
        Assert.Equal("study.json: experiments.first.claim: no two cells differ in \"models\" alone, since its entries have equal settings", error);
    }

    [Theory]
    [InlineData("""{ "says": "They are alike.", "rule": "similar" }""", null)]
    [InlineData("""{ "says": "They are alike." }""", "study.json: experiments.first.claim: \"rule\" is missing; give one of similar, differs, collapses")]
    [InlineData("""{ "rule": "similar" }""", "study.json: experiments.first.claim: \"says\" is missing; give the claim in words")]
    [InlineData("""{ "says": "They are alike.", "rule": "same" }""", "study.json: experiments.first.claim: \"rule\" is \"same\"; it can be similar, differs")]
    [InlineData("""{ "says": "They are alike.", "rules": "similar" }""", "study.json: experiments.first.claim: unknown key \"rules\"")]
    [InlineData("""{ "says": "They are alike.", "rule": "similar", "in": "models" }""", null)]
    [InlineData("""{ "says": "They are alike.", "rule": "similar", "in": "data" }""", "study.json: experiments.first.claim: \"in\" is \"data\"; cells differ in models")]
    [InlineData("\"similar\"", "study.json: experiments.first.claim should be a JSON object")]
    [InlineData("""[{ "says": "They are alike.", "rule": "similar" }]""", null)]
    [InlineData("""[{ "says": "It wakes.", "rule": "revives" }]""", "study.json: experiments.first.claim[0]: \"at\" is missing; give the rho")]
    [InlineData("""{ "says": "It wakes.", "rule": "revives", "at": 2 }""", "study.json: experiments.first.claim: \"at\" should be a rho from 0 to 1")]
    [InlineData("""{ "says": "It wakes.", "rule": "revives", "at": 0.55 }""", "study.json: experiments.first.claim: it is judged at rho 0.55, which cell c/a does not try")]
    [InlineData("""{ "says": "It wakes.", "rule": "revives", "at": 0.7, "in": "models" }""", "study.json: experiments.first.claim: the rule \"revives\" takes no \"in\"")]
    [InlineData("""[{ "says": "It wakes.", "rule": "revives", "at": 1 }]""", "study.json: experiments.first.claim[0]: \"at\" is 1, where nothing is smoothed; give a rho below")]
    [InlineData("""{ "says": "They are alike.", "rule": "similar", "layer": 4 }""", "study.json: experiments.first.claim: \"layer\" is 4, and no cell has more than 3 layers")]
    [InlineData("""{ "says": "It drops.", "rule": "drops", "at": 0.7 }""", "study.json: experiments.first.claim: the rule \"drops\" takes no \"at\"")]
    [InlineData("""{ "says": "They are alike.", "rule": "similar", "layer": 1 }""", "study.json: experiments.first.claim: \"layer\" should be a whole number from 2")]
    public void Parse_Claim_HasWordsAndARule(string text, string? error)
    {
        StudyFile Parsed() => StudyJson.Parse(
            $$"""{ "margin": 0.05, "models": { "a": {}, "b": { "draws": 2 } }, "data": { "c": {}, "d": { "epochs": 3 } }, "experiments": { "first": { "models": ["a", "b"], "data": ["c"], "claim": {{text}} } } }""", "study.json");
        if (error is null) Assert.Equal([new StudyClaim("They are alike.", ClaimRule.Similar, "models")], Parsed().Experiments[0].Claims);
        else Assert.StartsWith(error, Assert.Throws<OrnsteinException>(Parsed).Message, StringComparison.Ordinal);
    }

    /// <summary>A rule that asks seeds needs no second cell and no margin, and asks about collapse at rho 1 where nothing else is said.</summary>
    [Fact]
    public void Parse_ClaimsThatAskSeeds_NeedNoPair()
    {
        const string text = """{ "data": { "c": {} }, "experiments": { "first": { "data": ["c"], "claim": [{ "says": "It dies.", "rule": "collapses" }, { "says": "It is costly.", "rule": "costly-as-trained", "at": 0.7 }] } } }""";
        Assert.Equal(
            [new StudyClaim("It dies.", ClaimRule.Collapses, null) { At = 1 }, new StudyClaim("It is costly.", ClaimRule.CostlyAsTrained, null) { At = 0.7 }],
            StudyJson.Parse(text, "study.json").Experiments[0].Claims);
    }

    [Theory]
    [InlineData("one", 4)]
    [InlineData("three", 1)]
    [InlineData("d/L3/*", 3)]
    [InlineData("*/L2/p", 2)]
    [InlineData("d/L3/p", 2)]
    public void Matching_Pattern_IsAnExperimentOrCells(string pattern, int cells) =>
        Assert.Equal(cells, StudyJson.Parse(Whole, "x.json").Matching(pattern).Count);

    [Fact]
    public void Matching_UnknownName_SuggestsOne() =>
        Assert.Contains("--only d/L4/p names no experiment and no cell of x.json; did you mean 'd/L3/p'?", Mistake(() => StudyJson.Parse(Whole, "x.json").Matching("d/L4/p")));

    [Theory]
    [InlineData("""{ "experiments": """, "x.json is not valid JSON: look at line 1")]
    [InlineData("[]", "x.json should be a JSON object")]
    [InlineData("{}", "x.json: \"experiments\" is missing")]
    [InlineData("""{ "experiments": {} }""", "x.json: \"experiments\" is empty")]
    [InlineData("""{ "experiments": { "a": 3 } }""", "x.json: experiments.a should be a JSON object")]
    [InlineData("""{ "experimets": {} }""", "x.json: unknown key \"experimets\"; did you mean 'experiments'?")]
    [InlineData("""{ "name": 3, "experiments": { "a": {} } }""", "x.json: \"name\" should be a text")]
    [InlineData("""{ "data": {}, "experiments": { "a": {} } }""", "x.json: \"data\" is empty")]
    [InlineData("""{ "data": { "a/b": {} }, "experiments": { "a": {} } }""", "x.json: data has the name \"a/b\"; names are at most 60 letters")]
    [InlineData("""{ "data": { "m": {} }, "experiments": { "a": { "dat": ["m"] } } }""", "x.json: experiments.a: unknown key \"dat\"; did you mean 'data'?")]
    [InlineData("""{ "data": { "m": {} }, "experiments": { "a": { "data": [] } } }""", "x.json: experiments.a: \"data\" is empty; name at least one of m")]
    [InlineData("""{ "data": { "m": {} }, "experiments": { "a": { "data": "m" } } }""", "experiments.a: \"data\" should be a list of names, such as [\"m\"]")]
    [InlineData("""{ "data": { "mnist": {} }, "experiments": { "a": { "data": ["mnits"] } } }""", "\"data\" names \"mnits\", which is no entry of data; did you mean 'mnist'?")]
    [InlineData("""{ "data": { "m": {} }, "experiments": { "a": { "data": ["m", "m"] } } }""", "\"data\" names \"m\" twice")]
    [InlineData("""{ "experiments": { "a": { "models": ["L3"] } } }""", "experiments.a: \"models\" names entries of a section \"models\" that the file does not have")]
    [InlineData("""{ "settings": { "epocs": 3 }, "experiments": { "a": {} } }""", "x.json: settings: unknown key \"epocs\"; did you mean 'epochs'?")]
    [InlineData("""{ "models": { "L3": { "latents": "8" } }, "experiments": { "a": {} } }""", "x.json: models.L3: \"latents\" should be a list of whole numbers")]
    [InlineData("""{ "settings": { "out": "runs" }, "experiments": { "a": {} } }""", "x.json: settings: \"out\" is not for a study")]
    [InlineData("""{ "settings": { "startFrom": "runs/a" }, "experiments": { "a": {} } }""", "x.json: settings: \"startFrom\" is not for a study")]
    [InlineData(
        """{ "smoothing": { "far": { "rho": [0, 2] } }, "experiments": { "a": { "smoothing": ["far"] } } }""",
        "x.json: experiment a, cell far: --rho 2 is out of range; it must be between 0 and 1")]
    [InlineData(
        """{ "experiments": { "a": { "settings": { "hidden": [8, 8] } } } }""", "x.json: experiment a, cell all: --hidden has 2 size(s) but --latents has 3")]
    public void Parse_Mistake_IsOneLineThatNamesThePlace(string json, string expected) => Assert.Contains(expected, Mistake(() => StudyJson.Parse(json, "x.json")));

    private static string Mistake(Func<object> action)
    {
        var mistake = Assert.Throws<OrnsteinException>(action);
        Assert.True(UsageError.Is(mistake));
        Assert.DoesNotContain('\n', mistake.Message);
        return mistake.Message;
    }
}
