using System.Buffers.Binary;
using System.Text;
using Ornstein.Storage;
using Ornstein.Tests.Data;

namespace Ornstein.Fuzzing.Inputs;

/// <summary>Files of numbers: IDX, CIFAR-10, MATLAB level 5, safetensors.</summary>
internal static class DataInputs
{
    private static readonly byte[][] _images = [TestFiles.IdxImages(3, 4, 5, i => (byte)(11 * i)), TestFiles.IdxImages(1, 28, 28, i => (byte)i)];
    private static readonly byte[][] _labels = [TestFiles.IdxLabels(0, 1, 9), TestFiles.IdxLabels([.. Enumerable.Range(0, 200).Select(i => (byte)(i % 10))])];
    private static readonly byte[][] _records = [Records(1), Records(3)];
    private static readonly byte[][] _mats = [Omniglot(false, false), Omniglot(true, false), Omniglot(false, true), Svhn(2)];
    private static readonly byte[][] _tensors = [Tensors()];

    /// <summary>A sound file of two pictures of SVHN.</summary>
    public static byte[] SoundSvhn { get; } = Svhn(2);

    public static byte[] IdxImages(Random random) => Packed(random, ByteInputs.Of(random, _images));

    public static byte[] IdxLabels(Random random) => Packed(random, ByteInputs.Of(random, _labels));

    /// <summary>Records of CIFAR-10, mostly of whole number.</summary>
    public static byte[] Cifar(Random random)
    {
        var bytes = ByteInputs.Of(random, _records);
        return random.Next(3) == 0 ? bytes : bytes[..(bytes.Length / 3073 * 3073)];
    }

    /// <summary>A MATLAB file: changed as it is, or within what it compresses.</summary>
    public static byte[] Mat(Random random)
    {
        var bytes = ByteInputs.Of(random, _mats);
        return random.Next(3) == 0 && bytes.Length > 136 ? Compressed(random, bytes) : bytes;
    }

    /// <summary>A MATLAB file with the two variables of SVHN, its elements mostly whole.</summary>
    public static byte[] SvhnMat(Random random)
    {
        if (random.Next(2) == 0) return ByteInputs.Of(random, [Svhn(1 + random.Next(3))]);
        int[] sizes = [32, 32, 3, (int)(random.Next(3) == 0 ? ByteInputs.Extreme(random) : random.Next(4))];
        if (random.Next(3) == 0) sizes[random.Next(4)] = (int)ByteInputs.Extreme(random);
        if (random.Next(4) == 0) sizes = [.. sizes, random.Next(4)];
        double[] numbers = [.. Enumerable.Range(0, 3072 * random.Next(3)).Select(i => (double)(i % 300))];
        double[] digits = [.. Enumerable.Range(0, random.Next(4)).Select(_ => ByteInputs.One(random, new[] { 1.0, 10, 0, 11, -1, 2.5, double.NaN, double.PositiveInfinity }))];
        var type = ByteInputs.One(random, new[] { 2, 7, 9 });
        var isCompressed = random.Next(2) == 0;
        return new MatWriter(random.Next(2) == 0).Add("X", sizes, type, 9, numbers, isCompressed).Add("y", [digits.Length, 1], 9, 6, digits, isCompressed).ToArray();
    }

    /// <summary>A safetensors file: changed as bytes, or in its header, whose length is then mostly right.</summary>
    public static byte[] Safetensors(Random random)
    {
        var bytes = ByteInputs.One(random, _tensors);
        if (random.Next(3) == 0) return ByteInputs.Of(random, _tensors);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = JsonInputs.Of(random, [JsonTree.Parse(Encoding.UTF8.GetString(bytes, 8, length))], ["\"F32\"", "\"F64\"", "\"BOOL\"", "[0,4]", "[4,0]", "[2,3]", "[4294967296,4294967296]"]);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, random.Next(12) == 0 ? ByteInputs.Extreme(random) : header.Length);
        return [.. prefix, .. header, .. bytes.AsSpan(8 + length)];
    }

    private static byte[] Packed(Random random, byte[] bytes) => random.Next(2) == 0 ? bytes : ArchiveInputs.Gzip(random, bytes);

    private static byte[] Records(int count)
    {
        var bytes = new byte[3073 * count];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i % 3073 == 0 ? i / 3073 : i);
        return bytes;
    }

    private static byte[] Omniglot(bool bigEndian, bool compressed)
    {
        double[] Pixels(int count) => [.. Enumerable.Range(0, 784 * count).Select(i => (double)(i % 2))];
        var mat = new MatWriter(bigEndian);
        foreach (var (prefix, count) in new[] { ("", 2), ("test", 1) })
        {
            mat.Add($"{prefix}data", 784, 2, 6, Pixels(count), compressed);
            mat.Add($"{prefix}target", 3, 9, 6, [.. Enumerable.Range(0, 3 * count).Select(i => (double)(i % 3 == 0 ? 1 : 0))], compressed);
            mat.Add($"{prefix}targetchar", 1, 9, 6, [.. Enumerable.Range(1, count).Select(i => (double)i)], compressed);
        }

        return mat.ToArray();
    }

    private static byte[] Svhn(int count) => new MatWriter(false).Add("X", [32, 32, 3, count], 2, 9, [.. Enumerable.Range(0, 3072 * count).Select(i => (double)(i % 256))])
        .Add("y", [count, 1], 9, 6, [.. Enumerable.Range(1, count).Select(i => (double)i)]).ToArray();

    // All that follows the header as one compressed element.
    private static byte[] Compressed(Random random, byte[] mat)
    {
        var body = TestFiles.Zlib(random.Next(8) == 0 ? new byte[random.Next(1 << 20)] : mat[128..]);
        var tag = new byte[8];
        var isBig = mat[126] == (byte)'M';
        if (isBig)
        {
            BinaryPrimitives.WriteInt32BigEndian(tag, 15);
            BinaryPrimitives.WriteInt32BigEndian(tag.AsSpan(4), body.Length);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(tag, 15);
            BinaryPrimitives.WriteInt32LittleEndian(tag.AsSpan(4), body.Length);
        }

        return [.. mat[..128], .. tag, .. body];
    }

    private static byte[] Tensors()
    {
        using var folder = new FuzzFolder();
        SafetensorsFile.Write(
            folder["x"],
            [
                SafetensorsTensor.Create<float>("q1.output.weight", [2, 3, 4], new float[24]), SafetensorsTensor.Create<double>("b", [], new[] { 1.0 }),
                SafetensorsTensor.Create<byte>("empty", [0, 5], Array.Empty<byte>()),
            ],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "ornstein" });
        return File.ReadAllBytes(folder["x"]);
    }
}
