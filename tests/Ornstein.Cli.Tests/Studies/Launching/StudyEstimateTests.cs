using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Runs;
using Ornstein.Studies;
using Ornstein.Studies.Launching;

namespace Ornstein.Cli.Tests.Studies.Launching;

public class StudyEstimateTests
{
    private static readonly StudyFile _study = StudyJson.Parse(
        """
        {
          "settings": { "rho": [0, 1], "seeds": [0] }, "models": { "a": { "epochs": 4 }, "b": { "epochs": 16 }, "c": { "remedy": ["iwae:5"] } },
          "experiments": { "one": { "models": ["a", "b", "c"] } }
        }
        """, "x.json");

    private static StudyEstimate Estimate(params RunEstimate[] each) =>
        new(each.Select((estimate, i) => (_study.Cells[i].Hash, estimate)).ToDictionary(pair => pair.Hash, pair => pair.estimate));

    [Fact]
    public void Text_OfAllCells_AddsThemUpAndCountsAProbeOncePerKind() => Assert.Equal(
        "3 cells take about 2 h 10 min (probe of 1,040 steps, 2 kinds of cells)",
        Estimate(new(600, 1000), new(1200, 1000), new(6000, 40)).Text(_study.Cells));

    [Fact]
    public void Text_CellsThatCouldNotBeProbed_AreNamedByTheirNumber() => Assert.Equal(
        "1 cell takes about 10 min (probe of 9 steps); of 2 more nothing is known", Estimate(new RunEstimate(600, 9)).Text(_study.Cells));

    [Fact]
    public void Left_AfterACellThatTookTwiceAsLong_IsTwiceAsMuch()
    {
        var estimate = Estimate(new(100, 9), new(200, 9), new(300, 9));
        Assert.Equal(600, estimate.Left(_study.Cells)!.Value.TotalSeconds, 1e-9);
        estimate.Took(_study.Cells[0], TimeSpan.FromSeconds(200));
        Assert.Equal(1000, estimate.Left([.. _study.Cells.Skip(1)])!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Left_AfterACellTooShortForAProbe_StaysAsItWas()
    {
        var estimate = Estimate(new(20, 0), new(200, 9), new(300, 9));
        estimate.Took(_study.Cells[0], TimeSpan.FromSeconds(2));
        Assert.Equal(500, estimate.Left([.. _study.Cells.Skip(1)])!.Value.TotalSeconds, 1e-9);
    }

    [Fact]
    public void Left_WithACellOfWhichNothingIsKnown_IsUnknown() => Assert.Null(Estimate(new RunEstimate(600, 9)).Left(_study.Cells));

    /// <summary>A cell whose data are not there is told of when its turn comes.</summary>
    [Fact]
    public void Of_ACellThatCannotBeProbed_LeavesItOut()
    {
        var lost = StudyJson.Parse("""{ "settings": { "data": "nosuch" }, "experiments": { "one": {} } }""", "x.json");
        Assert.Equal("", StudyEstimate.Of(lost.Cells, _ => 0, NoProgress.Instance, CancellationToken.None).Text(lost.Cells));
    }
}
