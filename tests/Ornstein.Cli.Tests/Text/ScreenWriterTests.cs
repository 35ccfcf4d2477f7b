using Ornstein.Experiments.Text;

namespace Ornstein.Cli.Tests.Text;

public class ScreenWriterTests
{
    private static readonly string[] _head = ["name", "a", "|", "b", "c", "|", "d", "what"];
    private static readonly string[][] _rows =
    [
        ["one", new('a', 10), "|", new('b', 10), new('c', 10), "|", new('d', 10), "some words that say what this is"],
        ["two", new('e', 10), "|", new('f', 10), new('g', 10), "|", new('h', 10), "short"],
    ];

    [Theory]
    [InlineData("short", 40, new[] { "short" })]
    [InlineData("one two three", 7, new[] { "one two", "three" })]
    [InlineData("one two three", 8, new[] { "one two", "three" })]
    [InlineData("  one two three", 9, new[] { "  one two", "three" })]
    [InlineData("see /a/very/long/path/of/a/file now", 10, new[] { "see", "/a/very/long/path/of/a/file", "now" })]
    [InlineData("   alone-and-long", 5, new[] { "   alone-and-long" })]
    [InlineData("one    ", 4, new[] { "one    " })]
    [InlineData("", 4, new[] { "" })]
    public void Lines_AnyText_AreFoldedAtBlanks(string text, int width, string[] lines) => Assert.Equal(lines, TextFold.Lines(text, width));

    [Fact]
    public void WriteLine_LongLine_GoesOnIndented()
    {
        var text = Written(40, screen =>
        {
            screen.WriteLine("the top layer tells nothing of the data at any rho tried");
            screen.WriteLine("  no transition: nothing in z3 exceeds 0.005 nats at any rho");
            screen.WriteLine();
            screen.Write("what is drawn has its width already, and is left as it is: more than 40 columns");
        });
        Assert.Equal(
            "the top layer tells nothing of the data\n  at any rho tried\n  no transition: nothing in z3 exceeds\n    0.005 nats at any rho\n\n"
            + "what is drawn has its width already, and is left as it is: more than 40 columns", text);
    }

    [Theory]
    [InlineData(10, 40)]
    [InlineData(120, 120)]
    [InlineData(1000, 200)]
    public void ColumnsOf_AScreen_AreWithinBounds(int columns, int expected)
    {
        using var output = new StringWriter();
        using var screen = new ScreenWriter(output, columns);
        Assert.Equal(expected, ScreenWriter.ColumnsOf(screen));
        Assert.Null(ScreenWriter.ColumnsOf(output));
    }

    [Fact]
    public void WriteText_TooNarrowForALine_FoldsAllAsOneText()
    {
        string[] lines = ["these are two lines of one text, the first of which", "ends in the middle of a sentence"];
        Assert.Equal("these are two lines of one text, the\n  first of which ends in the middle of a\n  sentence\n", Written(40, screen => ScreenWriter.WriteText(screen, lines)));
        Assert.Equal(string.Join('\n', lines) + "\n", Written(60, screen => ScreenWriter.WriteText(screen, lines)));
    }

    [Fact]
    public void Write_TableInAPipe_IsOneHoweverWide()
    {
        using var output = new StringWriter();
        Table.Write(output, _head, _rows);
        Assert.Equal(3, output.ToString().TrimEnd().Split('\n').Length);
        Assert.Contains("d           what\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TableOnANarrowScreen_HasBlocksThatBeginWithTheNames()
    {
        var text = Written(40, screen => Table.Write(screen, _head, _rows));
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 40, line));
        // What stands between bars goes below together, and a cell that is too wide by itself is folded.
        Assert.Equal(
            """
            name  a
            one   aaaaaaaaaa
            two   eeeeeeeeee

            name  |  b           c
            one   |  bbbbbbbbbb  cccccccccc
            two   |  ffffffffff  gggggggggg

            name  |  d
            one   |  dddddddddd
            two   |  hhhhhhhhhh

            name  what
            one   some words that say what this is
            two   short

            """, text);
        Assert.Equal(["what", "some words that say", "what this is", "short"], Written(40, screen => Table.Write(
            screen, ["a name that is long", "what"], [["x", _rows[0][^1]], ["y", "short"]])).TrimEnd().Split('\n').Select(line => line[21..]));
    }

    [Fact]
    public void Write_TableWithASentenceAtItsEnd_FoldsThatBesideTheOthers()
    {
        var text = Written(60, screen => Table.Write(screen, ["name", "a", "what"], _rows.Select(row => (string[])[row[0], row[1] + row[1], row[^1]]), isLastText: true));
        Assert.Equal(
            """
            name  a                     what
            one   aaaaaaaaaaaaaaaaaaaa  some words that say what this is
            two   eeeeeeeeeeeeeeeeeeee  short

            """, text);
        Assert.Contains(
            "\none   aaaaaaaaaaaaaaaaaaaa  some words that say what\n                            this is\n",
            Written(54, screen => Table.Write(screen, ["name", "a", "what"], _rows.Select(row => (string[])[row[0], row[1] + row[1], row[^1]]), isLastText: true)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TableAlignedOnTheRight_LeavesItsLastColumnOnTheLeft()
    {
        using var output = new StringWriter();
        Table.Write(output, ["rho", "growth", "state"], [["0.5", "1", "alive"], ["1", "0.125", "collapsed"]], isRight: true);
        Assert.Equal("rho  growth  state\n0.5       1  alive\n  1   0.125  collapsed\n", output.ToString());
    }

    private static string Written(int columns, Action<ScreenWriter> write)
    {
        using var output = new StringWriter();
        using var screen = new ScreenWriter(output, columns);
        write(screen);
        return output.ToString();
    }
}
