using System.Globalization;
using System.Text;

namespace Ornstein.Storage;

/// <summary>Text of a user or a file as a terminal may show it: nothing in it moves the cursor, changes colours or turns the line round.</summary>
internal static class PrintableText
{
    /// <summary>The text with control characters, line and paragraph separators, direction marks and lone surrogates escaped, such as <c>\x1b</c>.</summary>
    public static string Of(string text)
    {
        if (!text.EnumerateRunes().Any(IsEscaped)) return text;
        var printable = new StringBuilder(text.Length + 8);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD.
            var isLone = char.IsSurrogate(text[at]) && rune.Utf16SequenceLength == 1;
            if (isLone || IsEscaped(rune)) printable.Append(Escape(isLone ? text[at] : rune.Value));
            else printable.Append(rune);
            at += rune.Utf16SequenceLength;
        }

        return printable.ToString();
    }

    private static bool IsEscaped(Rune rune) =>
        Rune.IsControl(rune)
        || rune.Value is 0x2028 or 0x2029 or 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFD;

    private static string Escape(int value) =>
        value < 0x100 ? string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}") : string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}");
}
