using Ornstein.Cli.Tests.Studies.Numbers;
using Ornstein.Studies.Numbers;
using Ornstein.Studies.Report;

namespace Ornstein.Cli.Tests.Studies.Report;

public class StudyFiguresTests
{
    [Theory]
    [InlineData(new[] { "mnist/L3/p", "fashion/L3/p" }, new[] { "mnist", "fashion" })]
    [InlineData(new[] { "mnist/L3/p", "mnist/L2/p", "fashion/L2/p" }, new[] { "mnist/L3", "mnist/L2", "fashion/L2" })]
    [InlineData(new[] { "mnist/L3/p" }, new[] { "mnist/L3/p" })]
    public void ShortName_CellsOfAnExperiment_IsWhatTheyDifferIn(string[] cells, string[] expected)
    {
        CellNumbers[] made = [.. cells.Select(cell => MadeCells.Cell(cell, 0.5) with { Cell = cell })];
        var numbers = new ExperimentNumbers("experiment", "", made, [], [], []);
        Assert.Equal(expected, made.Select(cell => StudyFigures.ShortName(numbers, cell)));
    }
}
