namespace Ornstein.Tests.Information;

/// <summary>Mutual information of one number and equally likely causes, each a Gaussian of the number, by the midpoint rule.</summary>
internal static class Quadrature
{
    private const int Points = 40_000;

    /// <summary>I(cause; z) in nats.</summary>
    public static double Information(IReadOnlyList<(double Mean, double Deviation)> causes)
    {
        var low = causes.Min(cause => cause.Mean - (10 * cause.Deviation));
        var high = causes.Max(cause => cause.Mean + (10 * cause.Deviation));
        var step = (high - low) / Points;
        var sum = 0.0;
        for (var i = 0; i < Points; i++)
        {
            var z = low + ((i + 0.5) * step);
            double[] densities = [.. causes.Select(cause => Density(z, cause.Mean, cause.Deviation))];
            var mixture = densities.Average();
            sum += densities.Where(density => density > 0).Sum(density => density * Math.Log(density / mixture));
        }

        return sum * step / causes.Count;
    }

    private static double Density(double z, double mean, double deviation) =>
        Math.Exp(-0.5 * Math.Pow((z - mean) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI));
}
