using System.Diagnostics;

namespace Ornstein.View.Listing;

/// <summary>
/// The runs and studies below a folder, looked for anew whenever somebody asks, at most once in <see cref="Rest"/>. A file is read only when it has
/// changed, and no answer waits long for what is to be read: the rest follows with the next.
/// </summary>
/// <param name="root">The folder.</param>
internal sealed class RunIndex(string root)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(400), Patience = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly List<(string Id, long Version)> _gone = [];
    private readonly string _index = Guid.NewGuid().ToString("N");
    private volatile IReadOnlyList<string> _studies = [];
    private bool _isCut;
    private long _version, _scanned;
    private TimeSpan _took;
    private Task? _reading;

    /// <summary>The folder that is shown.</summary>
    public string Root { get; } = Path.TrimEndingDirectorySeparator(root);

    /// <summary>What has changed since an earlier answer.</summary>
    /// <param name="index">The index that gave it; null, or that of another server: everything is told.</param>
    /// <param name="version">Its version.</param>
    public RunOverview Since(string? index, long version)
    {
        lock (_lock)
        {
            Refresh();
            var since = index == _index ? version : 0;
            Known[] all = [.. _known.Values];
            return new RunOverview
            {
                Folder = Root,
                Index = _index,
                Version = _version,
                IsWhole = since == 0,
                Runs = [.. all.Where(known => known.Version > since).Select(known => known.Entry with { Age = Math.Max(0, (DateTimeOffset.UtcNow - known.Entry.Changed).TotalSeconds) })],
                Gone = since == 0 ? [] : [.. _gone.Where(gone => gone.Version > since && !_known.ContainsKey(gone.Id)).Select(gone => gone.Id)],
                Studies = [.. _studies],
                Unread = all.Count(known => known.IsUnread),
                IsCut = _isCut,
            };
        }
    }

    /// <summary>The folder of a run, by its name.</summary>
    /// <exception cref="OrnsteinException">There is no such run: names are those that were told, and no paths.</exception>
    public RunPlace Find(string? id)
    {
        lock (_lock)
        {
            if (id is not null && !_known.ContainsKey(id)) Refresh();
            return id is not null && _known.TryGetValue(id, out var known) ? known.Place : throw new OrnsteinException($"there is no run '{PrintableText.Of(id ?? "")}' in '{Root}'.");
        }
    }

    /// <summary>The folder of a study, by its name.</summary>
    /// <exception cref="OrnsteinException">There is no such study.</exception>
    public string FindStudy(string? id)
    {
        string? Known() => id is null || !_studies.Contains(id) ? null : id == "." ? Root : Path.Combine([Root, .. id.Split('/')]);
        // What is known and there need not wait for somebody's walk through a large folder.
        if (Known() is { } known && Directory.Exists(known)) return known;
        lock (_lock)
        {
            Refresh();
            return Known() ?? throw new OrnsteinException($"there is no study '{PrintableText.Of(id ?? "")}' in '{Root}'.");
        }
    }

    /// <summary>A text with the paths below the folder as paths in it: where that lies on the machine is of no use on the page.</summary>
    public string Relative(string text) => text.Replace(Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private void Refresh()
    {
        // A folder that takes long to walk, as on a network, is walked less often.
        if (_scanned != 0 && Stopwatch.GetElapsedTime(_scanned) < (Rest > 5 * _took ? Rest : 5 * _took)) return;
        var began = Stopwatch.GetTimestamp();
        if (!Directory.Exists(Root)) throw new OrnsteinException($"the folder '{Root}' is not there any more.");
        var (places, studies, isCut) = RunTree.Under(Root);
        (_studies, _isCut) = (studies, isCut);
        var here = places.Select(place => place.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in _known.Keys.Where(id => !here.Contains(id)).ToArray())
        {
            _known.Remove(id);
            _gone.Add((id, ++_version));
        }

        ReadChanged(places);
        _took = Stopwatch.GetElapsedTime(began);
        _scanned = Stopwatch.GetTimestamp();
        if (_reading is null && _known.Values.Any(known => known.IsUnread)) _reading = Task.Run(ReadRest);
    }

    // What there was no time for, in turns, so that whoever asks meanwhile waits for one of them at most.
    private void ReadRest()
    {
        while (true)
        {
            lock (_lock)
            {
                RunPlace[] unread = [.. _known.Values.Where(known => known.IsUnread).Select(known => known.Place)];
                if (unread.Length == 0)
                {
                    _reading = null;
                    return;
                }

                ReadChanged(unread);
            }

            Thread.Yield();
        }
    }

    private void ReadChanged(IReadOnlyList<RunPlace> places)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var place in places)
        {
            if (RunReader.StampOf(place.Path) is not { } stamp) continue; // it goes away just now
            if (_known.TryGetValue(place.Id, out var known) && known.Stamp == stamp && !known.IsUnread) continue;
            var isLate = Stopwatch.GetElapsedTime(began) > Patience;
            if (isLate && known is not null) continue; // it stays as it was until there is time
            var entry = isLate ? new RunEntry { Id = place.Id, Study = place.Study, State = stamp.State, Changed = stamp.Changed } : RunReader.Read(place, stamp);
            if (entry.Trouble is { } trouble) entry = entry with { Trouble = Relative(trouble) };
            if (known is { IsUnread: false } && known.Entry == entry) _known[place.Id] = known with { Stamp = stamp };
            else _known[place.Id] = new Known(place, stamp, entry, isLate, ++_version);
        }
    }

    private sealed record Known(RunPlace Place, RunStamp Stamp, RunEntry Entry, bool IsUnread, long Version);
}

/// <summary>What <c>/api/runs</c> answers.</summary>
internal sealed record RunOverview
{
    public required string Folder { get; init; }

    /// <summary>Names the server's memory: another one begins anew.</summary>
    public required string Index { get; init; }

    public required long Version { get; init; }

    /// <summary>Whether these are all runs, and not only those that have changed.</summary>
    public required bool IsWhole { get; init; }

    public required RunEntry[] Runs { get; init; }

    public required string[] Gone { get; init; }

    public required string[] Studies { get; init; }

    /// <summary>Runs whose files are still to be read.</summary>
    public required int Unread { get; init; }

    /// <summary>Whether there are more folders than are looked into.</summary>
    public required bool IsCut { get; init; }
}
