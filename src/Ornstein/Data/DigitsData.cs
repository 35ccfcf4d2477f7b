using System.Buffers.Binary;
using System.IO.Compression;

namespace Ornstein.Data;

/// <summary>The embedded default: a binarized subset of MNIST (see digits/README.md and build/MakeDigits.cs).</summary>
internal static class DigitsData
{
    public const int TrainCount = 11_000, TestCount = 2_000;
    private const int Pixels = 784;
    private const string Resource = "Ornstein.Data.digits.br";

    public static Dataset Load()
    {
        var content = Content();
        var labels = Array.ConvertAll(content[..(TrainCount + TestCount)], l => (int)l);
        var packed = content.AsSpan(TrainCount + TestCount);
        return new Dataset
        {
            Name = "digits",
            Kind = PixelKind.Binary,
            Shape = new ImageShape(28, 28),
            Train = DataSplit.FromBytes(Unpack(packed[..(TrainCount * Pixels / 8)]), Pixels, labels[..TrainCount]),
            Test = DataSplit.FromBytes(Unpack(packed[(TrainCount * Pixels / 8)..]), Pixels, labels[TrainCount..]),
            Attribution = "Subset of MNIST, statically binarized (Y. LeCun, C. Cortes, C. J. C. Burges); CC BY-SA 3.0",
        };
    }

    internal static byte[] Content()
    {
        using var resource = typeof(DigitsData).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        using var brotli = new BrotliStream(resource, CompressionMode.Decompress);
        var content = new byte[(TrainCount + TestCount) * (1 + (Pixels / 8))];
        brotli.ReadExactly(content);
        return content;
    }

    private static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        // The eight pixels of every possible byte, in memory order.
        Span<ulong> pixels = stackalloc ulong[256];
        for (var b = 0; b < 256; b++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                if ((b & (128 >> bit)) != 0) pixels[b] |= 0xFFUL << (8 * bit);
            }
        }

        var bytes = GC.AllocateUninitializedArray<byte>(packed.Length * 8);
        for (var i = 0; i < packed.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), pixels[packed[i]]);
        return bytes;
    }
}
