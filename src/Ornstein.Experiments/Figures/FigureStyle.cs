using Ornstein.Experiments.Tables;
using ScottPlot;
using SkiaSharp;

namespace Ornstein.Experiments.Figures;

/// <summary>Colours and sizes that figures share.</summary>
internal static class FigureStyle
{
    public const int Width = 960;
    public const int Height = 600;

    /// <summary>Size of the letters of a subtitle.</summary>
    public const float SubtitleSize = 15;

    /// <summary>Pixels per unit of length in PNG files.</summary>
    public const int Density = 2;

    public static Color Ink { get; } = Color.FromHex("#1f2933");

    public static Color Quiet { get; } = Color.FromHex("#64707d");

    public static Color Grid { get; } = Color.FromHex("#e6e9ed");

    // Okabe and Ito's colours, told apart with any colour vision; the first is the top layer's.
    private static readonly Color[] _layers =
    [
        .. new[] { "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9" }.Select(hex => Color.FromHex(hex)),
    ];

    /// <summary>The colour of a layer; the top layer's is the same whatever the depth.</summary>
    public static Color Layer(int layer, int layers) =>
        _layers[(layer == layers - 1 ? 0 : layer % (_layers.Length - 1) + 1) % _layers.Length];

    public static Plot NewPlot(string title, string subtitle, string horizontal, string vertical)
    {
        FigureFonts.Register();
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Axes.Color(Quiet);
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Right.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Top.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.Grid.MajorLineColor = Grid;
        plot.Title(title, 22);
        plot.Axes.Title.Label.ForeColor = Ink;
        plot.Axes.Title.Label.Bold = true;
        Label(plot.Axes.Top.Label, subtitle);
        plot.Axes.Top.Label.FontSize = SubtitleSize;
        plot.Axes.Top.MinimumSize = 30;
        plot.Axes.Title.MinimumSize = 44;
        plot.Axes.Top.Label.OffsetY = 20;
        plot.Axes.Right.MinimumSize = 16;
        plot.Axes.Top.Label.ForeColor = Quiet;
        Label(plot.Axes.Bottom.Label, horizontal);
        Label(plot.Axes.Left.Label, vertical);
        plot.Axes.Bottom.TickLabelStyle.FontSize = 16;
        plot.Axes.Left.TickLabelStyle.FontSize = 16;
        plot.Axes.Bottom.TickLabelStyle.ForeColor = Ink;
        plot.Axes.Left.TickLabelStyle.ForeColor = Ink;
        plot.HideLegend();
        return plot;
    }

    /// <summary>Ticks of the horizontal axis that end with the data, where names of lines follow.</summary>
    public static void EndTicks(Plot plot, double right, bool integersOnly = false)
    {
        var ticks = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = integersOnly };
        plot.Axes.Bottom.TickGenerator = ticks;
        plot.RenderInMemory(Width, Height);
        Tick[] kept = [.. ticks.Ticks.Where(tick => tick.Position <= right + 1e-9)];
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(kept);
    }

    /// <summary>Names of the horizontal axis side by side where they are short, otherwise slanting.</summary>
    public static void SlantTicks(Plot plot, IReadOnlyCollection<string> names)
    {
        int longest = names.Select(name => name.Length).DefaultIfEmpty(0).Max();
        if (longest * names.Count < 90) return;
        plot.Axes.Bottom.TickLabelStyle.Rotation = 25;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
        plot.Axes.Bottom.MinimumSize = 40 + 4 * longest;
    }

    /// <summary>Text beside or above a point.</summary>
    public static void AddText(Plot plot, string text, double x, double y, Color color, Alignment alignment, bool bold = false)
    {
        ScottPlot.Plottables.Text label = plot.Add.Text(text, x, y);
        label.LabelFontSize = 16;
        label.LabelFontColor = color;
        label.LabelBold = bold;
        label.LabelAlignment = alignment;
        label.LabelBackgroundColor = Colors.Transparent;
    }

    public static byte[] Png(Plot plot)
    {
        plot.ScaleFactor = Density;
        byte[] png = Png(Height, canvas => plot.Render(canvas, new PixelRect(0, Width * Density, Height * Density, 0)));
        plot.ScaleFactor = 1;
        return png;
    }

    /// <summary>What is drawn, so high and as wide as all figures, at <see cref="Density"/>.</summary>
    public static byte[] Png(int height, Action<SKCanvas> draw)
    {
        T Made<T>(T? part)
            where T : class => PictureMemory.Require(part, Width * Density, height * Density);
        using SKSurface surface = Made(SKSurface.Create(new SKImageInfo(Width * Density, height * Density, SKImageInfo.PlatformColorType, SKAlphaType.Opaque)));
        draw(surface.Canvas);
        using SKPixmap pixels = Made(surface.PeekPixels());
        // Flat areas and thin lines: without filters it takes half of the time, and about as much room.
        using SKData data = Made(pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.None, zLibLevel: 6)));
        return data.ToArray();
    }

    /// <summary>As SVG, its text as outlines.</summary>
    public static string Svg(Plot plot) => SvgOutlines.Convert(plot.GetSvgXml(Width, Height));

    /// <summary>Moves labels apart that stand one above another, as little as possible, and keeps their order.</summary>
    /// <param name="positions">Where the labels would stand.</param>
    /// <param name="distance">The least distance.</param>
    /// <param name="least">Where the lowest may stand.</param>
    public static double[] Spread(double[] positions, double distance, double least = double.NegativeInfinity)
    {
        var at = (double[])positions.Clone();
        int[] order = [.. Enumerable.Range(0, at.Length).OrderBy(i => at[i])];
        for (int pass = 0; pass < 100; pass++)
        {
            for (int k = 1; k < order.Length; k++)
            {
                double overlap = distance - (at[order[k]] - at[order[k - 1]]);
                if (overlap <= 0) continue;
                at[order[k]] += overlap / 2;
                at[order[k - 1]] -= overlap / 2;
            }
        }

        double lowest = least;
        foreach (int i in order)
        {
            at[i] = Math.Max(at[i], lowest);
            lowest = at[i] + 0.999 * distance;
        }

        return at;
    }

    private static void Label(LabelStyle style, string text)
    {
        style.Text = text;
        style.FontSize = 17;
        style.Bold = false;
        style.ForeColor = Ink;
    }
}
