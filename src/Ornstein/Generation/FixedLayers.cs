using Ornstein.Models;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Generation;

/// <summary>Samples of the unsmoothed model that share their upper layers: what the layers below still decide.</summary>
public static class FixedLayers
{
    /// <summary>Expected data of samples that share z_i and all layers above it, [members, count, features].</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="lowest">Index of the lowest layer that is fixed, from 0 for z1; the number of layers: none is.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="noise">Where they come from: the same noise fixes the same layers, whatever <paramref name="lowest"/>.</param>
    public static Tensor Of(HierarchicalVae vae, int lowest, int count, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(noise);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        if (lowest == vae.Options.Layers) return vae.Decode(Descent.Prior(vae, count, noise, "below")).MoveToOuterDisposeScope();
        var fixedSamples = Descent.Prior(vae, 1, noise, "fixed").Select(z => z.expand(-1, count, -1)).ToArray();
        return vae.Decode(Descent.Below(vae, fixedSamples, lowest, noise, "below")).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Expected data of each datum's reconstruction from a layer up: that layer and those above from q, those below drawn from p, [members,
    /// batch, features].
    /// </summary>
    /// <param name="vae">The stack.</param>
    /// <param name="pass">A pass of the data through q.</param>
    /// <param name="lowest">Index of the lowest layer from q, from 0 for z1.</param>
    /// <param name="noise">Where the draws come from.</param>
    public static Tensor Reconstruction(HierarchicalVae vae, InferencePass pass, int lowest, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(pass);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return vae.Decode(Descent.Below(vae, pass.Samples, lowest, noise, "from")).MoveToOuterDisposeScope();
    }
}
