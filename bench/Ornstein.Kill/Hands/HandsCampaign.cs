using System.Diagnostics;

namespace Ornstein.Kill.Hands;

/// <summary>What cases of a setting came to.</summary>
internal sealed class HandsCount
{
    public int Cases { get; set; }

    public int Starts { get; set; }

    public int Told { get; set; }

    public int Moved { get; set; }

    public int Left { get; set; }

    public TimeSpan Passed { get; set; }

    public Dictionary<Blow, int> Struck { get; } = [];

    public int Of(Blow blow) => Struck.GetValueOrDefault(blow);
}

/// <summary>Case after case, and what they came to.</summary>
/// <param name="options">Which cases.</param>
internal sealed class HandsCampaign(HandsOptions options)
{
    private readonly Place _place = new(options.Out);
    private readonly Dictionary<string, Alone> _whole = [];

    public List<Fault> Faults { get; } = [];

    public Dictionary<string, HandsCount> Counts { get; } = options.Only.ToDictionary(setting => setting.Name, _ => new HandsCount());

    /// <summary>The last case.</summary>
    public HandsCase? Last { get; private set; }

    /// <summary>Does the cases; false where they cannot be done here, for want of a C compiler.</summary>
    /// <param name="say">Told of each case.</param>
    public bool Run(Action<string> say)
    {
        if (PreloadedLibrary.Build(_place.Root, "hands") is not { } library) return false;
        var clock = Stopwatch.StartNew();
        for (var number = options.First; number < options.First + options.Cases && clock.Elapsed.TotalMinutes < options.Minutes; number++)
        {
            var setting = options.Only[number % options.Only.Count];
            if (!_whole.TryGetValue(setting.Name, out var whole)) _whole[setting.Name] = whole = Alone.Make(setting, _place);
            var weather = options.Weather ?? Weather.Draw(new Random(Seeds.Of(options.Seed, number)), options.Locks, options.Machines);
            Last = new HandsCase(setting, weather, options.Hands);
            var wrong = Last.Run(whole, _place, library);
            Add(Counts[setting.Name], Last);
            if (wrong.Count > 0) Faults.Add(Keep(setting, number, string.Join("; ", wrong), Last));
            say($"case {number}, {setting.Name}, {clock.Elapsed.TotalMinutes:F1} min, {weather.Text}: {Last.Starts} starts, {Last.Told} told, {Last.Passed.TotalHours:F1} h passed{(wrong.Count == 0 ? "" : "; " + string.Join("; ", wrong))}");
        }

        return true;
    }

    private static void Add(HandsCount count, HandsCase one)
    {
        count.Cases++;
        count.Starts += one.Starts;
        count.Told += one.Told;
        count.Moved += one.Moved;
        count.Left += one.Left;
        count.Passed += one.Passed;
        foreach (var (blow, struck) in one.Struck) count.Struck[blow] = count.Of(blow) + struck;
    }

    private Fault Keep(HandsSetting setting, int number, string what, HandsCase one)
    {
        var folder = _place.Keep("faults", $"{options.Seed}-{number}-{setting.Name}");
        File.WriteAllText(folder + ".txt", what + "\n\n" + string.Join('\n', one.Story));
        var logs = Path.Combine(_place.Root, "logs");
        if (Directory.Exists(folder + ".logs")) Directory.Delete(folder + ".logs", recursive: true);
        Directory.Move(logs, folder + ".logs");
        return new(setting.Name, number, what, folder, $"dotnet run -c Release --project bench/Ornstein.Kill -- hands --seed {options.Seed} --first {number} --only {setting.Name} --cases 1{(options.Weather is null ? "" : " --calm")}{(options.Locks is { } locks ? $" --locks {locks.ToString().ToLowerInvariant()}" : "")}{(options.Machines is { } machines ? $" --machines {machines}" : "")}");
    }
}
