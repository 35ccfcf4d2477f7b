using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Stacks;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

/// <summary>The exact marginal of a purely linear model, with skip connections or without, from its parameters: an oracle for every bound.</summary>
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
        // Every layer as an affine function of the independent noises of all: z_i = mean + e map.
        var layers = vae.Options.Layers;
        var noises = eye(vae.Options.Units.Sum(), dtype: ScalarType.Float64).split([.. vae.Options.Units.Select(units => (long)units)], 0)
            .Select(rows => rows.transpose(0, 1)).ToArray();
        var (maps, means) = (new Tensor[layers], new Tensor[layers]);
        (maps[^1], means[^1]) = (noises[^1], zeros(1, vae.Options.Latents[^1].Units, dtype: ScalarType.Float64));
        for (var link = layers - 2; link >= 0; link--)
        {
            var deviation = Get(vae, $"p{link + 1}.scale", member).Softplus().Plus(1e-4);
            (maps[link], means[link]) = Affine($"p{link + 1}", link + 1);
            maps[link] = maps[link].Times(rho).Plus(noises[link] * deviation);
        }

        var (map, mean) = Affine("p0", 0);
        var marginal = mm(map.transpose(0, 1), map).Plus(eye(vae.Options.Features, dtype: ScalarType.Float64).Times(DecoderVariance(vae, member)));
        var centred = x.to(ScalarType.Float64) - mean;
        var quadratic = (mm(centred, linalg.inv(marginal)) * centred).sum([1L]);
        var constant = (vae.Options.Features * Math.Log(2 * Math.PI)) + linalg.slogdet(marginal).Item2.item<double>();
        return quadratic.Plus(constant).Times(-0.5).mean().item<double>();

        // What a network makes of the layers from one up: of all of them where it skips.
        (Tensor Map, Tensor Mean) Affine(string network, int lowest)
        {
            var read = vae.Options.Skip.HasFlag(SkipConnections.Generative) ? layers - lowest : 1;
            Tensor Read(Tensor[] of) => cat([.. of.Skip(lowest).Take(read)], 1);
            var w = Get(vae, $"{network}.output.weight", member);
            return (mm(Read(maps), w), mm(Read(means), w.Times(network == "p0" ? 1 : rho)).Plus(Get(vae, $"{network}.output.bias", member)));
        }
    }

    /// <summary>Sets every number of a parameter, in all members.</summary>
    public static void Set(HierarchicalVae vae, string name, double value)
    {
        var entry = vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == name);
        vae.Parameters.Memory(vae.Parameters.Values, entry).Fill((float)value);
    }

    private static double DecoderVariance(HierarchicalVae vae, int member)
    {
        var likelihood = (GaussianLikelihood)vae.Options.Likelihood;
        return likelihood.Kind switch
        {
            GaussianVariance.Learned => Math.Exp(Get(vae, "p0.logvariance", member).item<double>()),
            GaussianVariance.Analytic => Get(vae, "p0.variance", member).item<double>(),
            _ => likelihood.Variance,
        };
    }

    private static Tensor Get(HierarchicalVae vae, string name, int member)
    {
        var entry = vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == name);
        return vae.Parameters[entry][member].to(ScalarType.Float64);
    }
}
