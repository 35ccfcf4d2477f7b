using System.Globalization;
using System.Xml.Linq;
using SkiaSharp;

namespace Ornstein.Experiments.Figures;

/// <summary>Turns the text of an SVG into outlines of the embedded typeface: it looks the same where that typeface is missing.</summary>
internal static class SvgOutlines
{
    /// <summary>The document with paths in place of text; the words stay as labels for screen readers.</summary>
    public static string Convert(string svg)
    {
        XDocument document = XDocument.Parse(svg, LoadOptions.PreserveWhitespace);
        XNamespace space = document.Root!.Name.Namespace;
        foreach (XElement text in document.Descendants(space + "text").ToArray())
        {
            if (Outline(text) is not { } outline) continue;
            var path = new XElement(
                space + "path", new XAttribute("d", outline), new XAttribute("role", "img"), new XAttribute("aria-label", Words(text)));
            path.Add(text.Attributes().Where(a => a.Name.LocalName is "fill" or "fill-opacity" or "transform"));
            text.ReplaceWith(path);
        }

        NameInOrder(document);
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + document.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    // Skia counts names on through the whole process: the same figure would have other bytes after another.
    private static void NameInOrder(XDocument document)
    {
        var names = document.Descendants().Select(element => element.Attribute("id")).OfType<XAttribute>()
            .Select((id, i) => (Old: id.Value, New: FormattableString.Invariant($"n{i + 1}"))).DistinctBy(name => name.Old).ToDictionary(name => name.Old, name => name.New);
        foreach (XAttribute attribute in document.Descendants().SelectMany(element => element.Attributes()))
        {
            if (attribute.Name.LocalName == "id") attribute.Value = names[attribute.Value];
            else if (attribute.Value.StartsWith("url(#", StringComparison.Ordinal) && names.TryGetValue(attribute.Value[5..^1], out var url)) attribute.Value = $"url(#{url})";
            else if (attribute.Value.StartsWith('#') && names.TryGetValue(attribute.Value[1..], out var link)) attribute.Value = $"#{link}";
        }
    }

    private static string? Outline(XElement text)
    {
        bool bold = text.Attribute("font-family")?.Value.Contains("SemiBold") == true
            || int.TryParse(text.Attribute("font-weight")?.Value, out int weight) && weight >= 600;
        using var font =
            new SKFont(bold ? FigureFonts.SemiBold : FigureFonts.Regular, Numbers(text, "font-size") is [var size, ..] ? size : 12);
        string words = Words(text);
        float[] x = Numbers(text, "x"), y = Numbers(text, "y");
        // Skia writes a place per letter; text of another form stays text.
        if (words.Length == 0 || x.Length != words.Length || y.Length == 0) return null;
        using var all = new SKPath();
        for (int i = 0; i < words.Length; i++)
        {
            using SKPath? glyph = font.GetGlyphPath(font.GetGlyph(words[i]));
            if (glyph is not null) all.AddPath(glyph, x[i], y[Math.Min(i, y.Length - 1)]);
        }

        return all.ToSvgPathData();
    }

    /// <summary>White space counts as browsers count it: none at the ends, one between words.</summary>
    private static string Words(XElement text) => string.Join(' ', text.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static float[] Numbers(XElement element, string name) =>
    [
        .. (element.Attribute(name)?.Value ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(n => float.Parse(n, CultureInfo.InvariantCulture)),
    ];
}
