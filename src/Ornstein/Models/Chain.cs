namespace Ornstein.Models;

/// <summary>
/// The order of inference in a chain: q(z1 | x), a sample, q(z2 | z1), a sample, and so on. What Gaussians and samples are - tensors or places in a
/// program's memory - is the caller's.
/// </summary>
internal static class Chain
{
    /// <summary>Climbs from the data to the top.</summary>
    /// <param name="layers">Number of layers.</param>
    /// <param name="first">q(z1 | x).</param>
    /// <param name="next">q of a layer, from its number from 0, and the Gaussian and the sample of the layer below.</param>
    /// <param name="sample">A sample of a layer's Gaussian.</param>
    /// <returns>Of every layer, z1 first.</returns>
    public static (TGaussian[] Layers, TSample[] Samples) Climb<TGaussian, TSample>(
        int layers, Func<TGaussian> first, Func<int, TGaussian, TSample, TGaussian> next, Func<int, TGaussian, TSample> sample)
    {
        var (gaussians, samples) = (new TGaussian[layers], new TSample[layers]);
        for (var i = 0; i < layers; i++)
        {
            gaussians[i] = i == 0 ? first() : next(i, gaussians[i - 1], samples[i - 1]);
            samples[i] = sample(i, gaussians[i]);
        }

        return (gaussians, samples);
    }
}
