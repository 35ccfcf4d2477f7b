
namespace Ornstein.Experiments.Text;

/// <summary>Columns of text, as wide as their longest cell: for pipes as much as for eyes.</summary>
internal static class Table
{
    public static void Write(TextWriter output, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows.Select(row => Array.ConvertAll(row, PrintableText.Of))];
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all) output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
