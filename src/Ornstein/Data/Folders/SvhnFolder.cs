using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>
/// SVHN's cropped digits: <c>train_32x32.mat</c> and <c>test_32x32.mat</c>, each with X, bytes [32, 32, 3, count], and y, their digits, where 10 is written for 0.
/// </summary>
internal static class SvhnFolder
{
    private const string Train = "train_32x32.mat", Test = "test_32x32.mat";
    private const int Side = 32, Pixels = Side * Side * 3;

    /// <summary>Whether there are files by these names.</summary>
    public static bool Has(string folder) => File.Exists(Path.Combine(folder, Train)) || File.Exists(Path.Combine(folder, Test));

    /// <summary>The data of a folder; null where it has neither file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="attribution">Its source and licence.</param>
    /// <exception cref="OrnsteinException">A file is missing or damaged.</exception>
    public static Dataset? TryLoad(string folder, string name, string attribution)
    {
        if (!Has(folder)) return null;
        string[] paths = [Path.Combine(folder, Train), Path.Combine(folder, Test)];
        if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
            throw new OrnsteinException($"The folder {folder} has no {Path.GetFileName(missing)}: SVHN is {Train} and {Test}.");
        return new Dataset
        {
            Name = name,
            Kind = PixelKind.Intensity,
            Shape = new ImageShape(Side, Side, Channels: 3),
            Train = Part(paths[0]),
            Test = Part(paths[1]),
            Attribution = attribution,
            Files = paths,
        };
    }

    private static DataSplit Part(string path)
    {
        var matrices = MatReader.Read(path, ["X", "y"]);
        return Reading.Guard(path, () =>
        {
            if (!matrices.TryGetValue("X", out var images) || !matrices.TryGetValue("y", out var digits)) throw new InvalidDataException("It lacks X or y.");
            if (images.Dimensions is not [Side, Side, 3, var count])
                throw new InvalidDataException($"Its variable 'X' is {string.Join('x', images.Dimensions)}; 32x32x3 x number of images is right.");
            if (count == 0) throw new InvalidDataException("It has no images.");
            if (digits.Numbers.Length != count) throw new InvalidDataException($"It has {count} images and {digits.Numbers.Length} digits.");
            var labels = new int[count];
            for (var i = 0; i < count; i++)
                labels[i] = digits.Numbers[i] is >= 0 and <= 10 and var digit && digit == Math.Floor(digit) ? (int)digit % 10 : throw new InvalidDataException($"Its digit {i} is {digits.Numbers[i]}.");
            return DataSplit.FromBytes(Rows(images.Numbers, count), Pixels, labels);
        });
    }

    // Stored by columns: the row of a pixel goes fastest, then its column, its channel, and the image.
    private static byte[] Rows(MatNumbers numbers, int count)
    {
        var bytes = new byte[count * Pixels];
        long at = 0;
        for (var plane = 0; plane < 3 * count; plane++)
        {
            for (var x = 0; x < Side; x++)
            {
                for (var y = 0; y < Side; y++, at++)
                {
                    if (numbers[at] is not (>= 0 and <= 255 and var level) || level != Math.Floor(level)) throw new InvalidDataException($"Its variable 'X' has the number {numbers[at]}; bytes are right.");
                    bytes[(((plane * Side) + y) * Side) + x] = (byte)level;
                }
            }
        }

        return bytes;
    }
}
