using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>
/// CIFAR-10 in its binary form: <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>, or as many as there are, and <c>test_batch.bin</c>. A record is a byte that is the
/// class, and 1,024 bytes each of red, green and blue.
/// </summary>
internal static class CifarFolder
{
    private const string Test = "test_batch.bin";
    private const int Pixels = 32 * 32 * 3, Record = 1 + Pixels, Classes = 10;

    /// <summary>Whether there are files by these names.</summary>
    public static bool Has(string folder) => TrainFiles(folder).Length > 0 || File.Exists(Path.Combine(folder, Test));

    /// <summary>The data of a folder; null where it has none of the files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="attribution">Its source and licence.</param>
    /// <param name="open">Opens a file, for bytes that are read to their end; null for as it is.</param>
    /// <exception cref="OrnsteinException">A file is missing or damaged.</exception>
    public static Dataset? TryLoad(string folder, string name, string attribution, Func<string, Stream>? open = null)
    {
        if (!Has(folder)) return null;
        var (train, test) = (TrainFiles(folder), Path.Combine(folder, Test));
        if (train.Length == 0 || !File.Exists(test))
        {
            throw new OrnsteinException(
                $"The folder {folder} has no {(train.Length == 0 ? "data_batch_1.bin" : Test)}: the binary form of CIFAR-10 is data_batch_1.bin to data_batch_5.bin and {Test}.");
        }

        return new Dataset
        {
            Name = name,
            Kind = PixelKind.Intensity,
            Shape = new ImageShape(32, 32, Channels: 3),
            Train = Part(train, open ?? Reading.OpenFile),
            Test = Part([test], open ?? Reading.OpenFile),
            Attribution = attribution,
            Files = [.. train, test],
        };
    }

    private static string[] TrainFiles(string folder) =>
        [.. Enumerable.Range(1, 5).Select(i => Path.Combine(folder, $"data_batch_{i}.bin")).Where(File.Exists)];

    private static DataSplit Part(string[] paths, Func<string, Stream> open)
    {
        byte[][] files = [.. paths.Select(path => Records(path, open))];
        var count = files.Sum(file => (long)file.Length) / Record;
        if (count * Pixels > Reading.MaxBytes) throw new OrnsteinException($"{paths[0]} and its companions hold {count} images, more than the limit of {Reading.MaxBytes / Pixels}.");
        var (pixels, labels, at) = (new byte[count * Pixels], new int[count], 0);
        foreach (var file in files)
        {
            for (var start = 0; start < file.Length; start += Record, at++)
            {
                labels[at] = file[start];
                file.AsSpan(start + 1, Pixels).CopyTo(pixels.AsSpan(at * Pixels));
            }
        }

        return DataSplit.FromBytes(pixels, Pixels, labels);
    }

    private static byte[] Records(string path, Func<string, Stream> open) => Reading.Guard(path, () =>
    {
        using var stream = open(path);
        var bytes = Reading.ToEnd(stream, Reading.MaxBytes);
        if (bytes.Length == 0 || bytes.Length % Record != 0)
            throw new InvalidDataException($"It has {bytes.Length} bytes, which are no whole number of records of {Record}: it may be cut short.");
        for (var at = 0; at < bytes.Length; at += Record)
        {
            if (bytes[at] >= Classes) throw new InvalidDataException($"Record {at / Record} is of class {bytes[at]}; there are classes 0 to {Classes - 1}.");
        }

        return bytes;
    });
}
