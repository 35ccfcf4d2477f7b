using System.Buffers.Binary;

namespace Ornstein.Data.Formats;

/// <summary>Turns a row of a PNG's samples into grey levels, composed onto a background where they are not opaque.</summary>
internal sealed class PngGrey
{
    private const int Transparent = 1 << 16, Unknown = 1 << 17;
    private readonly PngHeader _header;
    private readonly int _background;

    // The level of every value of a sample, with the flags above, where a pixel is one sample of at most 8 bits; else null.
    private readonly int[]? _table;

    // The samples of the one colour that is transparent; null where there is none.
    private readonly int[]? _key;

    private int _flags;

    /// <exception cref="InvalidDataException">The palette or the transparency are not what the header wants.</exception>
    public PngGrey(PngChunks png, byte background)
    {
        _header = png.Header;
        White = _header.Depth == 16 ? ushort.MaxValue : byte.MaxValue;
        _background = background * (White / byte.MaxValue);
        if (_header.Color is PngColor.Grey or PngColor.Rgb) _key = Key(png.Transparency, _header.Channels, (1 << _header.Depth) - 1);
        if (_header.Color == PngColor.Palette) _table = PaletteTable(png.Palette, png.Transparency ?? []);
        else if (_header is { Color: PngColor.Grey, Depth: <= 8 }) _table = GreyTable();
    }

    /// <summary>The level of white.</summary>
    public ushort White { get; }

    /// <summary>Whether a pixel was not fully opaque until now.</summary>
    public bool HasAlpha => (_flags & Transparent) != 0;

    /// <summary>Converts a row of pixels.</summary>
    /// <exception cref="InvalidDataException">A pixel has a colour that the palette lacks.</exception>
    public void Convert(ReadOnlySpan<byte> samples, Span<ushort> levels)
    {
        if (_table is not null) LookUp(samples, levels, _table);
        else Compute(samples, levels);
    }

    private void LookUp(ReadOnlySpan<byte> samples, Span<ushort> levels, int[] table)
    {
        var (depth, flags) = (_header.Depth, 0);
        var perByte = 8 / depth;
        for (int at = 0, x = 0; x < levels.Length; at++)
        {
            // The first pixel is in the highest bits.
            int packed = samples[at], end = Math.Min(levels.Length, x + perByte);
            for (var shift = 8 - depth; x < end; shift -= depth, x++)
            {
                var entry = table[(packed >> shift) & (table.Length - 1)];
                levels[x] = (ushort)entry;
                flags |= entry;
            }
        }

        if ((flags & Unknown) != 0) throw new InvalidDataException("A pixel has a colour that its palette lacks.");
        _flags |= flags;
    }

    private void Compute(ReadOnlySpan<byte> samples, Span<ushort> levels)
    {
        var (channels, wide) = (_header.Channels, _header.Depth == 16);
        Span<int> pixel = stackalloc int[4];
        for (int x = 0, at = 0; x < levels.Length; x++)
        {
            for (var c = 0; c < channels; c++, at++)
                pixel[c] = wide ? BinaryPrimitives.ReadUInt16BigEndian(samples[(2 * at)..]) : samples[at];
            var level = channels < 3 ? pixel[0] : Grey(pixel[0], pixel[1], pixel[2]);
            var alpha = channels is 2 or 4 ? pixel[channels - 1] : IsKey(pixel[..channels]) ? 0 : White;
            levels[x] = (ushort)Compose(level, alpha, White);
            if (alpha < White) _flags |= Transparent;
        }
    }

    private bool IsKey(ReadOnlySpan<int> pixel) => _key is not null && pixel.SequenceEqual(_key);

    private int[] GreyTable()
    {
        var largest = (1 << _header.Depth) - 1;
        var table = new int[largest + 1];
        for (var i = 0; i <= largest; i++) table[i] = i == _key?[0] ? _background | Transparent : i * (White / largest);
        return table;
    }

    private int[] PaletteTable(byte[] palette, byte[] alphas)
    {
        if (palette.Length == 0 || palette.Length % 3 != 0 || palette.Length > 3 * 256)
            throw new InvalidDataException($"Its palette has {palette.Length} bytes: 3 for each of 1 to 256 colours are right.");
        var table = new int[1 << _header.Depth];
        for (var i = 0; i < table.Length; i++)
        {
            if (3 * i >= palette.Length)
            {
                table[i] = Unknown;
                continue;
            }

            var alpha = i < alphas.Length ? alphas[i] : byte.MaxValue;
            var level = Grey(palette[3 * i], palette[(3 * i) + 1], palette[(3 * i) + 2]);
            table[i] = Compose(level, alpha, byte.MaxValue) | (alpha < byte.MaxValue ? Transparent : 0);
        }

        return table;
    }

    private static int[]? Key(byte[]? transparency, int channels, int mask)
    {
        if (transparency is null) return null;
        if (transparency.Length != 2 * channels)
            throw new InvalidDataException($"Its tRNS chunk has {transparency.Length} bytes instead of {2 * channels}.");
        var key = new int[channels];
        for (var c = 0; c < channels; c++) key[c] = BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * c)) & mask;
        return key;
    }

    // Luma by the weights of ITU-R BT.601 in 256ths: white stays white.
    private static int Grey(int red, int green, int blue) => ((red * 77) + (green * 150) + (blue * 29)) >> 8;

    private int Compose(int level, int alpha, int opaque)
    {
        if (alpha == opaque) return level;
        // At 16 bits the sum passes 2^31.
        return (int)((((long)level * alpha) + ((long)_background * (opaque - alpha)) + (opaque / 2)) / opaque);
    }
}
