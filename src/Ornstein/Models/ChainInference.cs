using Ornstein.Gaussians;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>q(z | x) = q(z1 | x) prod q(z_{i+1} | z_i), or prod q(z_{i+1} | z_i, x) with skip connections.</summary>
internal static class ChainInference
{
    public static InferencePass Infer(HierarchicalVae vae, Tensor x, StackNoise noise)
    {
        var options = vae.Options;
        var data = x.expand(vae.Members.Count, -1, -1);
        var (layers, samples) = (new DiagonalGaussian[options.Layers], new Tensor[options.Layers]);
        for (var i = 0; i < options.Layers; i++)
        {
            var network = vae.Networks.Q[i];
            var layer = i == 0
                ? network.Forward(vae.Parameters, data)
                : vae.Smooth(
                    SmoothedNetworks.Q, points => network.Forward(vae.Parameters, Input(options, data, points)), i - 1, layers[i - 1], samples[i - 1], noise,
                    $"smooth.q{i + 1}");
            layers[i] = i == options.Layers - 1 ? vae.Capped(layer) : layer;
            samples[i] = layers[i].Sample(noise.Normal($"z{i + 1}", x.shape[1], options.Latents[i]));
        }

        return new InferencePass(layers, samples);
    }

    /// <summary>q's Gaussians given samples, with parameters of which gradients may be held; q is not smoothed.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="parameters">Its parameters, or <see cref="StackParameters.Held"/>.</param>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="samples">z1 first, each [members, batch, units].</param>
    public static DiagonalGaussian[] LayersAt(HierarchicalVae vae, StackParameters parameters, Tensor x, IReadOnlyList<Tensor> samples)
    {
        var data = x.expand(vae.Members.Count, -1, -1);
        DiagonalGaussian[] layers = [.. vae.Networks.Q.Select((network, i) =>
            network.Forward(parameters, i == 0 ? data : Input(vae.Options, data, samples[i - 1])))];
        layers[^1] = vae.Capped(layers[^1]);
        return layers;
    }

    // Points hold all inner draws of a datum.
    private static Tensor Input(ModelOptions options, Tensor data, Tensor points) => options.Skip.HasFlag(SkipConnections.Inference)
        ? cat([points, data.repeat(1, points.shape[1] / data.shape[1], 1)], -1)
        : points;
}
