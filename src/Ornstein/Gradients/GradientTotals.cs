using Ornstein.Results;

namespace Ornstein.Gradients;

/// <summary>Sums over the measurements of the current pass, [networks][members] each; part of a checkpoint.</summary>
/// <param name="Networks">Names of the networks.</param>
/// <param name="SquaredMean">Squared length of the mean gradient.</param>
/// <param name="DataVariance">Variance between batches.</param>
/// <param name="NoiseVariance">Variance between draws of noise.</param>
public sealed record GradientTotals(string[] Networks, double[][] SquaredMean, double[][] DataVariance, double[][] NoiseVariance)
{
    /// <summary>Number of measurements.</summary>
    public int Count { get; set; }

    /// <summary>None yet.</summary>
    internal static GradientTotals None(string[] networks, int members)
    {
        double[][] Zeros() => [.. networks.Select(_ => new double[members])];
        return new(networks, Zeros(), Zeros(), Zeros());
    }

    /// <summary>Means over the measurements.</summary>
    internal GradientMoments[] Means(Func<IEnumerable<double>, double[]> valid)
    {
        double[] Mean(double[] sums) => valid(sums.Select(sum => sum / Count));
        return [.. Networks.Select((network, i) => new GradientMoments(network, Mean(SquaredMean[i]), Mean(DataVariance[i]), Mean(NoiseVariance[i])))];
    }

    /// <summary>Begins a pass.</summary>
    internal void Clear()
    {
        foreach (var sums in SquaredMean.Concat(DataVariance).Concat(NoiseVariance)) Array.Clear(sums);
        Count = 0;
    }

    /// <summary>Whether it is of so many members, and whole.</summary>
    internal bool IsOf(int members) => Networks is { } networks && new[] { SquaredMean, DataVariance, NoiseVariance }.All(
        sums => sums?.Length == networks.Length && sums.All(ofNetwork => ofNetwork?.Length == members));

    /// <summary>Whether it is of these networks.</summary>
    internal bool IsOf(string[] networks) => Networks.SequenceEqual(networks, StringComparer.Ordinal);
}
