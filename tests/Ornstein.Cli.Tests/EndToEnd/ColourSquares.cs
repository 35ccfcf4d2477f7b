using Ornstein.Data;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>The data set of docs/data.md, which has this very code: squares of any colour on black.</summary>
public sealed record ColourSquares : IDatasetSource
{
    private const int Side = 8, Pixels = Side * Side;

    public DatasetDescription Description { get; } = new()
    {
        Name = "colour-squares", Summary = "squares of any colour on black", Kind = PixelKind.Intensity,
        Shape = new(Side, Side, Channels: 3), TrainCount = 200, TestCount = 50, AlwaysPresent = true,
    };

    public Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) => new()
    {
        Name = Description.Name, Kind = Description.Kind, Shape = Description.Shape, Attribution = "made here",
        Train = Draw(Description.TrainCount, seed: 0), Test = Draw(Description.TestCount, seed: 1),
    };

    // A row holds all of red, then all of green, then all of blue, each row by row; the label is the half that the square begins in.
    private static DataSplit Draw(int count, int seed)
    {
        var (random, bytes, labels) = (new Random(seed), new byte[count * 3 * Pixels], new int[count]);
        for (var row = 0; row < count; row++)
        {
            var (top, left) = (random.Next(Side - 3), random.Next(Side - 3));
            labels[row] = left / (Side / 2);
            for (var channel = 0; channel < 3; channel++)
            {
                var level = (byte)random.Next(64, 256);
                for (var i = 0; i < 16; i++) bytes[(((row * 3) + channel) * Pixels) + ((top + (i / 4)) * Side) + left + (i % 4)] = level;
            }
        }

        return DataSplit.FromBytes(bytes, 3 * Pixels, labels);
    }
}
