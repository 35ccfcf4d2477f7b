using Ornstein.Gaussians;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// Ladder inference (Sonderby et al. 2016, section 2.2): hidden layers climb from the data, d_i = f_i(d_{i-1}), each giving N(m_i, s_i^2); then, from the top
/// down, q(z_i | z_{i+1}, x) is that Gaussian merged with p(z_i | z_{i+1}) by precision. p is merged as it is trained: smoothed.
/// </summary>
internal static class LadderInference
{
    public static InferencePass Infer(HierarchicalVae vae, Tensor x, StackNoise noise)
    {
        var (top, latents) = (vae.Options.Layers - 1, vae.Options.Latents);
        var climbing = new DiagonalGaussian[top + 1];
        var hidden = x.expand(vae.Members.Count, -1, -1);
        for (var i = 0; i <= top; i++)
        {
            hidden = vae.Networks.Q[i].Network.Hidden(vae.Parameters, hidden);
            climbing[i] = vae.Networks.Q[i].Heads(vae.Parameters, hidden);
        }

        var (layers, samples, generative) = (new DiagonalGaussian[top + 1], new Tensor[top + 1], new DiagonalGaussian[top]);
        for (var i = top; i >= 0; i--)
        {
            if (i < top) generative[i] = vae.SmoothedGenerative(i, layers, samples, noise);
            layers[i] = i == top ? vae.Capped(climbing[top]) : Merge(climbing[i], generative[i]);
            samples[i] = layers[i].Sample(noise.Normal($"z{i + 1}", x.shape[1], latents[i]));
        }

        return new InferencePass(layers, samples) { Generative = generative };
    }

    /// <summary>
    /// The normalized product of two Gaussians: precision 1/s^2 + 1/sigma^2, mean weighted by precision. With a = sigma^2 / (s^2 + sigma^2): mean
    /// mu + a (m - mu), standard deviation s sqrt(a).
    /// </summary>
    public static DiagonalGaussian Merge(DiagonalGaussian first, DiagonalGaussian second)
    {
        var variance = second.StandardDeviation.square();
        var share = variance / (first.StandardDeviation.square() + variance);
        return new DiagonalGaussian(second.Mean + (share * (first.Mean - second.Mean)), first.StandardDeviation * share.sqrt());
    }
}
