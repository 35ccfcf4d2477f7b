using Ornstein.Data.Folders;
using Ornstein.Data.Sources;
using Ornstein.Storage;

namespace Ornstein.Data;

/// <summary>
/// The data sets known by name, and the way from a name or a folder to data in memory. One of your own is known after <see cref="Register"/>.
/// </summary>
public static class DatasetCatalog
{
    private static readonly Lock _registering = new();
    private static volatile IReadOnlyList<IDatasetSource> _sources = BuiltInSets.All;

    /// <summary>Every data set known by name; the first is the default.</summary>
    public static IReadOnlyList<DatasetDescription> All => [.. _sources.Select(source => source.Description)];

    /// <summary>The names of all.</summary>
    public static IReadOnlyList<string> Names => [.. _sources.Select(source => source.Description.Name)];

    /// <summary>Whether a data set is known by a name.</summary>
    public static bool IsKnown(string? name) => Find(name) is not null;

    /// <summary>Whether a text is written as names are: what is not may only be a folder.</summary>
    public static bool IsName(string? text) => PartName.IsValid(text);

    /// <summary>Makes a data set known by its name, in this process; the same one may be registered again.</summary>
    /// <param name="source">The set.</param>
    /// <exception cref="OrnsteinException">Another one has its name, or the name is not lower case without spaces.</exception>
    public static void Register(IDatasetSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var name = source.Description.Name;
        if (!PartName.IsValid(name))
            throw new OrnsteinException($"a data set is named '{name}'; a name has lower-case letters, digits and hyphens, such as 'colour-squares'.");
        lock (_registering)
        {
            if (Find(name) is not { } known) _sources = [.. _sources, source];
            else if (!known.Equals(source)) throw new OrnsteinException($"there is a data set '{name}' already; give another name.");
        }
    }

    /// <summary>
    /// Loads a data set by name, or from a folder: IDX files under their usual names (plain or gzip), OMNIGLOT's archives or
    /// <c>chardata.mat</c>, or PNG and JPEG pictures. A named set that is not here is fetched first. Data that lie class by class come in a fixed shuffle,
    /// in which every stretch from either end holds a share of every class.
    /// </summary>
    /// <param name="nameOrFolder">A name of <see cref="All"/>, or a path; a name comes before a folder so called (write ./NAME).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="progress">Told how far fetching has come, on the calling thread or a pool thread.</param>
    /// <param name="cancellation">Stops fetching and reading; a file half fetched is resumed next time.</param>
    /// <exception cref="OrnsteinException">
    /// No such name or folder; files that cannot be fetched, are damaged or not recognised; a set of one's own that contradicts itself; a size that its images cannot have.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Dataset Load(
        string nameOrFolder,
        DataOptions? options = null,
        IProgress<DataProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nameOrFolder);
        options ??= new DataOptions();
        if (Find(nameOrFolder) is { } source)
        {
            var set = source.Description;
            if (options.ImageSize is { } size && SizedImages.WhyNot(set.Name, set.Kind, set.Shape, size) is { } reason) throw new OrnsteinException(reason);
            return SizedImages.Of(SoundDataset.Of(source, options, progress, cancellation), options.ImageSize, cancellation);
        }

        if (Directory.Exists(nameOrFolder)) return FolderData.Load(nameOrFolder, options, progress, cancellation);
        if (File.Exists(nameOrFolder)) throw new OrnsteinException($"{nameOrFolder} is a file: give the folder that it is in.");
        var name = FileTrouble.IsNotUtf8(nameOrFolder) ? ": its name is not valid UTF-8; rename it" : "";
        var own = IsName(nameOrFolder) ? "; one of your own is known in a program that registers it (DatasetCatalog.Register)" : "";
        throw new OrnsteinException($"{FileTrouble.Quote(nameOrFolder)} is neither a data set ({KnownNames}) nor a folder{name}{own}.");
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
        var source = Find(name) ?? throw new OrnsteinException($"'{name}' is not a data set that can be fetched; these are known: {KnownNames}.");
        return source.Fetch(from, options ?? new DataOptions(), progress, cancellation);
    }

    /// <summary>
    /// The folder from which <see cref="Load"/> would read a named set without fetching; null where it would fetch, or needs no
    /// file.
    /// </summary>
    public static string? FindFolder(string name, DataOptions? options = null) =>
        Find(name)?.FindFolder(options ?? new DataOptions());

    internal static Dataset LoadKnown(KnownSet set, DataCache cache, CancellationToken cancellation)
    {
        var folder = cache.Ensure(set, cancellation);
        var description = Describe(set.Name)!;
        var (attribution, remedy) = ($"{description.Source}; {description.License}", cache.Remedy(set, folder));
        return set.Name switch
        {
            "omniglot" or "omniglot-small" => KnownImages.FromOmniglot(set, folder, remedy, cancellation),
            "cifar10" => KnownImages.FromCifar(set, folder, attribution, remedy),
            "svhn" => KnownImages.FromSvhn(set, folder, attribution, remedy),
            _ => KnownImages.FromIdx(set, folder, attribution, remedy),
        };
    }

    /// <summary>What is said of a data set before it is loaded; null where none is known by the name.</summary>
    internal static DatasetDescription? Describe(string? name) => Find(name)?.Description;

    private static string KnownNames => string.Join(", ", Names);

    private static IDatasetSource? Find(string? name) => _sources.FirstOrDefault(source => source.Description.Name == name);
}
