using ScottPlot;
using SkiaSharp;

namespace Ornstein.Experiments.Figures;

/// <summary>The typeface of every picture, carried in the program: pictures look the same on a machine without any fonts.</summary>
internal sealed class FigureFonts : IFontResolver
{
    public const string Family = "Inter";

    private static readonly Lock _lock = new();
    private static bool _isRegistered;

    private FigureFonts()
    {
    }

    public static SKTypeface Regular { get; } = Load("Inter-Regular.ttf");

    public static SKTypeface SemiBold { get; } = Load("Inter-SemiBold.ttf");

    /// <summary>Makes the typeface known to ScottPlot, once.</summary>
    public static void Register()
    {
        lock (_lock)
        {
            if (_isRegistered) return;
            Fonts.FontResolvers.Insert(0, new FigureFonts());
            Fonts.Default = Family;
            _isRegistered = true;
        }
    }

    // ScottPlot may dispose what it is given: every caller gets a typeface of its own.
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing width) =>
        Load(weight >= FontWeight.SemiBold ? "Inter-SemiBold.ttf" : "Inter-Regular.ttf");

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => Load(bold ? "Inter-SemiBold.ttf" : "Inter-Regular.ttf");

    private static SKTypeface Load(string file)
    {
        using Stream stream = typeof(FigureFonts).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The resource {file} is missing.");
        using SKData data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
