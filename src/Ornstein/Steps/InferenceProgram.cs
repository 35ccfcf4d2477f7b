using Ornstein.Models;
using Ornstein.Smoothing;

namespace Ornstein.Steps;

/// <summary>A pass through q as operations: what <see cref="IInference.Infer"/> is with tensors.</summary>
/// <param name="Layers">q's Gaussians, z1 first.</param>
/// <param name="Samples">Samples of them.</param>
/// <param name="Generative">p of every layer but the top, where q contains it; null for a chain.</param>
internal sealed record InferenceProgram(GaussianSlots[] Layers, Slot[] Samples, GaussianSlots[]? Generative)
{
    /// <summary>The Gaussians that need the data alone and no samples: q(z1 | x) of a chain, all that climbs of a ladder.</summary>
    /// <param name="build">The program.</param>
    /// <param name="x">The data.</param>
    public static GaussianSlots[] FromData(ProgramBuilder build, Slot x)
    {
        var networks = build.Vae.Networks;
        if (networks.Inference is not LadderInference ladder)
        {
            var first = build.Gaussian(networks.Q[0], x);
            return [networks.Q.Count == 1 ? build.Capped(first) : first];
        }

        var climbing = new GaussianSlots[networks.Q.Count];
        for (var i = 0; i < climbing.Length; i++)
        {
            x = build.Whole(ladder.Climbing[i], x);
            climbing[i] = build.Gaussian(networks.Q[i], x);
        }

        climbing[^1] = build.Capped(climbing[^1]);
        return climbing;
    }

    /// <summary>The pass.</summary>
    /// <param name="build">The program.</param>
    /// <param name="fromData">What <see cref="FromData"/> gives.</param>
    /// <param name="x">The data, for networks that read them beside the layer below.</param>
    public static InferenceProgram Of(ProgramBuilder build, GaussianSlots[] fromData, Slot x) =>
        build.Vae.Options.Inference == InferenceKind.Ladder ? Ladder(build, fromData) : Chained(build, fromData[0], x);

    /// <summary>What q's networks read beside the layer below: the data, with inference skips; else nothing.</summary>
    public static Slot? Beside(ProgramBuilder build, Slot x) => build.Vae.Options.Skip.HasFlag(SkipConnections.Inference) ? x : null;

    private static InferenceProgram Chained(ProgramBuilder build, GaussianSlots first, Slot x)
    {
        var q = build.Vae.Networks.Q;
        var (layers, samples) = Chain.Climb(
            q.Count, () => first,
            (i, below, z) =>
            {
                var layer = build.Conditional(SmoothedNetworks.Q, q[i], i - 1, () => below, z, $"smooth.q{i + 1}", Beside(build, x));
                return i == q.Count - 1 ? build.Capped(layer) : layer;
            },
            (i, layer) => build.Sample(layer, $"z{i + 1}"));
        return new InferenceProgram(layers, samples, Generative: null);
    }

    private static InferenceProgram Ladder(ProgramBuilder build, GaussianSlots[] climbing)
    {
        var top = climbing.Length - 1;
        var (layers, samples, generative) = (new GaussianSlots[top + 1], new Slot[top + 1], new GaussianSlots[top]);
        for (var i = top; i >= 0; i--)
        {
            if (i < top) generative[i] = build.Generative(i, above => layers[above], samples, $"smooth.p{i + 1}");
            layers[i] = i == top ? climbing[top] : build.Merge(climbing[i], generative[i]);
            samples[i] = build.Sample(layers[i], $"z{i + 1}");
        }

        return new InferenceProgram(layers, samples, generative);
    }
}
