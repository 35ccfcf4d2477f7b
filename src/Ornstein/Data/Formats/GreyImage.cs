namespace Ornstein.Data.Formats;

/// <summary>A picture as grey levels.</summary>
/// <param name="Levels">Row-major, 0 (black) to <paramref name="White"/>.</param>
/// <param name="White">255 where the source has up to 8 bits per sample, 65535 where it has 16.</param>
/// <param name="Shape">Size in pixels.</param>
/// <param name="HasAlpha">Whether a pixel was not fully opaque, so that the background is in its level.</param>
internal sealed record GreyImage(ushort[] Levels, ushort White, ImageShape Shape, bool HasAlpha)
{
    /// <summary>The levels scaled to 0..255, rounded to the nearest.</summary>
    public byte[] ToBytes()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(Levels.Length);
        if (White == 255)
        {
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)Levels[i];
        }
        else
        {
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(((Levels[i] * 255u) + (White / 2u)) / White);
        }

        return bytes;
    }
}
