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

/// <summary>Whether a folder's pictures are read in colour.</summary>
public enum PixelColour
{
    /// <summary>In colour where a picture has any; refused where some files have colour and some can have none.</summary>
    Auto,

    /// <summary>Grey, by the weights of ITU-R BT.601.</summary>
    Grey,

    /// <summary>Red, green and blue; a grey picture has all three alike.</summary>
    Rgb,
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

    /// <summary>Whether a folder's pictures are read in colour.</summary>
    public PixelColour Colour { get; init; } = PixelColour.Auto;

    /// <summary>
    /// Size that images are brought to, height and width, or one number for both: the largest part around the middle with that ratio of sides, by area
    /// averaging. Null for the size that they have, which then must be one. Binary images have none but their own.
    /// </summary>
    public Shape? ImageSize { get; init; }

    /// <summary>
    /// Folder that holds one folder per fetched data set; null for <c>ornstein</c> under <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>
    /// (on Windows under the local application data).
    /// </summary>
    public string? CacheFolder { get; init; }
}

/// <summary>What is counted while data are fetched or read.</summary>
public enum DataUnit
{
    /// <summary>Bytes of a file that is fetched.</summary>
    Bytes,

    /// <summary>Pictures of a folder that are read.</summary>
    Pictures,
}

/// <summary>How far the fetching of one file, or the reading of a folder's pictures, has come.</summary>
/// <param name="File">File name, or the folder.</param>
/// <param name="Bytes">Bytes received, those of an earlier, interrupted attempt included; or pictures read.</param>
/// <param name="Total">How many are to come in all; null where the server does not say.</param>
public sealed record DataProgress(string File, long Bytes, long? Total)
{
    /// <summary>What is counted.</summary>
    public DataUnit Unit { get; init; } = DataUnit.Bytes;
}
