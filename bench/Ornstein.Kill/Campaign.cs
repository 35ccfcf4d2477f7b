namespace Ornstein.Kill;

/// <summary>A fault that a case found.</summary>
/// <param name="What">What is wrong.</param>
/// <param name="Folder">Where the run is kept.</param>
/// <param name="Command">Repeats the case, with the moments of time that depend on the machine.</param>
internal sealed record Fault(string Kind, int Case, string What, string Folder, string Command);

/// <summary>Case after case, and what they came to.</summary>
/// <param name="options">Which cases.</param>
internal sealed class Campaign(KillOptions options)
{
    private readonly Place _place = new(options.Out);
    private readonly Dictionary<string, Undisturbed> _whole = [];
    private readonly Dictionary<(string Kind, Way Way), int> _kills = [];

    /// <summary>What cannot be had here, a line each.</summary>
    public List<string> Missing { get; } = [];

    public List<Fault> Faults { get; } = [];

    public int Cases { get; private set; }

    /// <summary>Processes that were struck.</summary>
    public int Kills => _kills.Values.Sum();

    /// <summary>Processes short of memory that could still say so; the runtime ended the others.</summary>
    public int MemorySaid { get; private set; }

    /// <summary>The kinds that can be done here.</summary>
    public IReadOnlyList<RunKind> Kinds { get; } = [.. options.Only.Where(kind => kind.Missing is null)];

    /// <summary>The ways that there are here.</summary>
    public IReadOnlyList<Way> Here { get; private set; } = [];

    public int KillsOf(RunKind kind, Way way) => _kills.GetValueOrDefault((kind.Name, way));

    /// <summary>Does cases until there were kills enough.</summary>
    /// <param name="say">Told of each case.</param>
    public void Run(Action<string> say)
    {
        foreach (var kind in options.Only.Where(kind => kind.Missing is not null)) Missing.Add($"{kind.Name}: {kind.Missing}");
        if (_place.Library is null) Missing.Add("failing calls: no C compiler (cc), or not Linux");
        var mounts = OperatingSystem.IsLinux() && Child.Run(_place.Root, ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none", _place.Root]).Code == 0;
        if (!mounts) Missing.Add("small disks: no right to mount a file system (unshare -rm)");
        if (_place.Group is null) Missing.Add("limits on memory: no right to make a control group (cgroup), or not Linux");
        Here = [.. options.By.Where(way => (_place.Library is not null || !Ways.NeedsLibrary(way)) && (mounts || way != Way.SmallDisk) && (_place.Group is not null || way != Way.MemoryGroup))];
        var (clock, number) = (System.Diagnostics.Stopwatch.StartNew(), options.First);
        for (; Kills < options.Kills && clock.Elapsed.TotalMinutes < options.Minutes; number++, Cases++)
        {
            var one = new Case(options.Seed, number, Kinds, Here);
            if (!_whole.TryGetValue(one.Kind.Name, out var whole)) _whole[one.Kind.Name] = whole = Undisturbed.Make(one.Kind, _place);
            var what = one.Run(whole, _place, (way, ending) =>
            {
                _kills[(one.Kind.Name, way)] = KillsOf(one.Kind, way) + 1;
                if (Ways.IsMemory(way) && ending.Code == 1) MemorySaid++;
            });
            if (what is not null) Faults.Add(Keep(one, number, what));
            say($"{Kills} kills, {Faults.Count} faults, {clock.Elapsed.TotalMinutes:F1} min: case {number}, {one.Kind.Name}{(what is null ? "" : ": " + what)}");
        }
    }

    private Fault Keep(Case one, int number, string what)
    {
        var folder = _place.Keep("faults", $"{options.Seed}-{number}-{one.Kind.Name}");
        File.WriteAllText(folder + ".txt", what + "\n\n" + string.Join('\n', one.Story));
        // A case takes its kind by its number among all that are asked for, and is of this kind again where this is the only one.
        return new(one.Kind.Name, number, what, folder, $"dotnet run -c Release --project bench/Ornstein.Kill -- --seed {options.Seed} --first {number} --only {one.Kind.Name} --kills 1{(options.By.Count == Ways.All.Length ? "" : $" --by {string.Join(',', options.By.Select(Ways.NameOf))}")}");
    }
}
