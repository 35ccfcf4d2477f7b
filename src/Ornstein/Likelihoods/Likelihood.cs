using System.Collections.Concurrent;

namespace Ornstein.Likelihoods;

/// <summary>Likelihoods by the name that configurations write; one of your own is known after <see cref="Register"/>.</summary>
public static class Likelihood
{
    private static readonly ConcurrentDictionary<string, ILikelihood> _known = new(StringComparer.Ordinal)
    {
        ["bernoulli"] = new BernoulliLikelihood(),
        ["categorical"] = new CategoricalLikelihood(),
        ["discretized-logistic"] = new DiscretizedLogisticLikelihood(),
        ["gaussian"] = new GaussianLikelihood(),
        ["logistic-mixture"] = new LogisticMixtureLikelihood(),
        ["logistic-mixture-rgb"] = new ColourMixtureLikelihood(),
    };

    /// <summary>Binary pixels.</summary>
    public static BernoulliLikelihood Bernoulli { get; } = new();

    /// <summary>Real numbers, of variance 1.</summary>
    public static GaussianLikelihood Gaussian { get; } = new();

    /// <summary>Names of all that are known, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. _known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes a likelihood known by its name, in this process; the same one may be registered again.</summary>
    /// <exception cref="OrnsteinException">Another one has its name, or the name is not lower case without spaces.</exception>
    public static void Register(ILikelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        likelihood.Validate();
        var name = likelihood.Name;
        if (!PartName.IsValid(name))
            throw new OrnsteinException($"a likelihood is named '{name}'; a name has lower-case letters, digits and hyphens, such as 'laplace'.");
        if (!_known.GetOrAdd(name, likelihood).Equals(likelihood)) throw new OrnsteinException($"there is a likelihood '{name}' already; give another name.");
    }

    /// <summary>The likelihood of a name.</summary>
    /// <exception cref="OrnsteinException">None is known by it.</exception>
    public static ILikelihood Named(string name) => _known.TryGetValue(name, out var likelihood) ? likelihood
        : throw new OrnsteinException($"there is no likelihood '{name}'; there are {string.Join(", ", Names)}. One of your own is known after Likelihood.Register(new ...).");
}
