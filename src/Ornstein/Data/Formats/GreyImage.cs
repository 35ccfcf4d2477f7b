namespace Ornstein.Data.Formats;

internal sealed record GreyImage(ushort[] Levels, ushort White, ImageShape Shape, bool HasAlpha)
{
    public byte[] ToBytes() => Array.ConvertAll(Levels, value => (byte)(((value * 255) + (White / 2)) / White));
}
