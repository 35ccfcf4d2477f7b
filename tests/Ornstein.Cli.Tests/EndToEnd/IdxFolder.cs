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

    /// <summary>A folder whose training images end too soon.</summary>
    public static void WriteTruncated(string folder) =>
        File.WriteAllBytes(Path.Combine(Write(folder, 10, 10, 4), "train-images-idx3-ubyte"), [.. Header(Magic, 10, 4, 4), .. new byte[100]]);

    private static byte[] Header(params int[] numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        return bytes;
    }
}
