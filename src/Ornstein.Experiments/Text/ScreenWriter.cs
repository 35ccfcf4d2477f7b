using System.Globalization;
using System.Text;

namespace Ornstein.Experiments.Text;

/// <summary>
/// A screen of so many columns. Tables and notes that are written to one keep within them; what is written to anything else, such as a pipe or a file, has
/// the width that it has everywhere.
/// </summary>
/// <param name="inner">Where it writes.</param>
/// <param name="columns">Its columns.</param>
internal sealed class ScreenWriter(TextWriter inner, int columns) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>The narrowest and the widest screen that text is fitted to.</summary>
    public const int Least = 40, Most = 200;

    // Of a line that is folded: what goes on is told from what begins.
    private const int Hanging = 2;

    public override Encoding Encoding => inner.Encoding;

    private int Columns { get; } = Math.Clamp(columns, Least, Most);

    /// <summary>Columns of a screen; null of anything else.</summary>
    public static int? ColumnsOf(TextWriter output) => (output as ScreenWriter)?.Columns;

    /// <summary>Writes lines that are one text: on a screen that is too narrow for one of them they are folded together.</summary>
    public static void WriteText(TextWriter output, params IReadOnlyList<string> lines)
    {
        if (ColumnsOf(output) is { } columns && lines.Any(line => line.Length > columns)) output.WriteLine(string.Join(' ', lines));
        else foreach (var line in lines) output.WriteLine(line);
    }

    /// <summary>Writes a line that is never folded, such as a command that somebody copies.</summary>
    public static void WriteWhole(TextWriter output, string line) => output.Write(line + output.NewLine);

    /// <summary>Writes a line whose continuation stands below its text, after what names it.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="name">What the line begins with.</param>
    /// <param name="text">What may be folded.</param>
    public static void WriteNamed(TextWriter output, string name, string text)
    {
        var indent = ColumnsOf(output) is { } columns && name.Length > columns / 2 ? HangingOf(name) : name.Length;
        foreach (var line in TextFold.Lines(name + text, ColumnsOf(output) ?? int.MaxValue, indent)) output.WriteLine(line);
    }

    /// <summary>As it is: what is drawn or colored has its width already.</summary>
    public override void Write(char value) => inner.Write(value);

    /// <inheritdoc cref="Write(char)"/>
    public override void Write(string? value) => inner.Write(value);

    /// <inheritdoc cref="Write(char)"/>
    public override void Write(char[] buffer, int index, int count) => inner.Write(buffer, index, count);

    public override void WriteLine() => inner.WriteLine();

    /// <summary>Folded at its blanks.</summary>
    public override void WriteLine(string? value)
    {
        foreach (var line in TextFold.Lines(value ?? "", Columns, HangingOf(value ?? ""))) inner.WriteLine(line);
    }

    public override void Flush() => inner.Flush();

    private static int HangingOf(string line) => line.Length - line.TrimStart().Length + Hanging;
}
