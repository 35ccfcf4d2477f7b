using System.Text;

namespace Ornstein;

/// <summary>
/// Shows text from outside (names of files, entries of archives, messages of libraries) as characters that a terminal prints and
/// does not obey.
/// </summary>
internal static class PrintableText
{
    /// <summary>
    /// The text with control characters as <c>\x1b</c>, and line separators and characters that turn the direction of writing as
    /// <c>\u202e</c>; the same text where it has none.
    /// </summary>
    public static string Of(string text)
    {
        var first = 0;
        while (first < text.Length && !IsEscaped(text[first])) first++;
        if (first == text.Length) return text;
        var shown = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (var c in text.AsSpan(first))
        {
            if (!IsEscaped(c)) shown.Append(c);
            else if (c < 0x100) shown.Append("\\x").Append(((int)c).ToString("x2"));
            else shown.Append("\\u").Append(((int)c).ToString("x4"));
        }

        return shown.ToString();
    }

    /// <summary>The text as one line: what ends lines becomes a blank.</summary>
    public static string Line(string text) => Of(text.ReplaceLineEndings(" ").Trim());

    private static bool IsEscaped(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
