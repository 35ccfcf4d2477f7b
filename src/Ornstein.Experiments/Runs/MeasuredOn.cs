using Ornstein.Experiments.Settings;
using Ornstein.Data;

namespace Ornstein.Experiments.Runs;

/// <summary>What a stored run is measured on: its own data, cut and binarized as it did, unless something else is asked for.</summary>
internal sealed record MeasuredOn
{
    /// <summary>The run's own data.</summary>
    public static MeasuredOn Own { get; } = new();

    /// <summary>Data set or folder, where it lies now or in its place; null for the run's own.</summary>
    public string? Data { get; init; }

    /// <summary>How its pixels are binarized; null as the run did.</summary>
    public BinarizationChoice? Binarization { get; init; }

    /// <summary>Number of test data; null for as many as the run took, up to <see cref="Most"/>.</summary>
    public int? TestLimit { get; init; }

    /// <summary>Number of test data beyond which a measurement does not go by itself; null for none.</summary>
    public int? Most { get; init; }

    /// <summary>Told what may mislead about data that are not the run's; null for nobody.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Whether data are named, which then may be others than the run's.</summary>
    public bool IsForeign => Data is not null;

    /// <summary>Settings that load what is asked for, cut as the run did.</summary>
    public RunSettings Apply(RunSettings run) => Data is null ? run with { Binarization = Binarization ?? run.Binarization, TestBinarization = DrawsOf(run) } : run with
    {
        Data = Data,
        Eigenvalues = Data == run.Data ? run.Eigenvalues : null,
        Scale = IsNamed ? PixelScale.Auto : run.Scale,
        Background = IsNamed ? PixelBackground.White : run.Background,
        Colour = IsNamed ? PixelColour.Auto : run.Colour,
        ImageSize = SizeOf(run.ImageSize),
        Binarization = Binarization ?? run.Binarization,
        TestBinarization = DrawsOf(run),
    };

    /// <summary>How many test data of those are measured on; null for all of them.</summary>
    public int? LimitOf(RunSettings run) => TestLimit ?? (Most is { } most ? Math.Min(most, run.TestLimit ?? most) : null);

    // Only pixels that are drawn can be drawn anew.
    private TestBinarizationChoice DrawsOf(RunSettings run) =>
        Binarization is null or BinarizationChoice.Dynamic ? run.TestBinarization : TestBinarizationChoice.Once;

    // A set that has no other size than its own is compared with the run as it is.
    private Shape? SizeOf(Shape? size) => size is null || DatasetCatalog.Describe(Data) is not { } set
        || SizedImages.WhyNot(set.Name, set.Kind, set.Shape, size) is null ? size : null;

    private bool IsNamed => DatasetCatalog.IsKnown(Data);
}
