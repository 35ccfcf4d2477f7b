namespace Ornstein.Data;

/// <summary>What the numbers of a data set are.</summary>
public enum PixelKind
{
    /// <summary>Bytes that are 0 or 255.</summary>
    Binary,

    /// <summary>Bytes from 0 (no ink) to 255: grey levels, or 255 times the probability of a Bernoulli pixel.</summary>
    Intensity,

    /// <summary>Real numbers.</summary>
    Real,
}

/// <summary>Size of an image; a row of a <see cref="DataSplit"/> holds it channel after channel, each row by row.</summary>
/// <param name="Height">Number of pixel rows.</param>
/// <param name="Width">Number of pixel columns.</param>
/// <param name="Channels">Numbers of a pixel: 1 for grey, 3 for red, green and blue.</param>
public sealed record ImageShape(int Height, int Width, int Channels = 1)
{
    /// <summary>Numbers of an image: height times width times channels.</summary>
    internal Int128 Count => (Int128)Height * Width * Channels;

    /// <summary>As tables write it: <c>28x28</c>, or <c>32x32x3</c> with channels.</summary>
    public override string ToString() => FormattableString.Invariant(Channels == 1 ? (FormattableString)$"{Height}x{Width}" : $"{Height}x{Width}x{Channels}");
}

/// <summary>One part of a data set, in memory: <see cref="Count"/> rows of <see cref="Features"/> numbers.</summary>
public sealed class DataSplit
{
    private DataSplit(int count, int features, byte[]? bytes, float[]? reals, int[]? labels)
    {
        Count = count;
        Features = features;
        Bytes = bytes;
        Reals = reals;
        Labels = labels;
    }

    /// <summary>Number of data.</summary>
    public int Count { get; }

    /// <summary>Numbers per datum (pixels of an image).</summary>
    public int Features { get; }

    /// <summary>Row-major [Count, Features], 0 to 255; null where the kind is <see cref="PixelKind.Real"/>.</summary>
    public byte[]? Bytes { get; }

    /// <summary>Row-major [Count, Features]; null unless the kind is <see cref="PixelKind.Real"/>.</summary>
    public float[]? Reals { get; }

    /// <summary>Class index of every datum, from 0; null where there are no classes.</summary>
    public int[]? Labels { get; }

    /// <summary>A part made of bytes; the arrays are kept, not copied.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static DataSplit FromBytes(byte[] bytes, int features, int[]? labels = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new DataSplit(Rows(bytes.Length, features, labels), features, bytes, null, labels);
    }

    /// <summary>A part made of real numbers; the arrays are kept, not copied.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static DataSplit FromReals(float[] reals, int features, int[]? labels = null)
    {
        ArgumentNullException.ThrowIfNull(reals);
        return new DataSplit(Rows(reals.Length, features, labels), features, null, reals, labels);
    }

    /// <summary>Whether there are at least two data and they are all the same.</summary>
    public bool IsConstant() => Count > 1 && (Bytes is { } bytes ? IsConstant<byte>(bytes) : IsConstant<float>(Reals!));

    // Every row equals the one before it.
    private bool IsConstant<T>(ReadOnlySpan<T> values)
        where T : IEquatable<T> => values[Features..].SequenceEqual(values[..^Features]);

    private static int Rows(int length, int features, int[]? labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (length % features != 0) throw new ArgumentException($"{length} numbers are not rows of {features}.");
        if (labels is not null && labels.Length != length / features)
            throw new ArgumentException($"{labels.Length} labels for {length / features} rows.");
        return length / features;
    }
}

/// <summary>A data set in memory: a part to train on and a part to test on.</summary>
public sealed record Dataset
{
    /// <summary>Name in the catalogue, or the folder's path.</summary>
    public required string Name { get; init; }

    /// <summary>What the numbers are.</summary>
    public required PixelKind Kind { get; init; }

    /// <summary>Size of the images; null where the data are not images.</summary>
    public required ImageShape? Shape { get; init; }

    /// <summary>Data to train on.</summary>
    public required DataSplit Train { get; init; }

    /// <summary>Data for the curves during training that the data set itself sets apart; null where it has none.</summary>
    public DataSplit? Validation { get; init; }

    /// <summary>Held-out data.</summary>
    public required DataSplit Test { get; init; }

    /// <summary>Source and licence, in one line.</summary>
    public required string Attribution { get; init; }

    /// <summary>Paths of the files it was read from; empty where it is embedded or made.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>What may mislead about these data, a sentence each without a full stop: what was passed over, chosen or looks odd.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether pictures had pixels that were not fully opaque, which lie on <see cref="DataOptions.Background"/>.</summary>
    public bool HasTransparency { get; init; }

    /// <summary>Numbers per datum (pixels of an image).</summary>
    public int Features => Train.Features;
}
