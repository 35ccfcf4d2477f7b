using System.Globalization;
using System.Runtime.InteropServices;
using Ornstein.Data.Formats;

namespace Ornstein.Data;

/// <summary>The pixels of one part of a data set as files hold them, 0 to <see cref="White"/>: bytes, or words once a file has 16 bits.</summary>
internal sealed class PixelLevels
{
    private byte[]? _bytes;
    private ushort[]? _words;

    /// <summary>Room for pixels to come.</summary>
    public PixelLevels(int pixels) => _bytes = new byte[pixels];

    /// <summary>Bytes that are there; the array is kept, not copied.</summary>
    public PixelLevels(byte[] bytes) => _bytes = bytes;

    private PixelLevels(ushort[] words) => _words = words;

    /// <summary>Number of pixels.</summary>
    public int Count => _bytes?.Length ?? _words!.Length;

    /// <summary>All values as they lie in memory.</summary>
    public ReadOnlySpan<byte> Raw => _bytes ?? MemoryMarshal.AsBytes<ushort>(_words);

    /// <summary>The value of full ink in the files: 255, or 65,535 once one has 16 bits.</summary>
    public int White => _bytes is null ? ushort.MaxValue : byte.MaxValue;

    public int Largest => _bytes is { Length: > 0 } bytes ? bytes.Max() : _words is { Length: > 0 } words ? words.Max() : 0;

    /// <summary>Words that are there; the array is kept, not copied.</summary>
    public static PixelLevels OfWords(ushort[] words) => new(words);

    /// <summary>Puts an image at a place.</summary>
    public void Put(int at, Raster image)
    {
        if (image.White > byte.MaxValue) Widen();
        for (var i = 0; i < image.Levels.Length; i++)
        {
            if (_bytes is not null) _bytes[at + i] = (byte)image.Levels[i];
            else _words![at + i] = (ushort)(image.Levels[i] * (ushort.MaxValue / image.White));
        }
    }

    /// <summary>Takes all values to 16 bits, as where another part has them.</summary>
    public void Widen()
    {
        if (_bytes is null) return;
        _words = Array.ConvertAll(_bytes, value => (ushort)(value * (ushort.MaxValue / byte.MaxValue)));
        _bytes = null;
    }

    /// <summary>Whether every value is 0 or this one: what scaling makes so does not count.</summary>
    public bool HasOnly(int full) => _bytes is { } bytes
        ? !bytes.AsSpan().ContainsAnyExcept((byte)0, (byte)full)
        : !_words.AsSpan().ContainsAnyExcept((ushort)0, (ushort)full);

    /// <summary>Bytes 0 to 255, where <paramref name="full"/> becomes 255.</summary>
    public byte[] Scaled(int full)
    {
        if (_bytes is { } bytes && full == byte.MaxValue) return bytes;
        byte Scale(int value) => (byte)Math.Min(byte.MaxValue, ((value * 255L) + (full / 2)) / full);
        return _bytes is not null ? Array.ConvertAll(_bytes, value => Scale(value)) : Array.ConvertAll(_words!, value => Scale(value));
    }
}

/// <summary>Scales the parts of a data set alike, and tells binary images from grey ones.</summary>
/// <param name="Parts">Bytes of every part.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Warning">That their range is used in part only, and what was done; null where it is used.</param>
internal sealed record ScaledPixels(byte[][] Parts, PixelKind Kind, string? Warning)
{
    /// <summary>The scaled parts. Values that are all 0 or 1 are taken for binary, and 1 for full ink, whatever the scale.</summary>
    public static ScaledPixels Of(IReadOnlyList<PixelLevels> parts, PixelScale scale)
    {
        if (parts.Any(part => part.White > byte.MaxValue))
        {
            foreach (var part in parts) part.Widen();
        }

        var (white, largest) = (parts[0].White, parts.Max(part => part.Largest));
        var isNarrow = largest > 1 && 2 * largest < white;
        var usesMax = scale switch
        {
            PixelScale.Range => false,
            PixelScale.Max => true,
            PixelScale.Auto => isNarrow && white > byte.MaxValue,
            _ => throw new InvalidOperationException($"{scale} is no scale."),
        };
        var full = largest == 1 || (usesMax && largest > 0) ? largest : white;
        byte[][] bytes = [.. parts.Select(part => part.Scaled(full))];
        var isBinary = parts.All(part => part.HasOnly(full));
        return new(bytes, isBinary ? PixelKind.Binary : PixelKind.Intensity, isNarrow && scale == PixelScale.Max ? null : Warn(isNarrow, usesMax, largest, white));
    }

    private static string? Warn(bool isNarrow, bool usesMax, int largest, int white) => !isNarrow ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"the largest pixel is {largest} of {white}, so the pictures use {100.0 * largest / white:0.#} % of their range: ")
        + (usesMax ? $"they are scaled so that {largest} is full ink (--scale range leaves them as they are)" : $"--scale max makes {largest} full ink");
}
