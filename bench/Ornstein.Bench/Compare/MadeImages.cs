using Ornstein.Batching;
using Ornstein.Randomness;

namespace Ornstein.Bench.Compare;

/// <summary>Images that need no file: a wave of its own in every channel of every image, as seeded draws have it.</summary>
internal static class MadeImages
{
    /// <summary>Images of a set.</summary>
    public const int Count = 2000;

    // Above it a binary pixel is on: a fifth of them or so.
    private const double On = 0.8;

    // Radians from edge to edge at most: one to three waves.
    private const double MostTurn = 10;

    /// <summary>Images of 256 levels.</summary>
    public static DataRows Levels(Shape shape) => Made(shape, wave => (byte)Math.Round(255 * wave));

    /// <summary>Images of pixels that are on or off.</summary>
    public static DataRows Binary(Shape shape) => Made(shape, wave => wave > On ? byte.MaxValue : byte.MinValue);

    private static DataRows Made(Shape shape, Func<double, byte> level)
    {
        var (channels, height, across) = (shape.Axes[0], shape.Axes[1], shape.Axes[2]);
        var draws = new float[3 * Count * channels];
        RandomKey.FromSeed(4).At("made images").FillUniform(draws);
        var pixels = new byte[Count * shape.Units];
        for (var map = 0; map < Count * channels; map++)
        {
            var (down, along, phase) = (MostTurn * ((2 * draws[3 * map]) - 1), MostTurn * ((2 * draws[(3 * map) + 1]) - 1), 2 * Math.PI * draws[(3 * map) + 2]);
            for (var pixel = 0; pixel < height * across; pixel++)
            {
                var turn = (down * (pixel / across) / height) + (along * (pixel % across) / across) + phase;
                pixels[(map * height * across) + pixel] = level(0.5 + (0.5 * Math.Sin(turn)));
            }
        }

        return DataRows.FromPixels(pixels, shape.Units, Binarization.None, training: true, channels);
    }
}
