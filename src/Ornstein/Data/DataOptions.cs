namespace Ornstein.Data;

/// <summary>Which value of a folder's pictures becomes full ink, 255.</summary>
public enum PixelScale
{
    /// <summary>
    /// The largest that their format can hold; of 16-bit pictures that use less than half of their range, as cameras of 12 bits give, the
    /// largest that there is.
    /// </summary>
    Auto,

    /// <summary>The largest that their format can hold, 255 or 65,535.</summary>
    Range,

    /// <summary>The largest that there is in the training and the test part.</summary>
    Max,
}

/// <summary>What transparent pixels lie on.</summary>
public enum PixelBackground
{
    /// <summary>White, 255: for dark drawings.</summary>
    White,

    /// <summary>Black, 0: for light drawings.</summary>
    Black,
}

/// <summary>Settings of <see cref="DatasetCatalog.Load"/>.</summary>
public sealed record DataOptions
{
    /// <summary>Variances of the independent features of <c>gaussian</c>, positive and finite; null for 20, 5, 2.5, 1.5.</summary>
    public double[]? Eigenvalues { get; init; }

    /// <summary>Number of <c>gaussian</c>'s training data, at least 1.</summary>
    public int GaussianTrain { get; init; } = 10_000;

    /// <summary>Number of <c>gaussian</c>'s test data, at least 1.</summary>
    public int GaussianTest { get; init; } = 2_000;

    /// <summary>Seed of <c>gaussian</c>: the same seed gives the same data.</summary>
    public long GaussianSeed { get; init; }

    /// <summary>How the pixels of a folder are scaled.</summary>
    public PixelScale Scale { get; init; } = PixelScale.Auto;

    /// <summary>What transparent pixels of a folder's pictures lie on.</summary>
    public PixelBackground Background { get; init; } = PixelBackground.White;

    /// <summary>
    /// Folder that holds one folder per fetched data set; null for <c>ornstein</c> under <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>
    /// (on Windows under the local application data).
    /// </summary>
    public string? CacheFolder { get; init; }
}

/// <summary>How far the fetching of one file has come.</summary>
/// <param name="File">File name.</param>
/// <param name="Bytes">Bytes received, those of an earlier, interrupted attempt included.</param>
/// <param name="Total">Bytes to receive; null where the server does not say.</param>
public sealed record DataProgress(string File, long Bytes, long? Total);
