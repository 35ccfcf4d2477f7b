using Ornstein.Batching;

namespace Ornstein.Likelihoods;

/// <summary>What likelihoods of grey levels have in common.</summary>
internal static class GreyLevels
{
    // No mean is nearer to the ends than this: none of a finite distribution is at them.
    private const double LeastMean = 0.001;

    /// <summary>Why data are no grey levels; null where they are.</summary>
    public static string? Misfit(DataRange data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.IsLevels ? null
            : FormattableString.Invariant($"it gives probabilities to the 256 grey levels of pixels, 0 to 1 in steps of 1/255, and these data are others, between {data.Least:G4} and {data.Greatest:G4}; take the gaussian likelihood");
    }

    /// <summary>Where the components of a mixture begin beside its middle: side by side, as alike they would stay alike but for what the weights make of them.</summary>
    public static double[] Offsets(int components) => [.. Enumerable.Range(0, components).Select(component => ((component + 0.5) / components) - 0.5)];

    /// <summary>The middle of such a mixture of discretized logistics, in equal parts, that has a mean.</summary>
    /// <param name="mean">The mean, in [0, 1].</param>
    /// <param name="components">Number of components.</param>
    /// <param name="logScale">Log of their scales.</param>
    public static double MiddleOf(double mean, int components, double logScale)
    {
        var offsets = Offsets(components);
        return ArgumentOf(mean, 50, argument => offsets.Average(offset => DiscretizedLogistic.Mean(argument + offset, logScale)));
    }

    /// <summary>The argument at which a rising function is a mean.</summary>
    /// <param name="mean">The mean, in [0, 1].</param>
    /// <param name="bound">The argument lies within plus and minus this.</param>
    /// <param name="function">From arguments to means.</param>
    public static double ArgumentOf(double mean, double bound, Func<double, double> function)
    {
        var wanted = Math.Clamp(mean, LeastMean, 1 - LeastMean);
        var (low, high) = (-bound, bound);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (function(middle) < wanted) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }
}
