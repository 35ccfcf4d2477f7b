
namespace Ornstein.Experiments.Text;

/// <summary>
/// Columns of text, as wide as their longest cell: for pipes as much as for eyes. Where there is not room enough for all of them they go below each other, in
/// blocks that all begin with what names the rows.
/// </summary>
internal static class Table
{
    /// <summary>The head of a column that parts others.</summary>
    private const string Bar = "|";

    private const int Gap = 2;
    private const int LeastText = 24; // letters of a sentence that is folded beside other columns

    /// <summary>Writes a table.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="head">Titles of the columns.</param>
    /// <param name="rows">A cell for every column.</param>
    /// <param name="names">How many of the first columns name a row.</param>
    /// <param name="width">Letters of a line where the output is no screen; null for as many as it takes.</param>
    /// <param name="isLastText">Whether the last column has sentences, which may be folded.</param>
    /// <param name="isRight">Whether columns but the last are aligned on the right.</param>
    public static void Write(
        TextWriter output, string[] head, IEnumerable<string[]> rows, int names = 1, int? width = null, bool isLastText = false, bool isRight = false)
    {
        string[][] all = [head, .. rows.Select(row => Array.ConvertAll(row, PrintableText.Of))];
        var (columns, widths) = (ScreenWriter.ColumnsOf(output) ?? width ?? int.MaxValue, Widths(all));
        foreach (var (i, block) in Blocks(head, widths, names, columns, isLastText).Index())
        {
            if (i > 0) output.WriteLine();
            // Whatever is too wide is the last of its block.
            var room = Math.Max(1, columns - block[..^1].Sum(column => widths[column] + Gap));
            foreach (var row in all)
            {
                string[] last = ScreenWriter.ColumnsOf(output) is null ? [row[block[^1]]] : [.. TextFold.Lines(row[block[^1]], room)];
                for (var line = 0; line < last.Length; line++)
                {
                    var before = block[..^1].Select(column => Padded(line == 0 ? row[column] : "", column));
                    var cell = block[^1] == head.Length - 1 ? last[line] : Padded(last[line], block[^1]);
                    output.WriteLine(string.Join("  ", before.Append(cell)).TrimEnd());
                }
            }
        }

        string Padded(string cell, int column) => isRight && column < head.Length - 1 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]);
    }

    /// <summary>The columns of every block, those that name the rows first in each.</summary>
    /// <param name="head">Titles of the columns.</param>
    /// <param name="rows">A cell for every column.</param>
    /// <param name="names">How many of the first columns name a row.</param>
    /// <param name="width">Letters of a line.</param>
    public static IReadOnlyList<int[]> Blocks(string[] head, IEnumerable<string[]> rows, int names, int width) =>
        Blocks(head, Widths([head, .. rows]), names, width, isLastText: false);

    private static int[] Widths(string[][] all) => [.. all[0].Select((_, column) => all.Max(row => row[column].Length))];

    private static List<int[]> Blocks(string[] head, int[] widths, int names, int width, bool isLastText)
    {
        int[] first = [.. Enumerable.Range(0, Math.Min(names, head.Length))];
        var (blocks, current) = (new List<int[]>(), new List<int>(first));
        int WidthOf(IEnumerable<int> columns) => columns.Sum(column => widths[column] + Gap) - Gap;
        bool Fits(IEnumerable<int> more) => WidthOf(current.Concat(more)) <= width;
        for (var column = first.Length; column < head.Length; column++)
        {
            // A bar stands before what it parts, with all of which it goes below where that has room only there.
            var isBar = head[column] == Bar && column + 1 < head.Length;
            int[] piece = isBar ? [column, column + 1] : [column];
            int[] group = isBar ? [column, .. Enumerable.Range(column + 1, head.Length - column - 1).TakeWhile(next => head[next] != Bar)] : piece;
            var isFolded = isLastText && column == head.Length - 1 && WidthOf(current) + Gap + LeastText <= width;
            var goesBelow = !Fits(piece) || (!Fits(group) && WidthOf(first.Concat(group)) <= width);
            if (current.Count > first.Length && goesBelow && !isFolded)
            {
                blocks.Add([.. current]);
                current = [.. first];
            }

            current.AddRange(piece);
            column += piece.Length - 1;
        }

        blocks.Add([.. current]);
        return blocks;
    }
}
