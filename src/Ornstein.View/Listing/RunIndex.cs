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

    // What could not be read is tried again after that, though it looks the same from outside: a server may have been away, or a permission.
    private static readonly TimeSpan BrokenRest = TimeSpan.FromSeconds(3);

    // One at a time looks at the disk, which may take long, and only who does that changes what is known. Names are looked up without waiting for it.
    private readonly Lock _looking = new(), _lock = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal); // changed under both locks
    private readonly List<(string Id, long Version)> _gone = [];
    private readonly string _index = Guid.NewGuid().ToString("N");
    private volatile Dictionary<string, RunPlace> _places = new(StringComparer.Ordinal); // never changed, but replaced
    private volatile IReadOnlyList<string> _studies = [];
    private bool _isCut;
    private long _version, _due;
    private Task? _reading;

    /// <summary>The folder that is shown.</summary>
    public string Root { get; } = Path.TrimEndingDirectorySeparator(root);

    /// <summary>What has changed since an earlier answer.</summary>
    /// <param name="index">The index that gave it; null, or that of another server: everything is told.</param>
    /// <param name="version">Its version.</param>
    public RunOverview Since(string? index, long version)
    {
        Refresh(Volatile.Read(ref _due) == 0 ? Timeout.InfiniteTimeSpan : Patience);
        lock (_lock)
        {
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
        RunPlace? Known() => id is null ? null : _places.GetValueOrDefault(id);
        if (Known() is { } known) return known;
        if (id is not null) Refresh(Timeout.InfiniteTimeSpan);
        return Known() ?? throw new OrnsteinException($"there is no run '{PrintableText.Of(id ?? "")}' in '{Root}'.");
    }

    /// <summary>The folder of a study, by its name.</summary>
    /// <exception cref="OrnsteinException">There is no such study.</exception>
    public string FindStudy(string? id)
    {
        string? Known() => id is null || !_studies.Contains(id) ? null : id == "." ? Root : Path.Combine([Root, .. id.Split('/')]);
        if (Known() is { } known && Directory.Exists(known)) return known;
        Refresh(Timeout.InfiniteTimeSpan);
        return Known() ?? throw new OrnsteinException($"there is no study '{PrintableText.Of(id ?? "")}' in '{Root}'.");
    }

    /// <summary>A text with the paths below the folder as paths in it: where that lies on the machine is of no use on the page.</summary>
    public string Relative(string text) => text.Replace(Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    // Whoever waits no longer has the last look.
    private void Refresh(TimeSpan patience)
    {
        if (!IsDue() || !_looking.TryEnter(patience)) return;
        try
        {
            if (IsDue()) Look(); // another may have looked meanwhile
        }
        finally
        {
            _looking.Exit();
        }
    }

    private bool IsDue() => Volatile.Read(ref _due) is var due && (due == 0 || Stopwatch.GetTimestamp() >= due);

    private void Look()
    {
        var began = Stopwatch.GetTimestamp();
        if (!Directory.Exists(Root)) throw new OrnsteinException($"the folder '{Root}' is not there any more.");
        var (places, studies, isCut) = RunTree.Under(Root);
        var here = new Dictionary<string, RunPlace>(StringComparer.Ordinal);
        foreach (var place in places) here[place.Id] = place;
        lock (_lock)
        {
            (_studies, _isCut, _places) = (studies, isCut, here);
            foreach (var id in _known.Keys.Where(id => !here.ContainsKey(id)).ToArray())
            {
                _known.Remove(id);
                _gone.Add((id, ++_version));
            }
        }

        ReadChanged(places);
        // A folder that takes long to walk, as on a network, is walked less often.
        var took = Stopwatch.GetElapsedTime(began);
        var rest = Rest > 5 * took ? Rest : 5 * took;
        Volatile.Write(ref _due, Stopwatch.GetTimestamp() + (long)(rest.TotalSeconds * Stopwatch.Frequency));
        if (_reading is null or { IsFaulted: true } && _known.Values.Any(known => known.IsUnread)) _reading = Task.Run(ReadRest);
    }

    // What there was no time for, in turns, so that whoever looks meanwhile waits for one of them at most.
    private void ReadRest()
    {
        while (true)
        {
            lock (_looking)
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
        var spent = TimeSpan.Zero; // on reading: to look at all takes as long as it takes
        bool IsLate() => spent > Patience;
        void Read(RunPlace place, RunStamp stamp)
        {
            var began = Stopwatch.GetTimestamp();
            Keep(place, stamp, RunReader.Read(place, stamp), isUnread: false);
            spent += Stopwatch.GetElapsedTime(began);
        }

        var broken = new List<(RunStamp Stamp, Known Known)>();
        foreach (var place in places)
        {
            var known = _known.GetValueOrDefault(place.Id);
            if (known is { IsUnread: true } && IsLate()) continue; // it stays as it was until there is time
            if (RunReader.StampOf(place.Path) is not { } stamp)
            {
                if (known is null or { IsUnread: true }) Keep(place, null, Unseen(place, known?.Entry), isUnread: false);
            }
            else if (known is { IsUnread: false } && known.Stamp == stamp)
            {
                if (known.IsToBeTriedAgain) broken.Add((stamp, known));
            }
            else if (!IsLate())
            {
                Read(place, stamp);
            }
            else if (known is null)
            {
                Keep(place, stamp, new RunEntry { Id = place.Id, Study = place.Study, State = stamp.State, Changed = stamp.Changed }, isUnread: true);
            }
        }

        // Last, and the one that waits longest first: however many they are, the others are read.
        foreach (var (stamp, known) in broken.OrderBy(each => each.Known.ReadAt))
        {
            if (IsLate()) break;
            Read(known.Place, stamp);
        }
    }

    private void Keep(RunPlace place, RunStamp? stamp, RunEntry entry, bool isUnread)
    {
        if (entry.Trouble is { } trouble) entry = entry with { Trouble = Relative(trouble) };
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (_known.GetValueOrDefault(place.Id) is { IsUnread: false } known && known.Entry == entry) _known[place.Id] = known with { Stamp = stamp, ReadAt = now };
            else _known[place.Id] = new Known(place, stamp, entry, isUnread, ++_version, now);
        }
    }

    // A run that is there, since the walk found it, but whose files cannot be looked at.
    private static RunEntry Unseen(RunPlace place, RunEntry? known) => new()
    {
        Id = place.Id, Study = place.Study, State = RunState.Broken, Changed = known?.Changed ?? DateTimeOffset.UtcNow, Trouble = "its files cannot be looked at",
    };

    private sealed record Known(RunPlace Place, RunStamp? Stamp, RunEntry Entry, bool IsUnread, long Version, long ReadAt)
    {
        public bool IsToBeTriedAgain => Entry.State == RunState.Broken && Stopwatch.GetElapsedTime(ReadAt) > BrokenRest;
    }
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
