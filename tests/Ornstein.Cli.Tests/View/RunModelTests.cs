using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.View.Documents;

namespace Ornstein.Cli.Tests.View;

/// <summary>The models of a run, of which only some may have their weights in the folder.</summary>
public sealed class RunModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RunModelTests()
    {
        _folder.File("config.json", SettingsJson.Write(RunSettings.ForPhase with { Rho = [RhoEntry.Of(0.2), RhoEntry.Of(1)], Seeds = [0] }, provenance: null));
        Directory.CreateDirectory(_folder.File("checkpoint"));
        File.WriteAllText(_folder.File("checkpoint/state.json"), "{}"); // nobody reads it here
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Copied without its checkpoints, a refined run once lost the rhos of its rounds.</summary>
    [Fact]
    public void Of_ResultsOfARoundThatIsNotInTheFolder_AreModelsWithoutWeights()
    {
        MemberResult[] members = [Fixtures.Member(0.2, 0, 3, 0.1), Fixtures.Member(0.6, 0, 3, 0.05), Fixtures.Member(1, 0, 3, 0.01)];
        var models = RunModel.Of(new RunFolder(_folder.Path), Fixtures.Phase() with { Members = members });
        Assert.Equal(["0.2", "0.6", "1"], models.Select(model => model.Label));
        Assert.Equal(members, models.Select(model => model.Result));
        Assert.Equal((int?[])[0, null, 0], models.Select(model => model.Round));
        Assert.Equal((int?[])[0, null, 1], models.Select(model => model.Place));
        Assert.Equal([true, false, true], models.Select(model => model.HasWeights));
    }

    [Fact]
    public void Of_ARunWithoutResults_HasTheModelsOfItsSettings()
    {
        var models = RunModel.Of(new RunFolder(_folder.Path), result: null);
        Assert.Equal(["0.2", "1"], models.Select(model => model.Label));
        Assert.All(models, model => Assert.Null(model.Result));
    }
}
