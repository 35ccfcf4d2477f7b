using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Generation;

/// <summary>Ways down the unsmoothed generative model: from given upper layers, or from the prior, to z1.</summary>
internal static class Descent
{
    /// <summary>All layers from p, z1 first, each [members, rows, units].</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Samples per member.</param>
    /// <param name="noise">Where they come from.</param>
    /// <param name="place">Prefix of the noise's names.</param>
    public static Tensor[] Prior(HierarchicalVae vae, int rows, StackNoise noise, string place)
    {
        var top = vae.Options.Layers - 1;
        var samples = new Tensor[vae.Options.Layers];
        samples[top] = vae.Networks.Prior.Sample(vae, rows, noise, $"{place}.z{top + 1}").expand(vae.Members.Count, -1, -1);
        return Below(vae, samples, top, noise, place);
    }

    /// <summary>The given layers with all those below an index drawn from p given the layers above them.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="samples">z1 first; entries below <paramref name="lowest"/> are not read.</param>
    /// <param name="lowest">Index of the lowest layer that stays: 0 for z1.</param>
    /// <param name="noise">Where the draws come from; null for the means of p in their place.</param>
    /// <param name="place">Prefix of the noise's names.</param>
    public static Tensor[] Below(HierarchicalVae vae, IReadOnlyList<Tensor> samples, int lowest, StackNoise? noise, string place)
    {
        Tensor[] all = [.. samples];
        for (var link = lowest - 1; link >= 0; link--)
        {
            var p = vae.Generative(link, all);
            all[link] = noise is null ? p.Mean : p.Sample(noise.Normal($"{place}.z{link + 1}", p.Mean.shape[1], p.Mean.shape[2]));
        }

        return all;
    }

    /// <summary>log p of one layer at its samples, given those above it; the prior's for the top. Nats, [members, rows].</summary>
    public static Tensor LogDensity(HierarchicalVae vae, int layer, IReadOnlyList<Tensor> samples) =>
        layer == vae.Options.Layers - 1 ? vae.LogPrior(samples[layer]) : vae.Generative(layer, samples).LogDensity(samples[layer]);
}
