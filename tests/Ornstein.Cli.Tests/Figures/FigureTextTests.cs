using Ornstein.Experiments.Figures;
using SkiaSharp;

namespace Ornstein.Cli.Tests.Figures;

public class FigureTextTests
{
    [Theory]
    [InlineData("MNIST, grey (ρ)", "MNIST, grey (ρ)")]
    [InlineData("größe-ž", "größe-ž")]
    [InlineData("手写 a", "[U+624B U+5199] a")]
    [InlineData("a\u001b[31mb", "a[U+001B][31mb")]
    [InlineData("a\u202eb", "a[U+202E]b")]
    [InlineData("\ud83d\ude00", "[U+1F600]")]
    [InlineData(" a\t \nb ", "a b")]
    public void Drawable_Text_IsOfLettersThatTheTypefaceHas(string text, string drawable)
    {
        Assert.Equal(drawable, FigureText.Drawable(text));
        Assert.All(drawable, letter => Assert.NotEqual(0, FigureFonts.Regular.GetGlyph(letter)));
    }

    [Fact]
    public void Fit_LongName_KeepsBothEndsAndItsRoom()
    {
        using var font = new SKFont(FigureFonts.Regular, 15);
        string name = "begin-" + new string('n', 240) + "-end";
        string shown = FigureText.Fit(name, 15, 300);
        Assert.InRange(font.MeasureText(shown), 250, 300);
        Assert.StartsWith("begin-", shown);
        Assert.Contains("…", shown);
        Assert.EndsWith("-end", shown);
        Assert.Equal("short", FigureText.Fit("short", 15, 300));
    }

    [Fact]
    public void Subtitle_LongName_LeavesTheRestWhole()
    {
        using var font = new SKFont(FigureFonts.Regular, FigureStyle.SubtitleSize);
        string subtitle = FigureText.Subtitle(new string('手', 80), ", 2 seeds: mean (line), single models (dots)");
        Assert.EndsWith(", 2 seeds: mean (line), single models (dots)", subtitle);
        Assert.InRange(font.MeasureText(subtitle), 1, FigureText.SubtitleRoom);
    }
}
