using System.Buffers.Binary;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Folders of images as MNIST's files hold them.</summary>
internal static class IdxFolder
{
    private const int Magic = 0x0803;

    /// <summary>A sound folder of grey images.</summary>
    public static string Write(string folder, int train, int test, int side, int seed = 1)
    {
        var random = new Random(seed);
        Directory.CreateDirectory(folder);
        foreach (var (name, count) in new[] { ("train", train), ("t10k", test) })
        {
            var pixels = new byte[count * side * side];
            random.NextBytes(pixels);
            File.WriteAllBytes(Path.Combine(folder, $"{name}-images-idx3-ubyte"), [.. Header(Magic, count, side, side), .. pixels]);
        }

        return folder;
    }

    /// <summary>Folders with one thing wrong each, in the training images.</summary>
    public static void WriteDamaged(string folder)
    {
        Damage("idx-empty", []);
        Damage("idx-magic", [.. Header(0x0801, 10, 4, 4), .. new byte[160]]);
        Damage("idx-truncated", [.. Header(Magic, 10, 4, 4), .. new byte[100]]);
        Damage("idx-oversized", [.. Header(Magic, int.MaxValue, 60000, 60000), .. new byte[160]]);

        void Damage(string name, byte[] train) =>
            File.WriteAllBytes(Path.Combine(Write(Path.Combine(folder, name), 10, 10, 4), "train-images-idx3-ubyte"), train);
    }

    private static byte[] Header(params int[] numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        return bytes;
    }
}
