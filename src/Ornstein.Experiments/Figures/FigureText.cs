using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Ornstein.Experiments.Figures;

/// <summary>A user's text in a figure: what the typeface cannot draw is replaced, and what is too long is shortened.</summary>
internal static class FigureText
{
    private const string Ellipsis = "…";
    private const float LeastRoom = 120;

    /// <summary>Room of a subtitle, which stands over the middle of the plot, right of the figure's.</summary>
    public const float SubtitleRoom = 840;

    /// <summary>The text of letters that the typeface has; others by their numbers, as in <c>[U+624B U+5199]</c>. White space counts as one blank.</summary>
    public static string Drawable(string text)
    {
        var drawable = new StringBuilder(text.Length);
        bool isOpen = false;
        foreach (Rune rune in string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).EnumerateRunes())
        {
            bool isDrawn = IsDrawn(rune);
            if (isDrawn && isOpen) drawable.Append(']');
            if (isDrawn) drawable.Append(rune);
            else drawable.Append(CultureInfo.InvariantCulture, $"{(isOpen ? " " : "[")}U+{rune.Value:X4}");
            isOpen = !isDrawn;
        }

        return isOpen ? drawable.Append(']').ToString() : drawable.ToString();
    }

    /// <summary>The drawable text, cut in its middle where it would be wider than its room: its end says as much as its beginning.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">Size of the letters.</param>
    /// <param name="room">Room in the same units.</param>
    /// <param name="bold">Whether it is drawn bold.</param>
    public static string Fit(string text, float size, float room, bool bold = false)
    {
        string whole = Drawable(text);
        using var font = new SKFont(bold ? FigureFonts.SemiBold : FigureFonts.Regular, size);
        if (font.MeasureText(whole) <= room) return whole;
        int fits = 0, fails = whole.Length;
        while (fails - fits > 1)
        {
            int kept = (fits + fails) / 2;
            if (font.MeasureText(Cut(whole, kept)) <= room) fits = kept;
            else fails = kept;
        }

        return Cut(whole, fits);
    }

    /// <summary>A subtitle that begins with a user's name; the name gives way to the rest.</summary>
    /// <param name="name">The name.</param>
    /// <param name="rest">What follows it.</param>
    /// <param name="room">Room for both: less than usual where long names stand left of the plot.</param>
    public static string Subtitle(string name, string rest, float room = SubtitleRoom)
    {
        using var font = new SKFont(FigureFonts.Regular, FigureStyle.SubtitleSize);
        return Fit(name, FigureStyle.SubtitleSize, Math.Max(LeastRoom, room - font.MeasureText(rest))) + rest;
    }

    private static string Cut(string text, int kept) => text[..(kept / 3)] + Ellipsis + text[^(kept - kept / 3)..];

    // Beyond the basic plane a letter is two code units, for which SVG has no places; marks of direction and the like leave no trace.
    private static bool IsDrawn(Rune rune) =>
        rune.IsBmp
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format)
        && FigureFonts.Regular.GetGlyph(rune.Value) != 0;
}
