using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ornstein.Bench.Compare;

/// <summary>Time of a step of one contender.</summary>
internal sealed record StepTime(string Group, string Name, double Milliseconds, double Lower, double Upper, double? ImagesPerSecond);

/// <summary>All that one run of `compare` measured; its JSON is the file of --json.</summary>
internal sealed class Comparison
{
    /// <summary>How recorded files are written.</summary>
    internal static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public Machine Machine { get; } = new();

    /// <summary>A --quick run, whose spread is wide.</summary>
    public bool Quick { get; init; }

    /// <summary>Turns that other programs disturbed: taken again, and left as they were.</summary>
    public int RetakenTurns { get; private set; }

    public int DisturbedTurns { get; private set; }

    public List<StepTime> Times { get; } = [];

    /// <summary>Medians of the ratios by round; null where not measured, with the reason in <see cref="Reasons"/>.</summary>
    public SortedDictionary<string, double?> Ratios { get; } = new(StringComparer.Ordinal);

    /// <summary>Lower and upper quartile of each ratio over rounds.</summary>
    public SortedDictionary<string, double[]> RatioQuartiles { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Reasons { get; } = new(StringComparer.Ordinal);

    /// <summary>Greatest relative difference of loss terms and gradient norm between PyTorch's model and Ornstein's, by model.</summary>
    public SortedDictionary<string, double> PeerDifferences { get; } = new(StringComparer.Ordinal);

    public List<StepProfile> Profiles { get; } = [];

    public List<Resources> Resources { get; } = [];

    public static IReadOnlyDictionary<string, double?> ReadRatios(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return document.RootElement.GetProperty("ratios").Deserialize<Dictionary<string, double?>>()!;
    }

    public void Add(string group, Rounds rounds)
    {
        RetakenTurns += rounds.Retaken;
        DisturbedTurns += rounds.Disturbed;
        foreach (var name in rounds.Names)
        {
            var seconds = rounds.Seconds(name);
            Times.Add(new StepTime(
                group, name, 1e3 * seconds.Median, 1e3 * seconds.Lower, 1e3 * seconds.Upper, rounds.ImagesPerSecond(name)));
        }
    }

    public void AddRatio(string name, Quartiles ratio)
    {
        Ratios[name] = ratio.Median;
        RatioQuartiles[name] = [ratio.Lower, ratio.Upper];
        Reasons.Remove(name);
    }

    public void AddMissing(string name, string reason)
    {
        if (Ratios.TryGetValue(name, out var value) && value is not null) return;
        Ratios[name] = null;
        Reasons[name] = reason;
    }

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Format) + "\n");

    public void Print()
    {
        Console.WriteLine($"{Machine.Processor}, {Machine.Processors} processors, {Machine.System}, {Machine.Runtime}");
        Console.WriteLine($"libtorch {Machine.LibTorch}, {Machine.LibTorchThreads} threads; load before {Machine.LoadBefore:F2}");
        Console.WriteLine($"turns disturbed by other programs: {RetakenTurns} taken again, {DisturbedTurns} left as they were");
        foreach (var (what, peer) in Machine.Peers) Console.WriteLine($"{what}: {peer}");
        foreach (var (what, difference) in PeerDifferences) Console.WriteLine($"{what}: peer differs by {difference:G2}");
        if (Times.Count > 0) Console.WriteLine($"\n{"group",-18} {"contender",-38} {"ms a step",10} {"quartiles",17} {"images/s",10}");
        foreach (var time in Times)
        {
            var quartiles = $"{time.Lower,8:F2}-{time.Upper,8:F2}";
            Console.WriteLine($"{time.Group,-18} {time.Name,-38} {time.Milliseconds,10:F2} {quartiles} {time.ImagesPerSecond,10:F0}");
        }

        Console.WriteLine("\nratio");
        foreach (var (name, ratio) in Ratios)
        {
            Console.WriteLine(ratio is null
                ? $"{name,-38} -  {Reasons[name]}"
                : $"{name,-38} {ratio,6:F2} ({RatioQuartiles[name][0]:F2}-{RatioQuartiles[name][1]:F2})");
        }

        foreach (var profile in Profiles)
        {
            var total = profile.Milliseconds.Values.Sum();
            Console.WriteLine($"\n{profile.Name}: {total:F2} ms a step");
            foreach (var (part, milliseconds) in profile.Milliseconds)
            {
                Console.WriteLine($"  {part,-22} {milliseconds,8:F2} ms {milliseconds / total,7:P0}");
            }

        }

        if (Resources.Count > 0) Console.WriteLine($"\n{"process",-24} {"first step s",12} {"load s",8} {"peak MB",9}");
        foreach (var run in Resources)
        {
            Console.WriteLine($"{run.Name,-24} {run.FirstStepSeconds,12:F2} {run.DataLoadSeconds,8:F3} {run.PeakMegabytes,9:F0}");
        }
    }
}
