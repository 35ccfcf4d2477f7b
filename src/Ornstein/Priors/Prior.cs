using System.Collections.Concurrent;
using System.Globalization;

namespace Ornstein.Priors;

/// <summary>Priors of several components as configurations know them: <c>mixture:10</c> (<see cref="Prior.Register(PriorKind)"/>).</summary>
/// <param name="Name">Its name: lower-case letters, digits and hyphens.</param>
/// <param name="Of">The prior of a number of components.</param>
public sealed record PriorKind(string Name, Func<int, IPrior> Of)
{
    /// <summary>How many components there are where none is written.</summary>
    public int Standard { get; init; } = 1;
}

/// <summary>
/// Priors of the top layer by the text that configurations write: a name, or a name and a number of components; one of your own is known after
/// <see cref="Register(IPrior)"/>.
/// </summary>
public static class Prior
{
    private static readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal)
    {
        ["standard-normal"] = new(new StandardNormalPrior(), null),
        [MixturePrior.Kind.Name] = new(null, MixturePrior.Kind),
        [VampPrior.Kind.Name] = new(null, VampPrior.Kind),
    };

    /// <summary>N(0, I).</summary>
    public static StandardNormalPrior StandardNormal { get; } = new();

    /// <summary>Names of all that are known, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. _known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes a prior known by its name, in this process; the same one may be registered again.</summary>
    /// <exception cref="OrnsteinException">Another one has its name, or the name is not lower case without spaces.</exception>
    public static void Register(IPrior prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        prior.Validate();
        Register(prior.Name, new Known(prior, null));
    }

    /// <summary>Makes priors of any number of components known by their name, in this process; the same kind may be registered again.</summary>
    /// <exception cref="OrnsteinException">Another one has its name, or the name is not lower case without spaces.</exception>
    public static void Register(PriorKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        Register(kind.Name, new Known(null, kind));
    }

    /// <summary>The prior of a text: <c>standard-normal</c>, <c>mixture</c>, or <c>mixture:20</c>.</summary>
    /// <exception cref="OrnsteinException">None is known by the name, or the number is none, or out of range.</exception>
    public static IPrior Named(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, number) = Parts(text);
        if (!_known.TryGetValue(name, out var known))
            throw new OrnsteinException($"there is no prior '{name}'; there are {string.Join(", ", Names)}. One of your own is known after Prior.Register(...).");
        if (known.Kind is not { } kind)
            return number is null ? known.Prior! : throw new OrnsteinException($"the prior '{name}' has no components to count; write {name}.");
        var count = kind.Standard;
        if (number is not null && !int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count))
            throw new OrnsteinException($"the prior '{name}' has a whole number of components, not '{number}'; write {name}:COMPONENTS, such as {name}:{kind.Standard}.");
        var prior = kind.Of(count);
        prior.Validate();
        return prior;
    }

    /// <summary>A text as it is always written: with its number of components where it has any. What is not known stays as it is.</summary>
    internal static string Canonical(string text)
    {
        var (name, number) = Parts(text);
        return number is null && _known.TryGetValue(name, out var known) && known.Kind is { } kind ? $"{name}:{kind.Standard.ToString(CultureInfo.InvariantCulture)}"
            : int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) ? $"{name}:{count.ToString(CultureInfo.InvariantCulture)}" : text;
    }

    private static (string Name, string? Number) Parts(string text) => text.IndexOf(':', StringComparison.Ordinal) is var end and >= 0 ? (text[..end], text[(end + 1)..]) : (text, null);

    private static void Register(string name, Known part)
    {
        if (!PartName.IsValid(name)) throw new OrnsteinException($"a prior is named '{name}'; a name has lower-case letters, digits and hyphens, such as 'mixture'.");
        if (!_known.GetOrAdd(name, part).Equals(part)) throw new OrnsteinException($"there is a prior '{name}' already; give another name.");
    }

    private sealed record Known(IPrior? Prior, PriorKind? Kind);
}
