namespace Ornstein.Data.Formats;

/// <summary>What pixels are read as.</summary>
/// <param name="Background">Level 0..255, of every channel, of what pixels lie on that are not fully opaque.</param>
/// <param name="InColour">Whether three levels a pixel are wanted, red, green and blue, or one, grey.</param>
internal sealed record PixelReading(byte Background = 255, bool InColour = false)
{
    /// <summary>Grey on white.</summary>
    public static PixelReading Grey { get; } = new();

    /// <summary>Levels of a pixel.</summary>
    public int Channels => InColour ? 3 : 1;
}
