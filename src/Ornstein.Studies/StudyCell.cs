using System.Security.Cryptography;
using System.Text;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Remedies;

namespace Ornstein.Studies;

/// <summary>One element of an experiment's product: a <c>phase</c> run, a stack of every rho with every seed.</summary>
/// <param name="Parts">Axis and entry of each part, such as <c>data</c> and <c>mnist</c>; none for a study without axes.</param>
/// <param name="Settings">Validated settings; the data's folder as this process reaches it.</param>
/// <param name="Hash">
/// Short hash of the options that differ from those of <c>phase</c>: cells with the same are one run. A setting that a later version of this
/// program adds does not change it.
/// </param>
internal sealed record StudyCell(IReadOnlyList<(string Axis, string Entry)> Parts, RunSettings Settings, string Hash)
{
    private const int HashLength = 10;

    /// <summary><c>mnist/L3/p</c>: unique within an experiment.</summary>
    public string Name { get; } = Parts.Count == 0 ? "all" : string.Join('/', Parts.Select(part => part.Entry));

    /// <summary><c>mnist/L3/p-0123456789</c>: unique within a study, and the place of its run folder.</summary>
    public string Id => $"{Name}-{Hash}";

    public int Models => Settings.Rho.Length * Settings.Seeds.Length;

    /// <summary>Entries by their axis.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; } = Parts.ToDictionary(part => part.Axis, part => part.Entry, StringComparer.Ordinal);

    /// <summary>The one axis in which two cells differ; null where they differ in none or several, or have different axes.</summary>
    public static string? AxisBetween(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second)
    {
        if (!first.Keys.Order(StringComparer.Ordinal).SequenceEqual(second.Keys.Order(StringComparer.Ordinal))) return null;
        return first.Where(entry => second[entry.Key] != entry.Value).Select(entry => entry.Key).ToArray() is [var only] ? only : null;
    }

    /// <summary>The command that does the same run.</summary>
    /// <param name="folder">The folder that it would make; null leaves it out.</param>
    public string Command(string? folder) =>
        $"{Product.Name} phase {SettingsArguments.ToCommandLine(Settings with { Out = folder }, RunSettings.ForPhase)}".TrimEnd();

    /// <summary>The command that repeats this cell in a folder of its own.</summary>
    public string RepeatCommand => Command("runs/" + Id.Replace('/', '-'));

    /// <summary>Whether a folder's name ends as one of a cell does.</summary>
    public static bool HasHash(string folder, out string hash)
    {
        hash = folder.Length > HashLength ? folder[^HashLength..] : "";
        return hash.Length == HashLength && folder[^(HashLength + 1)] == '-' && hash.All(char.IsAsciiHexDigitLower);
    }

    /// <summary>The hash of settings, their data as the study file writes them.</summary>
    public static string HashOf(RunSettings settings)
    {
        var own = settings with { Out = null, CheckpointSeconds = RunSettings.ForPhase.CheckpointSeconds, Device = RunSettings.ForPhase.Device };
        // A cell that was done before a remedy got its name of today stays done.
        var text = string.Join('\n', SettingsArguments.ToArguments(own, RunSettings.ForPhase))
            .Replace(CommittedRate.Kind.Name + ":", CommittedRate.Kind.FormerName + ":", StringComparison.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
    }
}
