using Ornstein.Studies;
using Ornstein.Studies.Launching;

namespace Ornstein.Cli.Tests.Studies.Launching;

public sealed class ElementPackingTests
{
    private static readonly StudyFile _study = StudyJson.Parse(
        """
        {
          "models": { "a": { "epochs": 1 }, "b": { "epochs": 2 }, "c": { "epochs": 3 }, "d": { "epochs": 4 } },
          "smoothing": { "p": {}, "q": { "smooth": "pq" } },
          "experiments": { "all": { "models": ["a", "b", "c", "d"], "smoothing": ["p", "q"] } }
        }
        """,
        "study.json");

    [Theory]
    [InlineData(null, "1 1 1 1 1 1 1 1")]
    [InlineData(4, "3 1 1 1 1 1")] // 1+1+2, 2, 3, 3, 4, 4
    [InlineData(6, "4 2 1 1")] // 1+1+2+2, 3+3, 4, 4
    [InlineData(1000, "8")]
    public void Pack_KnownPace_FillsElementsUpToTheTime(int? seconds, string sizes)
    {
        var time = seconds is { } number ? TimeSpan.FromSeconds(number) : (TimeSpan?)null;
        var elements = ElementPacking.Pack(_study.Cells, time, cell => TimeSpan.FromSeconds(cell.Settings.Epochs));
        Assert.Equal(sizes, string.Join(' ', elements.Select(element => element.Count)));
        Assert.Equal(_study.Cells, elements.SelectMany(element => element));
    }

    [Fact]
    public void Pack_NothingIsDone_GivesEveryCellAnElement()
    {
        var elements = ElementPacking.Pack(_study.Cells, TimeSpan.FromHours(1), new StudyPace(_study, []).Of);
        Assert.All(elements, element => Assert.Single(element));
    }

    /// <summary>a/p took 16 s for 16 models of one epoch, d/q 256 s for four: a second a model and epoch, and four.</summary>
    [Fact]
    public void Pace_TwoCellsFinished_TheOneThatSharesMoreCounts()
    {
        StudyEntry Took(string name, double seconds) =>
            new(DateTimeOffset.Now, StudyEvent.Finished, name, _study.Cells.Single(cell => cell.Name == name).Hash, seconds);
        var models = _study.Cells[0].Models;
        var pace = new StudyPace(_study, [Took("a/p", models), Took("d/q", 16 * models)]);
        double Of(string name) => pace.Of(_study.Cells.Single(cell => cell.Name == name))!.Value.TotalSeconds / models;
        Assert.Equal(2, Of("b/p"), 1e-9); // shares p with a/p
        Assert.Equal(8, Of("b/q"), 1e-9); // shares q with d/q
        Assert.Equal(1 * (1 + 4) / 2.0, Of("a/q"), 1e-9); // shares a with the one and q with the other
    }
}
