using Ornstein.Batching;
using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Harmonics;

/// <summary>
/// The degree profiles of the functions between the stochastic layers of a stack: mu_p and sigma_p of p(z_i | z_{i+1}), mu_q and sigma_q
/// of q(z_{i+1} | z_i). Each is a function of eps in the layer's own coordinates z = m + s eps, with q's Gaussian N(m, s^2) of that layer
/// for the datum; profiles are averaged over data.
/// </summary>
public static class LayerHarmonics
{
    /// <summary>Profiles of every function of every member.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Data, at least 2.</param>
    /// <param name="options">How finely a function is sampled.</param>
    /// <param name="seed">Seed of the points, the same for all members.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Functions from the lowest link up: mu_p, sigma_p, mu_q, sigma_q of each.</returns>
    /// <exception cref="OrnsteinException">A setting is out of range, there are fewer than two data, or the model is not Markov.</exception>
    public static IReadOnlyList<LayerFunction> Of(
        HierarchicalVae vae, DataRows rows, HarmonicsOptions options, long seed = 1, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        vae.RequireMarkov("harmonics");
        if (rows.Count < 2) throw new OrnsteinException($"harmonics over {rows.Count} data; at least 2 are needed.");
        var (members, latents) = (vae.Members.Count, vae.Options.Units);
        var links = vae.Options.Layers - 1;
        // Of every link: p reads the layer above, q the one below; a mean and a standard deviation each.
        var p = Estimators(link => latents[link + 1]);
        var q = Estimators(link => latents[link]);
        HarmonicEstimator[][] Estimators(Func<int, int> units) =>
            [.. Enumerable.Range(0, links).Select(link => new[] { New(units(link)), New(units(link)) })];
        HarmonicEstimator New(int units) => new(members, units, options);

        var key = RandomKey.FromSeed(seed).At("harmonics");
        // Matrices of all pairs of evaluations, for every datum and member, in double precision: some 100 MB.
        var batch = (int)Math.Clamp(2_000_000L / ((long)members * options.Evaluations * options.Evaluations), 1, 100);
        for (var start = 0; start < rows.Count; start += batch)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(batch, rows.Count - start);
            var own = key.At(start);
            var pass = Infer(vae, rows.Slice(start, count).unsqueeze(0), StackNoise.Shared(own.At("pass")));
            for (var link = 0; link < links; link++)
            {
                var (l, above, below) = (link, pass.Layers[link + 1], pass.Layers[link]);
                p[link][0].Add(eps => Both(above, eps, z => vae.Generative(l, z)), p[link], count, own.At($"p{link + 1}"));
                q[link][0].Add(eps => Both(below, eps, z => vae.Inference(l + 1, z)), q[link], count, own.At($"q{link + 2}"));
            }
        }

        return [.. Enumerable.Range(0, links).SelectMany(link => new[]
        {
            Describe(SmoothedNetworks.P, link, "mu", p[link][0]),
            Describe(SmoothedNetworks.P, link, "sigma", p[link][1]),
            Describe(SmoothedNetworks.Q, link, "mu", q[link][0]),
            Describe(SmoothedNetworks.Q, link, "sigma", q[link][1]),
        })];

        LayerFunction Describe(SmoothedNetworks network, int link, string head, HarmonicEstimator estimator)
        {
            var (output, input) = network == SmoothedNetworks.P ? (link + 1, link + 2) : (link + 2, link + 1);
            return new LayerFunction
            {
                Name = $"{head}_{(network == SmoothedNetworks.P ? 'p' : 'q')}(z{output}|z{input})",
                Network = network,
                Link = link,
                Outputs = latents[output - 1],
                Profiles = [.. Enumerable.Range(0, members).Select(estimator.Profile)],
            };
        }
    }

    private static InferencePass Infer(HierarchicalVae vae, Tensor x, StackNoise noise)
    {
        using var guard = no_grad();
        return vae.Infer(x, noise);
    }

    // Mean and standard deviation of a network at m + s eps, each [members, evaluations, data, outputs].
    private static Tensor[] Both(DiagonalGaussian layer, Tensor eps, Func<Tensor, DiagonalGaussian> network)
    {
        var (members, evaluations, data, units) = (eps.shape[0], eps.shape[1], eps.shape[2], eps.shape[3]);
        var z = layer.Mean.unsqueeze(1).PlusProduct(layer.StandardDeviation.unsqueeze(1), eps);
        var output = network(z.reshape(members, evaluations * data, units));
        var width = output.Mean.shape[2];
        // In a linear model the standard deviation has one row: the same for all inputs.
        var deviation = output.StandardDeviation.shape[1] == 1
            ? output.StandardDeviation.detach().unsqueeze(2).expand(members, evaluations, data, width)
            : output.StandardDeviation.reshape(members, evaluations, data, width);
        return [output.Mean.reshape(members, evaluations, data, width), deviation];
    }
}

/// <summary>A function between two stochastic layers and its degree profile in every member.</summary>
public sealed record LayerFunction
{
    /// <summary>Such as <c>mu_p(z1|z2)</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it belongs to p or to q.</summary>
    public required SmoothedNetworks Network { get; init; }

    /// <summary>The link it spans: 0 between z1 and z2.</summary>
    public required int Link { get; init; }

    /// <summary>Number of outputs.</summary>
    public required int Outputs { get; init; }

    /// <summary>The profile of every member.</summary>
    public required IReadOnlyList<HarmonicProfile> Profiles { get; init; }
}
