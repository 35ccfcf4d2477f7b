using System.Buffers.Binary;

namespace Ornstein.Data.Formats;

/// <summary>Turns a row of a PNG's samples into pixels.</summary>
internal sealed class PngSamples
{
    private readonly PngHeader _header;

    // The pixel of every value of a sample, where a pixel is one sample of at most 8 bits; else null.
    private readonly Rgba[]? _table;

    // How many values have one: palettes may be short.
    private readonly int _known;

    // The samples of the one colour that is transparent; null where there is none.
    private readonly int[]? _key;

    /// <exception cref="InvalidDataException">The palette or the transparency are not what the header wants.</exception>
    public PngSamples(PngChunks png)
    {
        _header = png.Header;
        White = _header.Depth == 16 ? ushort.MaxValue : byte.MaxValue;
        if (_header.Color is PngColor.Grey or PngColor.Rgb) _key = Key(png.Transparency, _header.Channels, (1 << _header.Depth) - 1);
        if (_header.Color == PngColor.Palette) (_table, _known) = PaletteTable(png.Palette, png.Transparency ?? []);
        else if (_header is { Color: PngColor.Grey, Depth: <= 8 }) (_table, _known) = (GreyTable(), 1 << _header.Depth);
    }

    /// <summary>The level of white.</summary>
    public ushort White { get; }

    /// <summary>Converts a row of pixels.</summary>
    /// <exception cref="InvalidDataException">A pixel has a colour that the palette lacks.</exception>
    public void Convert(ReadOnlySpan<byte> samples, Span<Rgba> pixels)
    {
        if (_table is not null) LookUp(samples, pixels, _table);
        else Compute(samples, pixels);
    }

    private void LookUp(ReadOnlySpan<byte> samples, Span<Rgba> pixels, Rgba[] table)
    {
        var (depth, largest) = (_header.Depth, 0);
        var perByte = 8 / depth;
        for (int at = 0, x = 0; x < pixels.Length; at++)
        {
            // The first pixel is in the highest bits.
            int packed = samples[at], end = Math.Min(pixels.Length, x + perByte);
            for (var shift = 8 - depth; x < end; shift -= depth, x++)
            {
                var value = (packed >> shift) & (table.Length - 1);
                pixels[x] = table[value];
                largest = Math.Max(largest, value);
            }
        }

        if (largest >= _known) throw new InvalidDataException("A pixel has a colour that its palette lacks.");
    }

    private void Compute(ReadOnlySpan<byte> samples, Span<Rgba> pixels)
    {
        var (channels, wide) = (_header.Channels, _header.Depth == 16);
        Span<int> pixel = stackalloc int[4];
        for (int x = 0, at = 0; x < pixels.Length; x++)
        {
            for (var c = 0; c < channels; c++, at++)
                pixel[c] = wide ? BinaryPrimitives.ReadUInt16BigEndian(samples[(2 * at)..]) : samples[at];
            var alpha = (ushort)(channels is 2 or 4 ? pixel[channels - 1] : IsKey(pixel[..channels]) ? 0 : White);
            pixels[x] = channels < 3 ? Rgba.Grey((ushort)pixel[0], alpha) : new Rgba((ushort)pixel[0], (ushort)pixel[1], (ushort)pixel[2], alpha);
        }
    }

    private bool IsKey(ReadOnlySpan<int> pixel) => _key is not null && pixel.SequenceEqual(_key);

    private Rgba[] GreyTable()
    {
        var largest = (1 << _header.Depth) - 1;
        var table = new Rgba[largest + 1];
        for (var i = 0; i <= largest; i++) table[i] = Rgba.Grey((ushort)(i * (White / largest)), i == _key?[0] ? (ushort)0 : White);
        return table;
    }

    private (Rgba[] Table, int Known) PaletteTable(byte[] palette, byte[] alphas)
    {
        if (palette.Length == 0 || palette.Length % 3 != 0 || palette.Length > 3 * 256)
            throw new InvalidDataException($"Its palette has {palette.Length} bytes: 3 for each of 1 to 256 colours are right.");
        var table = new Rgba[1 << _header.Depth];
        var known = Math.Min(table.Length, palette.Length / 3);
        for (var i = 0; i < known; i++)
            table[i] = new Rgba(palette[3 * i], palette[(3 * i) + 1], palette[(3 * i) + 2], i < alphas.Length ? alphas[i] : byte.MaxValue);
        return (table, known);
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
}
