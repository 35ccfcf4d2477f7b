using Ornstein.Models;
using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

/// <summary>The exact marginal of a purely linear model of two layers, from its parameters: an oracle for every bound.</summary>
internal static class LinearGaussian
{
    /// <summary>Mean over data of log p(x) of one member, nats per datum; x is float32 [count, features].</summary>
    /// <param name="vae">A stack of linear models.</param>
    /// <param name="member">Which of them.</param>
    /// <param name="x">Data.</param>
    /// <param name="rho">
    /// Of the smoothed generative model of two layers: in the top layer's coordinates an affine mean W z2 + b becomes rho W z2 + b.
    /// </param>
    public static double LogLikelihood(HierarchicalVae vae, int member, Tensor x, double rho = 1)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (w1, b1) = (Get(vae, "p0.output.weight", member), Get(vae, "p0.output.bias", member));
        var covariance = eye(vae.Options.Latents[^1], dtype: ScalarType.Float64);
        var mean = zeros(1, vae.Options.Latents[^1], dtype: ScalarType.Float64);
        for (var link = vae.Options.Layers - 2; link >= 0; link--)
        {
            var (w, b) = (Get(vae, $"p{link + 1}.output.weight", member), Get(vae, $"p{link + 1}.output.bias", member));
            w *= rho;
            var deviation = nn.functional.softplus(Get(vae, $"p{link + 1}.scale", member)) + 1e-4;
            covariance = mm(mm(w.transpose(0, 1), covariance), w) + diag(deviation.square().reshape(-1));
            mean = mm(mean, w) + b;
        }

        var marginal = mm(mm(w1.transpose(0, 1), covariance), w1)
            + (vae.Options.DecoderVariance * eye(vae.Options.Features, dtype: ScalarType.Float64));
        var centred = x.to(ScalarType.Float64) - (mm(mean, w1) + b1);
        var quadratic = (mm(centred, linalg.inv(marginal)) * centred).sum([1L]);
        var constant = (vae.Options.Features * Math.Log(2 * Math.PI)) + linalg.slogdet(marginal).Item2.item<double>();
        return (-0.5 * (quadratic + constant)).mean().item<double>();
    }

    /// <summary>Sets every number of a parameter, in all members.</summary>
    public static void Set(HierarchicalVae vae, string name, double value)
    {
        var entry = vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == name);
        vae.Parameters.Memory(vae.Parameters.Values, entry).Fill((float)value);
    }

    private static Tensor Get(HierarchicalVae vae, string name, int member)
    {
        var entry = vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == name);
        return vae.Parameters[entry][member].to(ScalarType.Float64);
    }
}
