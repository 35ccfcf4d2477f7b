using Ornstein.Gaussians;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Priors;

/// <summary>A mixture of diagonal Gaussians in every member: what priors made of several Gaussians have in common.</summary>
/// <param name="Components">The Gaussians, [members, components, units].</param>
/// <param name="LogWeights">Logarithms of their weights, which sum to one, [members or 1, components].</param>
internal readonly record struct GaussianComponents(DiagonalGaussian Components, Tensor LogWeights)
{
    /// <summary>Most components: beyond these a number is a slip.</summary>
    private const int Most = 10_000;

    /// <summary>Throws where a number of components is out of range.</summary>
    /// <param name="prior">Whose.</param>
    /// <param name="count">The number.</param>
    /// <exception cref="OrnsteinException">Says what would be right.</exception>
    public static void Require(string prior, int count)
    {
        if (count is < 1 or > Most) throw new OrnsteinException($"the prior '{prior}' has {count} components; it must have 1 to {Most:N0}.");
    }

    /// <summary>log sum_c w_c N(z; m_c, s_c^2), nats, [members, rows].</summary>
    /// <param name="z">[members, rows, units].</param>
    public Tensor LogDensity(Tensor z)
    {
        // Every point with every component: [members, rows, components, units].
        var each = new DiagonalGaussian(Components.Mean.unsqueeze(1), Deviations.unsqueeze(1)).LogDensity(z.unsqueeze(2));
        return each.Plus(LogWeights.unsqueeze(1)).logsumexp(-1);
    }

    /// <summary>Samples, [members, rows, units]: a component of each row, drawn at <c>PLACE.component</c>, then a point of it.</summary>
    public Tensor Sample(int rows, int units, StackNoise noise, string place)
    {
        var chosen = noise.Draw($"{place}.component", rows, (key, count) => key.Uniform(count, 1)); // [members or 1, rows, 1]
        var ends = LogWeights.exp().cumsum(-1).unsqueeze(1);
        var last = Components.Mean.shape[1] - 1;
        // The last interval ends at one, wherever rounding puts it.
        var index = (chosen >= ends).sum(-1, keepdim: true).AtMost(last).expand(Components.Mean.shape[0], -1, units);
        return new DiagonalGaussian(Components.Mean.gather(1, index), Deviations.gather(1, index)).Sample(noise.Normal(place, rows, units));
    }

    /// <summary>Its mean and standard deviation, unit by unit, [members, 1, units].</summary>
    public DiagonalGaussian Moments()
    {
        var weights = LogWeights.exp().unsqueeze(-1);
        var mean = (weights * Components.Mean).sum([1L], keepdim: true);
        var variance = (weights * Deviations.Squared().Plus((Components.Mean - mean).Squared())).sum([1L], keepdim: true);
        return new DiagonalGaussian(mean, variance.sqrt());
    }

    // A network may give one width for all rows.
    private Tensor Deviations => Components.StandardDeviation.expand(Components.Mean.shape);
}
