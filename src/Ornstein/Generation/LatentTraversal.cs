using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Generation;

/// <summary>
/// Expected data as one unit of one layer moves, in the unsmoothed model: layers above and the layer's other units stay at p's means (z_L at
/// the prior's), layers below are p's means.
/// </summary>
public static class LatentTraversal
{
    private const int PriorSamples = 1000;
    private const double Reach = 3;

    /// <summary>
    /// Expected data, [members, steps, features], of a unit from -3 to 3 standard deviations around its mean, both of the unit under p(z_i),
    /// which 1,000 samples of the prior give.
    /// </summary>
    /// <param name="vae">The stack.</param>
    /// <param name="layer">Which layer, from 0 for z1.</param>
    /// <param name="units">The unit of every member, [members].</param>
    /// <param name="steps">Number of positions, at least 2.</param>
    public static Tensor Of(HierarchicalVae vae, int layer, IReadOnlyList<int> units, int steps)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(units);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var prior = Descent.Prior(vae, PriorSamples, StackNoise.Shared(RandomKey.FromSeed(0).At("traversal")), "prior")[layer];
        var top = vae.Options.Layers - 1;
        var samples = new Tensor[vae.Options.Layers];
        samples[top] = vae.Networks.Prior.Gaussian(vae, steps).Mean;
        var at = Descent.Below(vae, samples, top, noise: null, "");
        at[layer] = at[layer].clone();
        var places = linspace(-Reach, Reach, steps);
        for (var member = 0; member < units.Count; member++)
        {
            var unit = prior[member].select(1, units[member]);
            at[layer][member].select(1, units[member]).copy_(unit.mean().Plus(unit.std() * places));
        }

        return vae.Decode(Descent.Below(vae, at, layer, noise: null, "")).MoveToOuterDisposeScope();
    }
}
