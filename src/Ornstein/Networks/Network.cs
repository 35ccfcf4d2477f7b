using System.Collections.Concurrent;

namespace Ornstein.Networks;

/// <summary>Networks of hierarchies by the name that configurations write; your own are known after <see cref="Register"/>.</summary>
public static class Network
{
    private static readonly ConcurrentDictionary<string, INetworkFamily> _known = new(StringComparer.Ordinal);

    /// <summary>The name of <see cref="Perceptrons"/>, whose sizes are settings of their own.</summary>
    public const string Perceptron = "perceptron";

    /// <summary>The name of <see cref="Convolutions"/>, whose sizes are settings of their own.</summary>
    public const string Convolution = "convolution";

    /// <summary>Names of all that are known, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. _known.Keys.Append(Perceptron).Append(Convolution).Order(StringComparer.Ordinal)];

    /// <summary>Makes networks known by their name, in this process; the same may be registered again.</summary>
    /// <exception cref="OrnsteinException">Others have that name, or the name is not lower case without spaces.</exception>
    public static void Register(INetworkFamily networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var name = networks.Name;
        if (!PartName.IsValid(name))
            throw new OrnsteinException($"networks are named '{name}'; a name has lower-case letters, digits and hyphens, such as 'convolutions'.");
        if (name is Perceptron or Convolution || !_known.GetOrAdd(name, networks).Equals(networks))
            throw new OrnsteinException($"there are networks '{name}' already; give another name.");
    }

    /// <summary>The networks of a name that was registered.</summary>
    /// <exception cref="OrnsteinException">None are known by it.</exception>
    public static INetworkFamily Named(string name) => _known.TryGetValue(name, out var networks) ? networks
        : throw new OrnsteinException($"there are no networks '{name}'; there are {string.Join(", ", Names)}. Your own are known after Network.Register(new ModuleNetworks(\"{name}\", ...)).");
}
