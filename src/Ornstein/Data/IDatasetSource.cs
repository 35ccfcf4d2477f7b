namespace Ornstein.Data;

/// <summary>
/// A data set known by name. One class is a data set: those that come with the library use what a stranger can use. After
/// <see cref="DatasetCatalog.Register"/> its name stands wherever a data set is named. Equal where it means the same: a record.
/// </summary>
public interface IDatasetSource
{
    /// <summary>What lists say of it; its name, kind and shape are those of what it loads.</summary>
    DatasetDescription Description { get; }

    /// <summary>Brings it into memory, the same rows in the same order every time: a stored run is held to them.</summary>
    /// <param name="options">Settings; those that are for other sets may be ignored.</param>
    /// <param name="progress">Told how far fetching has come; null for nobody.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OrnsteinException">It cannot be had, in one line.</exception>
    Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation);

    /// <summary>Fetches it into the cache and checks it; by default there is nothing to fetch.</summary>
    /// <param name="from">Where from; null for whichever works.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told how far fetching has come; null for nobody.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Paths of its files; none for a set that needs none.</returns>
    /// <exception cref="OrnsteinException">It cannot be had from there.</exception>
    IReadOnlyList<string> Fetch(string? from, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) => from is null
        ? []
        : throw new OrnsteinException($"{Description.Name} is {Description.HowToGet}: there is nothing to get from '{from}'.");

    /// <summary>The folder it would be read from without fetching; null where it would fetch, or needs no file.</summary>
    /// <param name="options">Settings.</param>
    string? FindFolder(DataOptions options) => null;
}
