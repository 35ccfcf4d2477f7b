using System.Globalization;

namespace Ornstein.Tests.Documents;

/// <summary>The lines of a CSV file below docs, each by the names of its columns; texts may stand in quotation marks.</summary>
internal static class CsvRows
{
    public static IReadOnlyDictionary<string, string>[] Of(params string[] path)
    {
        string[][] lines = [.. File.ReadAllLines(Path.Combine([DocumentTests.Root(), "docs", .. path])).Select(line => Cells(line).ToArray())];
        return [.. lines[1..].Select(line => lines[0].Zip(line).ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal))];
    }

    public static double Number(this IReadOnlyDictionary<string, string> row, string column) => double.Parse(row[column], CultureInfo.InvariantCulture);

    /// <summary>Rounded once; what rounds to zero has no sign.</summary>
    public static string Text(double value, int decimals)
    {
        var text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAnyInRange('1', '9') ? text : text.TrimStart('-');
    }

    private static IEnumerable<string> Cells(string line)
    {
        for (var at = 0; at <= line.Length;)
        {
            var isQuoted = at < line.Length && line[at] == '"';
            var end = isQuoted ? line.IndexOf('"', at + 1) : line.IndexOf(',', at) is var comma and >= 0 ? comma : line.Length;
            yield return line[(isQuoted ? at + 1 : at)..end];
            at = end + (isQuoted ? 2 : 1);
        }
    }
}
