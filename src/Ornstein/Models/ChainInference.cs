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
            Tensor Input(Tensor points) => !options.Skip.HasFlag(SkipConnections.Inference) ? points
                : cat([points, data.repeat(1, points.shape[1] / data.shape[1], 1)], -1); // points hold all inner draws of a datum
            var layer = i == 0
                ? network.Forward(vae.Parameters, data)
                : vae.Smooth(
                    SmoothedNetworks.Q, points => network.Forward(vae.Parameters, Input(points)), i - 1, layers[i - 1], samples[i - 1], noise,
                    $"smooth.q{i + 1}");
            layers[i] = i == options.Layers - 1 ? vae.Capped(layer) : layer;
            samples[i] = layers[i].Sample(noise.Normal($"z{i + 1}", x.shape[1], options.Latents[i]));
        }

        return new InferencePass(layers, samples);
    }
}
