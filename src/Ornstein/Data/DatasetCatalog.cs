using Ornstein.Data.Folders;
using Ornstein.Data.Sources;
using Ornstein.Storage;

namespace Ornstein.Data;

/// <summary>What the catalogue says about a data set.</summary>
public sealed record DatasetDescription
{
    /// <summary>Name to load it by.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a line.</summary>
    public required string Summary { get; init; }

    /// <summary>What the numbers are.</summary>
    public required PixelKind Kind { get; init; }

    /// <summary>Size of the images; null where the data are not images.</summary>
    public required ImageShape? Shape { get; init; }

    /// <summary>Number of training data.</summary>
    public required int TrainCount { get; init; }

    /// <summary>Number of test data.</summary>
    public required int TestCount { get; init; }

    /// <summary>Who made it.</summary>
    public required string Source { get; init; }

    /// <summary>Licence.</summary>
    public required string License { get; init; }

    /// <summary>How it comes here.</summary>
    public required string HowToGet { get; init; }

    /// <summary>Whether it is embedded or made, and so needs no file.</summary>
    public bool AlwaysPresent { get; init; }
}

/// <summary>The data sets known by name, and the way from a name or a folder to data in memory.</summary>
public static class DatasetCatalog
{
    private static readonly ImageShape Square = new(28, 28);

    /// <summary>Every data set known by name; the first is the default.</summary>
    public static IReadOnlyList<DatasetDescription> All { get; } =
    [
        new()
        {
            Name = "digits",
            Summary = "handwritten digits, binarized once: a subset of MNIST",
            Kind = PixelKind.Binary,
            Shape = Square,
            TrainCount = DigitsData.TrainCount,
            TestCount = DigitsData.TestCount,
            Source = "Y. LeCun, C. Cortes, C. J. C. Burges",
            License = "CC BY-SA 3.0",
            HowToGet = "embedded",
            AlwaysPresent = true,
        },
        new()
        {
            Name = "mnist",
            Summary = "handwritten digits, grey",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 60_000,
            TestCount = 10_000,
            Source = "Y. LeCun, C. Cortes, C. J. C. Burges",
            License = "CC BY-SA 3.0",
            HowToGet = "https, npm or a folder",
        },
        new()
        {
            Name = "fashion-mnist",
            Summary = "articles of clothing, grey",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 60_000,
            TestCount = 10_000,
            Source = "H. Xiao, K. Rasul, R. Vollgraf; Zalando SE",
            License = "MIT",
            HowToGet = "https, Debian's dataset-fashion-mnist or a folder",
        },
        new()
        {
            Name = "omniglot",
            Summary = "characters of 50 alphabets by 20 drawers each, reduced to 28x28",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 1623 * 16,
            TestCount = 1623 * 4,
            Source = "B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum",
            License = "MIT",
            HowToGet = "https or a folder",
        },
        new()
        {
            Name = "omniglot-small",
            Summary = "its two small archives: 10 alphabets",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 242 * 16,
            TestCount = 242 * 4,
            Source = "B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum",
            License = "MIT",
            HowToGet = "https or a folder",
        },
        new()
        {
            Name = "gaussian",
            Summary = "independent normal numbers of given variances, for exact results",
            Kind = PixelKind.Real,
            Shape = null,
            TrainCount = new DataOptions().GaussianTrain,
            TestCount = new DataOptions().GaussianTest,
            Source = "made from a seed",
            License = "none needed",
            HowToGet = "made",
            AlwaysPresent = true,
        },
    ];

    /// <summary>
    /// Loads a data set by name, or from a folder: IDX files under their usual names (plain or gzip), OMNIGLOT's archives or
    /// <c>chardata.mat</c>, or PNG images. A named set that is not here is fetched first. Data that lie class by class come in a fixed shuffle,
    /// in which every stretch from either end holds a share of every class.
    /// </summary>
    /// <param name="nameOrFolder">A name of <see cref="All"/>, or a path; a name comes before a folder so called (write ./NAME).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="progress">Told how far fetching has come, on the calling thread or a pool thread.</param>
    /// <param name="cancellation">Stops fetching and reading; a file half fetched is resumed next time.</param>
    /// <exception cref="OrnsteinException">No such name or folder; files that cannot be fetched, are damaged or not recognised.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Dataset Load(
        string nameOrFolder,
        DataOptions? options = null,
        IProgress<DataProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nameOrFolder);
        options ??= new DataOptions();
        switch (nameOrFolder)
        {
            case "digits":
                return DigitsData.Load();
            case "gaussian":
                return GaussianData.Make(options);
        }

        if (KnownSets.Find(nameOrFolder) is { } set) return LoadKnown(set, new DataCache(options, progress), cancellation);
        if (Directory.Exists(nameOrFolder)) return FolderData.Load(nameOrFolder, options, cancellation);
        if (File.Exists(nameOrFolder)) throw new OrnsteinException($"{nameOrFolder} is a file: give the folder that it is in.");
        var name = FileTrouble.IsNotUtf8(nameOrFolder) ? ": its name is not valid UTF-8; rename it" : "";
        throw new OrnsteinException($"{FileTrouble.Quote(nameOrFolder)} is neither a data set ({Names}) nor a folder{name}.");
    }

    /// <summary>Fetches a data set into the cache and checks every byte of it (SHA-256).</summary>
    /// <param name="name">A name of <see cref="All"/>.</param>
    /// <param name="from"><c>https</c>, <c>npm</c>, <c>debian</c>, a folder, or null for whichever works.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="progress">Told how far fetching has come.</param>
    /// <param name="cancellation">Stops fetching.</param>
    /// <returns>Paths of the files in the cache; none for a set that is embedded or made.</returns>
    /// <exception cref="OrnsteinException">No such name; files that cannot be fetched or have another content.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<string> Fetch(
        string name,
        string? from = null,
        DataOptions? options = null,
        IProgress<DataProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var description = All.FirstOrDefault(d => d.Name == name)
            ?? throw new OrnsteinException($"'{name}' is not a data set that can be fetched; these are known: {Names}.");
        if (KnownSets.Find(name) is { } set) return new DataCache(options ?? new DataOptions(), progress).Get(set, from, cancellation);
        if (from is null) return [];
        throw new OrnsteinException($"{name} is {description.HowToGet}: there is nothing to get from '{from}'.");
    }

    /// <summary>
    /// The folder from which <see cref="Load"/> would read a named set without fetching; null where it would fetch, or needs no
    /// file.
    /// </summary>
    public static string? FindFolder(string name, DataOptions? options = null) =>
        KnownSets.Find(name) is { } set ? new DataCache(options ?? new DataOptions()).Present(set) : null;

    internal static Dataset LoadKnown(KnownSet set, DataCache cache, CancellationToken cancellation)
    {
        var folder = cache.Ensure(set, cancellation);
        var description = All.First(d => d.Name == set.Name);
        return set.Name.StartsWith("omniglot", StringComparison.Ordinal)
            ? KnownImages.FromOmniglot(set, folder, cache.Remedy(set, folder), cancellation)
            : KnownImages.FromIdx(set, folder, $"{description.Source}; {description.License}", cache.Remedy(set, folder));
    }

    private static string Names => string.Join(", ", All.Select(d => d.Name));
}
