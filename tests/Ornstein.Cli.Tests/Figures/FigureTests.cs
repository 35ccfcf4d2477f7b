using System.Xml.Linq;
using Ornstein.Data;
using Ornstein.Experiments.Figures;
using Ornstein.Results;
using SkiaSharp;

namespace Ornstein.Cli.Tests.Figures;

public class FigureTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    public void Png_AnyDepth_HasTheSizeAndTheTopLayersColour(int layers, int seeds)
    {
        byte[] png = Keep($"phase-{layers}-{seeds}.png", PhaseFigure.Png(Fixtures.Phase(layers, seeds)));
        using SKBitmap picture = SKBitmap.Decode(png);
        Assert.Equal((1920, 1200), (picture.Width, picture.Height));
        Assert.Equal(SKColors.White, picture.GetPixel(3, 3));
        Assert.True(Count(picture, new SKColor(0xD5, 0x5E, 0x00)) > 1000);
    }

    /// <summary>A scale that follows the upper half of all values would leave a line out that ends far below the others, as the KL of a layer in another model.</summary>
    [Fact]
    public void Panel_ThatShowsEnds_HasTheLineThatEndsFarBelow()
    {
        double[] x = [.. Enumerable.Range(1, 200).Select(i => (double)i)];
        int Pixels(bool showsEnds)
        {
            PanelLine[] lines = [new("high", ScottPlot.Colors.Black, x, [.. x.Select(value => 7 + (0.0001 * value))]), new("low", ScottPlot.Colors.Red, x[..40], [.. x[..40].Select(_ => 2.0)])];
            using var bitmap = SKBitmap.Decode(new PanelFigure("title", "epoch", "nats", [new Panel("KL", lines) { ShowsEnds = showsEnds }], followsBest: true).Png());
            return bitmap.Pixels.Count(pixel => pixel is { Red: > 200, Green: < 60, Blue: < 60 });
        }

        Assert.True(Pixels(true) > Pixels(false) + 100, $"{Pixels(true)} and {Pixels(false)}");
    }

    /// <summary>A training of 100 epochs beside one of 1,700 is a line of its panel's whole width.</summary>
    [Fact]
    public void Panels_WithScalesOfTheirOwn_AreFilledByTheirLines()
    {
        int Width(bool own)
        {
            Panel Of(string title, int epochs, ScottPlot.Color color) => new(title, [new(title, color, [1, epochs], [1, 1])]);
            using var bitmap = SKBitmap.Decode(new PanelFigure("title", "epoch", "nats", [Of("short", 100, ScottPlot.Colors.Red), Of("long", 1700, ScottPlot.Colors.Blue)]) { HasOwnHorizontal = own }.Png());
            // Below the legend.
            int[] columns = [.. Enumerable.Range(0, bitmap.Width).Where(x => Enumerable.Range(250, bitmap.Height - 250).Any(y => bitmap.GetPixel(x, y) is { Red: > 200, Green: < 60, Blue: < 60 }))];
            return columns[^1] - columns[0];
        }

        Assert.True(Width(own: true) > 10 * Width(own: false), $"{Width(true)} and {Width(false)}");
    }

    [Fact]
    public void Png_OddResults_AreDrawn()
    {
        PhaseResult phase = Fixtures.Phase();
        PhaseResult diverged = phase with { Members = [Fixtures.Diverged(0.5, 0, 3)] };
        PhaseResult single = phase with { Members = [Fixtures.Member(0.5, 0, 3, 0.2)], CriticalRho = null, Reason = "one rho" };
        PhaseResult perLink = phase with { Members = [.. phase.Members.Select(m => m with { RhoPerLink = [0.5, m.Rho] })] };
        PhaseResult none = phase with { Members = [] };
        (string, PhaseResult)[] odd = [("diverged", diverged), ("single", single), ("per-link", perLink), ("none", none)];
        foreach ((string name, PhaseResult result) in odd)
        {
            using SKBitmap picture = SKBitmap.Decode(Keep($"phase-{name}.png", PhaseFigure.Png(result)));
            Assert.Equal(1920, picture.Width);
        }
    }

    [Fact]
    public void Svg_DrawnTwice_IsTheSameFile()
    {
        string first = PhaseFigure.Svg(Fixtures.Phase());
        PhaseFigure.Svg(Fixtures.Phase(layers: 5)); // anything in between
        Assert.Equal(first, PhaseFigure.Svg(Fixtures.Phase()));
        string[] ids = [.. XDocument.Parse(first).Descendants().Select(element => element.Attribute("id")?.Value).OfType<string>()];
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        // What is referred to is there.
        Assert.All(System.Text.RegularExpressions.Regex.Matches(first, "url\\(#([^)]*)\\)", default, TimeSpan.FromSeconds(5)).Select(match => match.Groups[1].Value), name => Assert.Contains(name, ids));
    }

    [Fact]
    public void Svg_Phase_IsWellFormedAndDrawsItsTextAsOutlines()
    {
        string svg = PhaseFigure.Svg(Fixtures.Phase());
        Keep("phase.svg", System.Text.Encoding.UTF8.GetBytes(svg));
        XDocument document = XDocument.Parse(svg);
        Assert.Equal("960", document.Root!.Attribute("width")!.Value);
        Assert.DoesNotContain(document.Descendants(), e => e.Name.LocalName == "text");
        XElement label = Assert.Single(document.Descendants(), e => e.Attribute("aria-label")?.Value == "critical ρ = 0.764");
        Assert.True(label.Attribute("d")!.Value.Length > 500);
    }

    [Fact]
    public void CreateTypeface_AnyFamily_IsTheEmbeddedOneWithEveryLetterThatFiguresUse()
    {
        FigureFonts.Register();
        using SKTypeface typeface = ScottPlot.Fonts.GetTypeface("No Such Font", false, false);
        Assert.Equal(FigureFonts.Family, typeface.FamilyName);
        Assert.All("KLρ≤±=0123456789.,:()[]z ", letter => Assert.NotEqual(0, typeface.GetGlyph(letter)));
        Assert.Equal(600, FigureFonts.SemiBold.FontWeight);
    }

    [Fact]
    public void CreateTypeface_TwoLetters_AreDrawnDifferently()
    {
        using var font = new SKFont(FigureFonts.Regular, 40);
        Assert.NotEqual(Drawn("i", font), Drawn("M", font));
        Assert.True(Drawn("ρ", font).Count(v => v > 128) > 50);
    }

    [Fact]
    public void Png_Curves_HasTheSize()
    {
        PhaseResult result = Fixtures.Phase();
        using SKBitmap picture = SKBitmap.Decode(Keep("curves.png", CurvesFigure.Png(result, Fixtures.Curves(result))));
        Assert.Equal((1920, 1200), (picture.Width, picture.Height));
        Assert.NotEmpty(CurvesFigure.Png(result, []));
    }

    [Fact]
    public void Spread_Crowded_KeepsOrderAndDistance()
    {
        double[] at = FigureStyle.Spread([1, 1.01, 0.99, 5], 0.5);
        Assert.Equal(5, at[3]);
        Assert.True(at[1] - at[0] > 0.49 && at[0] - at[2] > 0.49);
    }

    [Fact]
    public void Png_Grid_HasEveryPixelInPlace()
    {
        var images = new byte[2 * 3 * 4 * 4];
        Array.Fill(images, (byte)255, 16, 16);
        using SKBitmap picture = SKBitmap.Decode(ImageGrid.Png(images, 2, 3, 4, 4));
        Assert.Equal((2 * 16 + 3 * 60 - 4, 2 * 16 + 2 * 60 - 4), (picture.Width, picture.Height));
        Assert.Equal(SKColors.Black, picture.GetPixel(16 + 28, 16 + 28));
        Assert.Equal(SKColors.White, picture.GetPixel(16 + 60 + 28, 16 + 28));
        Assert.Equal(SKColors.Black, picture.GetPixel(16 + 120 + 28, 16 + 28));
    }

    /// <summary>Channel after channel, each row by row: a pixel of each of two images has one of its own colours.</summary>
    [Fact]
    public void Png_ThreeChannels_AreRedGreenAndBlue()
    {
        var images = new byte[2 * 3 * 4];
        (images[0], images[4], images[8]) = (10, 20, 30); // top left of the first
        images[12 + 4 + 3] = 255; // bottom right of the second
        using SKBitmap picture = SKBitmap.Decode(ImageGrid.Png(images, 1, 2, new ImageShape(2, 2, 3)));
        Assert.Equal((2 * 16 + 2 * 60 - 4, 2 * 16 + 56), (picture.Width, picture.Height));
        Assert.Equal(new SKColor(10, 20, 30), picture.GetPixel(16 + 14, 16 + 14));
        Assert.Equal(SKColors.Black, picture.GetPixel(16 + 42, 16 + 42));
        Assert.Equal(new SKColor(0, 255, 0), picture.GetPixel(16 + 60 + 42, 16 + 42));
    }

    [Fact]
    public void Png_TwoChannels_AreGreyPlanesOneBelowAnother()
    {
        byte[] images = [255, 255, 255, 255, 0, 0, 0, 100];
        using SKBitmap picture = SKBitmap.Decode(ImageGrid.Png(images, 1, 1, new ImageShape(2, 2, 2)));
        Assert.Equal((2 * 16 + 56, 2 * 16 + 2 * 56), (picture.Width, picture.Height));
        Assert.Equal(SKColors.White, picture.GetPixel(16 + 42, 16 + 42));
        Assert.Equal(new SKColor(100, 100, 100), picture.GetPixel(16 + 42, 16 + 56 + 42));
    }

    [Theory]
    [InlineData(3, 1000, 28, 28)] // as of 'sample --count 1000'
    [InlineData(2, 12, 4, 2000)] // rows of wide images
    [InlineData(1, 1, 2, 40_000)]
    [InlineData(700, 12, 8, 8)]
    public void Png_MoreThanAPictureHolds_GoesOnInTheNextLineOrIsDrawnSmaller(int rows, int columns, int height, int width)
    {
        using SKBitmap picture = SKBitmap.Decode(ImageGrid.Png(new byte[rows * columns * height * width], rows, columns, height, width));
        Assert.InRange(picture.Width, 1, ImageGrid.LargestSide);
        Assert.InRange(picture.Height, 1, ImageGrid.LargestSide);
    }

    [Fact]
    public void Png_RowThatGoesOn_HasEveryImageInItsPlace()
    {
        const int Columns = 400; // 16,384 pixels hold 272 of 60: 272 in the first line, 128 in the second
        var images = new byte[2 * Columns * 4 * 4];
        Array.Fill(images, (byte)255, (Columns + 272) * 16, 16); // second row, first of its second line
        using SKBitmap picture = SKBitmap.Decode(ImageGrid.Png(images, 2, Columns, 4, 4));
        Assert.Equal((2 * 16 + 272 * 60 - 4, 2 * 16 + 4 * 60 - 4), (picture.Width, picture.Height));
        Assert.Equal(SKColors.White, picture.GetPixel(16 + 28, 16 + 3 * 60 + 28));
        Assert.Equal(SKColors.Black, picture.GetPixel(16 + 60 + 28, 16 + 3 * 60 + 28));
        Assert.Equal(SKColors.Black, picture.GetPixel(16 + 28, 16 + 2 * 60 + 28));
    }

    [Fact]
    public void Png_ThatNothingHolds_IsOneLine()
    {
        var error = Assert.Throws<OrnsteinException>(() => ImageGrid.Png(new byte[30_000], 30_000, 1, 1, 1));
        Assert.Contains("30000 x 1 images of 1 x 1 pixels are too many for one picture", error.Message);
    }

    [Theory]
    [InlineData("手写\u001b数字")]
    [InlineData("a\u0000b\ufffe")]
    [InlineData("two  blanks \ud83d\ude00")]
    public void Svg_NameThatTheTypefaceCannotDraw_IsOutlinesOfWhatItCan(string name)
    {
        PhaseResult result = Fixtures.Phase(data: name);
        PhaseResult remedies = result with { Members = [.. result.Members, .. result.Members.Select(member => member with { Remedy = "beta:2" })] };
        foreach (string svg in new[] { PhaseFigure.Svg(result), PhaseFigure.Svg(remedies) })
        {
            Assert.DoesNotContain(XDocument.Parse(svg).Descendants(), element => element.Name.LocalName == "text");
        }

        Assert.NotEmpty(CurvesFigure.Png(result, Fixtures.Curves(result)));
        Assert.NotEmpty(ImageGrid.Png(new byte[16], 1, 1, 4, 4, [name]));
    }

    [Fact]
    public void WritePng_WrongSize_Throws() => Assert.Throws<ArgumentException>(() => ImageGrid.Png(new byte[10], 1, 1, 4, 4));

    [Fact]
    public void Png_Labels_AreDrawn()
    {
        byte[] plain = ImageGrid.Png(Fixtures.Images(24), 3, 8, 28, 28);
        byte[] labelled = Keep("samples.png", ImageGrid.Png(Fixtures.Images(24), 3, 8, 28, 28, ["ρ = 0", "ρ = 0.5", "ρ = 1"]));
        using SKBitmap narrow = SKBitmap.Decode(plain), wide = SKBitmap.Decode(labelled);
        Assert.True(wide.Width > narrow.Width + 50);
    }

    private static byte[] Drawn(string text, SKFont font)
    {
        using var picture = new SKBitmap(60, 60, SKColorType.Gray8, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(picture);
        using var paint = new SKPaint { Color = SKColors.White };
        canvas.Clear(SKColors.Black);
        canvas.DrawText(text, 10, 40, SKTextAlign.Left, font, paint);
        return picture.Bytes;
    }

    private static int Count(SKBitmap picture, SKColor color) => picture.Pixels.Count(p => p == color);

    /// <summary>Pictures stay beside the tests, to be looked at.</summary>
    private static byte[] Keep(string name, byte[] content)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures")).FullName;
        File.WriteAllBytes(Path.Combine(folder, name), content);
        return content;
    }
}
