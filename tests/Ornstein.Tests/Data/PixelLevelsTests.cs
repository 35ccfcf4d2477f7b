using Ornstein.Data;
using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

public sealed class PixelLevelsTests
{
    [Fact]
    public void Of_WordsThatUseLittleOfTheirRange_AreScaledBeforeTheyAreCut()
    {
        var scaled = ScaledPixels.Of([Words(0, 100, 419), Words(210, 0, 0)], PixelScale.Auto);
        Assert.Equal([0, 61, 255], scaled.Parts[0]); // 100 * 255 / 419 = 60.9
        Assert.Equal([128, 0, 0], scaled.Parts[1]);
        Assert.Equal(PixelKind.Intensity, scaled.Kind);
        Assert.Contains("419 of 65535", scaled.Warning, StringComparison.Ordinal);
        Assert.Contains("--scale range", scaled.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WordsThatUseTheirRange_KeepIt()
    {
        var scaled = ScaledPixels.Of([Words(0, 32768, 60000)], PixelScale.Auto);
        Assert.Equal([0, 128, 233], scaled.Parts[0]);
        Assert.Null(scaled.Warning);
    }

    [Theory]
    [InlineData(PixelScale.Auto, new byte[] { 0, 4, 16 }, "--scale max makes 16 full ink")]
    [InlineData(PixelScale.Range, new byte[] { 0, 4, 16 }, "--scale max makes 16 full ink")]
    [InlineData(PixelScale.Max, new byte[] { 0, 64, 255 }, null)]
    public void Of_BytesThatUseLittleOfTheirRange_SaysSoUntilTheyAreScaled(PixelScale scale, byte[] expected, string? warning)
    {
        var scaled = ScaledPixels.Of([new PixelLevels([0, 4, 16])], scale);
        Assert.Equal(expected, scaled.Parts[0]);
        if (warning is null) Assert.Null(scaled.Warning);
        else Assert.Contains(warning, scaled.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WordsThatScalingMakesTwoValued_AreNoBinaryImages() =>
        Assert.Equal(PixelKind.Intensity, ScaledPixels.Of([Words(0, 120, 65535)], PixelScale.Auto).Kind);

    [Fact]
    public void Of_BytesBesideWords_AreOfOneScale()
    {
        var scaled = ScaledPixels.Of([new PixelLevels([0, 255]), Words(65535, 257)], PixelScale.Auto);
        Assert.Equal([0, 255], scaled.Parts[0]);
        Assert.Equal([255, 1], scaled.Parts[1]);
    }

    [Theory]
    [InlineData(PixelScale.Auto)]
    [InlineData(PixelScale.Max)]
    public void Of_NothingButZeros_StaysAsItIs(PixelScale scale)
    {
        var scaled = ScaledPixels.Of([new PixelLevels([0, 0])], scale);
        Assert.Equal([0, 0], scaled.Parts[0]);
        Assert.Null(scaled.Warning);
    }

    private static PixelLevels Words(params ushort[] values)
    {
        var levels = new PixelLevels(values.Length);
        levels.Put(0, new Raster(values, ushort.MaxValue, new ImageShape(1, values.Length), HasAlpha: false));
        return levels;
    }
}
