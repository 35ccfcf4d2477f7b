using System.Collections.Concurrent;

namespace Ornstein.Remedies;

/// <summary>Remedies by the name that configurations write; one of your own is known after <see cref="Register(RemedyKind)"/>.</summary>
public sealed partial record Remedy
{
    private const string NameRule = "a name has lower-case letters, digits and hyphens, such as 'free-bits'";

    private static readonly RemedyKind[] _library =
    [
        KlWarmUp.LinearKind, KlWarmUp.CyclicKind, KlBeta.Kind, Remedies.FreeBits.Kind, RhoAnnealing.Kind, ImportanceObjective.Kind, Remedies.CommittedRate.Kind,
        AggressiveEncoder.Kind, LatentReconstruction.Kind,
    ];

    private static readonly ConcurrentDictionary<string, RemedyKind> _known = new(_library.ToDictionary(kind => kind.Name), StringComparer.Ordinal);

    /// <summary>Names of all that are known: those of the library in the order of their texts, then others in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. _known.Keys.OrderBy(PlaceOf).ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>Makes a kind of remedy known by its name, in this process; the same one may be registered again.</summary>
    /// <exception cref="OrnsteinException">Another one has its name, or the name is not lower case without spaces.</exception>
    public static void Register(RemedyKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (!IsName(kind.Name) || kind.Name == "none") throw new OrnsteinException($"a remedy is named '{kind.Name}'; {NameRule}.");
        var known = _known.GetOrAdd(CurrentName(kind.Name), kind);
        if (known.Only is null ? known != kind : !known.Only.Equals(kind.Only))
            throw new OrnsteinException($"there is a remedy '{kind.Name}' already; give another name.");
    }

    /// <summary>Makes a remedy without values known by its name, in this process.</summary>
    /// <exception cref="OrnsteinException">Another one has its name, or the name is not lower case without spaces.</exception>
    public static void Register(IRemedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        Register(new RemedyKind(remedy.Name, _ => remedy) { Only = remedy });
    }

    /// <summary>The kind of a name, or of one that earlier versions wrote.</summary>
    /// <exception cref="OrnsteinException">None is known by it.</exception>
    public static RemedyKind Named(string name) => Find(name)
        ?? throw new OrnsteinException($"there is no remedy '{name}'; there are {string.Join(", ", Names)}. One of your own is known after Remedy.Register(...).");

    /// <summary>The kind of a name, or of one that earlier versions wrote; null where none is known by it.</summary>
    internal static RemedyKind? Find(string name) => _known.GetValueOrDefault(CurrentName(name));

    /// <summary>The name that took the place of one that earlier versions wrote; otherwise the same.</summary>
    internal static string CurrentName(string name) => Array.Find(_library, kind => kind.FormerName == name)?.Name ?? name;

    private static bool IsName(string name) => PartName.IsValid(name);

    private static int PlaceOf(string name) => Array.FindIndex(_library, kind => kind.Name == name) is var place and >= 0 ? place : int.MaxValue;
}
