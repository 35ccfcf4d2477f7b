using Ornstein.Experiments.Text;
using ScottPlot;
using SkiaSharp;

namespace Ornstein.Experiments.Figures;

/// <summary>A line of a panel, with the range around it where it has one.</summary>
/// <param name="Name">What the legend calls it; lines of the same name in different panels share an entry.</param>
/// <param name="Color">Its colour, the same in every panel.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">Values; what is not finite is left out.</param>
/// <param name="Least">Lower end of the range; null for none.</param>
/// <param name="Greatest">Upper end.</param>
internal sealed record PanelLine(string Name, Color Color, double[] X, double[] Y, double[]? Least = null, double[]? Greatest = null);

/// <summary>One of several small plots with the same axes.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Marks">Where vertical lines stand; null for none.</param>
internal sealed record Panel(string Title, IReadOnlyList<PanelLine> Lines, IReadOnlyList<double>? Marks = null)
{
    /// <summary>Whether all lines but for their first quarter are in sight, whatever the scale follows.</summary>
    public bool ShowsEnds { get; init; }
}

/// <summary>Small plots side by side under one legend, on the same axes unless <c>followsBest</c>.</summary>
/// <param name="title">Title of the whole.</param>
/// <param name="horizontal">What the horizontal axes show.</param>
/// <param name="vertical">What the vertical axes show.</param>
/// <param name="panels">The plots, at least one.</param>
/// <param name="isLogarithmic">Whether the vertical scale is logarithmic, down to <see cref="PhaseFigure.Floor"/>.</param>
/// <param name="followsBest">Whether the scale follows the upper half of the values, so that a few far below do not flatten the rest; each panel
/// then has a scale of its own.</param>
internal sealed class PanelFigure(
    string title, string horizontal, string vertical, IReadOnlyList<Panel> panels, bool isLogarithmic = false, bool followsBest = false)
{
    private const int MostColumns = 3;
    private const int LegendRow = 24;
    private const int TitleHeight = 44;
    private const int AxisHeight = 30;
    private const float LegendText = 15;

    /// <summary>Whether each panel has a horizontal scale of its own, as where trainings have very different numbers of epochs.</summary>
    public bool HasOwnHorizontal { get; init; }

    private int Columns => Math.Min(MostColumns, panels.Count);

    private int Rows => (panels.Count + Columns - 1) / Columns;

    private int PanelHeight => Columns == 1 ? 420 : 300;

    public byte[] Png()
    {
        var (entries, top) = Legend();
        return FigureStyle.Png(Height(top), canvas =>
        {
            canvas.Scale(FigureStyle.Density);
            Draw(canvas, entries, top);
        });
    }

    /// <summary>As SVG, its text as outlines.</summary>
    public string Svg()
    {
        var (entries, top) = Legend();
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, FigureStyle.Width, Height(top)), stream)) Draw(canvas, entries, top);
        return SvgOutlines.Convert(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private int Height(int top) => top + (Rows * PanelHeight) + AxisHeight;

    private void Draw(SKCanvas canvas, List<(PanelLine Line, float X, float Y)> entries, int top)
    {
        FigureFonts.Register();
        canvas.Clear(SKColors.White);
        Write(canvas, FigureText.Fit(title, 21, FigureStyle.Width - 24, bold: true), 12, 30, 21, FigureStyle.Ink, bold: true);
        foreach (var (line, x, y) in entries)
        {
            using var paint = new SKPaint { Color = new SKColor(line.Color.ARGB), IsAntialias = true };
            canvas.DrawRect(x, y - 7, 18, 4, paint);
            Write(canvas, NameOf(line), x + 24, y, LegendText, FigureStyle.Ink);
        }

        var (width, shared) = ((float)FigureStyle.Width / Columns, Limits(panels));
        for (var i = 0; i < panels.Count; i++)
        {
            var own = followsBest || HasOwnHorizontal ? Limits([panels[i]]) : shared;
            using var plot = Plot(panels[i], followsBest ? own : new AxisLimits(own.Left, own.Right, shared.Bottom, shared.Top), isLeft: i % Columns == 0);
            plot.RenderManager.ClearCanvasBeforeEachRender = false;
            var (left, upper) = (i % Columns * width, top + (i / Columns * PanelHeight));
            plot.Render(canvas, new PixelRect(left, left + width, upper + PanelHeight, upper));
        }

        Write(canvas, horizontal, 12, Height(top) - 10, 16, FigureStyle.Quiet);
    }

    private Plot Plot(Panel panel, AxisLimits limits, bool isLeft)
    {
        var plot = FigureStyle.NewPlot(FigureText.Fit(panel.Title, 16, (FigureStyle.Width / Columns) - (isLeft ? 60 : 44), bold: true), "", "", isLeft ? vertical : "");
        plot.Axes.Title.Label.FontSize = 16;
        plot.Axes.Title.MinimumSize = 26;
        plot.Axes.Top.MinimumSize = 4;
        plot.Axes.Left.Label.FontSize = 14;
        plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Axes.Bottom.TickLabelStyle.FontSize = 13;
        plot.Axes.Left.MinimumSize = isLeft ? 72 : 52;
        plot.Axes.SetLimits(limits);
        if (isLogarithmic) plot.Axes.Left.TickGenerator = Decades(limits);
        foreach (var mark in panel.Marks ?? []) plot.Add.VerticalLine(mark, 1.5f, FigureStyle.Ink, LinePattern.Dashed).EnableAutoscale = false;
        foreach (var line in panel.Lines) Add(plot, line);
        return plot;
    }

    private void Add(Plot plot, PanelLine line)
    {
        int[] finite = [.. Enumerable.Range(0, line.X.Length).Where(i => double.IsFinite(line.Y[i]))];
        if (finite.Length == 0) return;
        double[] At(double[] values) => [.. finite.Select(i => Scale(values[i]))];
        double[] x = [.. finite.Select(i => line.X[i])];
        if (line is { Least: { } least, Greatest: { } greatest } && finite.Length > 1)
        {
            var band = plot.Add.FillY(x, At(least), At(greatest));
            band.FillColor = line.Color.WithAlpha(.16);
            band.LineWidth = 0;
            band.MarkerSize = 0;
        }

        var scatter = plot.Add.ScatterLine(x, At(line.Y), line.Color);
        scatter.LineWidth = 2.2f;
        if (finite.Length > 20) return;
        scatter.MarkerShape = MarkerShape.FilledCircle;
        scatter.MarkerSize = 5;
    }

    private AxisLimits Limits(IReadOnlyList<Panel> of)
    {
        PanelLine[] lines = [.. of.SelectMany(panel => panel.Lines)];
        double[] x = [.. lines.SelectMany(line => line.X)];
        double[] y = [.. lines.SelectMany(line => line.Y.Concat(line.Least ?? []).Concat(line.Greatest ?? [])).Where(double.IsFinite).Select(Scale)];
        if (x.Length == 0 || y.Length == 0) return new AxisLimits(0, 1, 0, 1);
        var span = Math.Max(1e-6, x.Max() - x.Min());
        var (low, high) = (y.Min(), y.Max());
        if (isLogarithmic) (low, high) = (Math.Floor(low), Math.Max(high, Math.Floor(low) + 1));
        else if (followsBest) low = Math.Max(low, Math.Min(high - (4 * (high - y.Order().ElementAt(y.Length / 2))), LeastOfEnds(of)));
        var height = Math.Max(1e-3, high - low);
        return new AxisLimits(x.Min() - (0.04 * span), x.Max() + (0.04 * span), low - (0.04 * height), high + (0.06 * height));
    }

    private double LeastOfEnds(IReadOnlyList<Panel> of) => of.Where(panel => panel.ShowsEnds).SelectMany(panel => panel.Lines)
        .SelectMany(line => line.Y.Skip(line.Y.Length / 4)).Where(double.IsFinite).Select(Scale).DefaultIfEmpty(double.PositiveInfinity).Min();

    private double Scale(double value) => isLogarithmic ? Math.Log10(Math.Max(PhaseFigure.Floor, value)) : value;

    private static ScottPlot.TickGenerators.NumericManual Decades(AxisLimits limits)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        var floor = (int)Math.Log10(PhaseFigure.Floor);
        for (var decade = (int)Math.Ceiling(limits.Bottom); decade <= limits.Top; decade++)
            ticks.AddMajor(decade, (decade == floor ? "≤ " : "") + TableNumber.Text(Math.Pow(10, decade), "0.####"));
        return ticks;
    }

    private (List<(PanelLine Line, float X, float Y)> Entries, int Top) Legend()
    {
        var (entries, x, y) = (new List<(PanelLine, float, float)>(), 12f, TitleHeight + 14f);
        using var font = new SKFont(FigureFonts.Regular, LegendText);
        foreach (var line in panels.SelectMany(panel => panel.Lines).DistinctBy(line => line.Name))
        {
            var width = 24 + font.MeasureText(NameOf(line)) + 22;
            if (x > 12 && x + width > FigureStyle.Width)
            {
                x = 12;
                y += LegendRow;
            }

            entries.Add((line, x, y));
            x += width;
        }

        return (entries, (int)y + 12);
    }

    private static string NameOf(PanelLine line) => FigureText.Fit(line.Name, LegendText, FigureStyle.Width - 60);

    private static void Write(SKCanvas canvas, string text, float x, float y, float size, Color color, bool bold = false)
    {
        using var font = new SKFont(bold ? FigureFonts.SemiBold : FigureFonts.Regular, size);
        using var paint = new SKPaint { Color = new SKColor(color.ARGB), IsAntialias = true };
        canvas.DrawText(text, x, y, font, paint);
    }
}
