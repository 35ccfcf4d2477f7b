using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Objectives;

/// <summary>
/// Samples of every layer and datum, and what the objective reads of them. Ordinarily the objective reads the pass itself. Where a gradient is
/// doubly reparameterized it reads copies of the samples that gradients stop at, so that what reaches them can be weighted before it goes on through q.
/// </summary>
internal sealed class ObjectivePass
{
    private readonly HierarchicalVae _vae;
    private readonly StackNoise _noise;
    private readonly InferencePass _path; // z as a function of q's parameters

    /// <summary>A pass of data through q; rows may hold the data several times.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="x">Data, [members or 1, rows, features].</param>
    /// <param name="noise">Where the samples and inner draws come from.</param>
    /// <param name="isCut">Whether the objective reads copies.</param>
    public ObjectivePass(HierarchicalVae vae, Tensor x, StackNoise noise, bool isCut)
    {
        (_vae, _noise, _path) = (vae, noise, vae.Infer(x, noise));
        if (!isCut)
        {
            Read = _path;
            Scored = _path.Layers;
        }
        else
        {
            Tensor[] samples = [.. _path.Samples.Select(z => z.detach().requires_grad_())];
            Read = new InferencePass(vae.Networks.Inference.LayersAt(vae, vae.Parameters, x, samples), samples);
            Scored = vae.Networks.Inference.LayersAt(vae, vae.Parameters.Held, x, samples);
        }

        Reconstruction = vae.Reconstruction(x, Read);
    }

    /// <summary>What the objective reads: samples, and q's Gaussians given those below.</summary>
    public InferencePass Read { get; }

    /// <summary>q's Gaussians again, with parameters that no gradient reaches where the objective reads copies.</summary>
    public IReadOnlyList<DiagonalGaussian> Scored { get; }

    /// <summary>-log p(x | z), nats, [members, rows].</summary>
    public Tensor Reconstruction { get; }

    /// <summary>KL of every layer's units, p smoothed, each nats, [members, rows, units].</summary>
    public IReadOnlyList<Tensor> Kl() => _vae.SmoothedKlPerUnit(Read, _noise);

    /// <summary>p's Gaussian of every layer given the samples above, smoothed; that of the top layer is N(0, 1), of size 1.</summary>
    public IReadOnlyList<DiagonalGaussian> Generative => field ??=
    [
        .. Enumerable.Range(0, Read.Layers.Count - 1).Select(layer => _vae.SmoothedGenerative(layer, Read, _noise)),
        new DiagonalGaussian(zeros(1, 1, 1), ones(1, 1, 1)),
    ];

    /// <summary>log q - log p of every layer at the samples, p smoothed, each nats, [members, rows].</summary>
    /// <param name="isDoubly">bool [members]: whose gradient does not reach q's parameters by log q.</param>
    public IReadOnlyList<Tensor> LogRatios(Tensor isDoubly)
    {
        var ratios = new Tensor[Read.Layers.Count];
        for (var i = 0; i < ratios.Length; i++)
        {
            var z = Read.Samples[i];
            DiagonalGaussian? p = i < ratios.Length - 1 ? _vae.SmoothedGenerative(i, Read, _noise) : null; // the prior, of any kind
            var q = Read.Layers[i].LogDensity(z);
            if (!ReferenceEquals(Scored, _path.Layers)) q = where(isDoubly.unsqueeze(-1), Scored[i].LogDensity(z), q);
            ratios[i] = q - (p?.LogDensity(z) ?? _vae.LogPrior(z));
        }

        return ratios;
    }

    /// <summary>Sends on through q what has reached the copies, multiplied by a weight of every row.</summary>
    /// <param name="weight">[members, rows].</param>
    /// <returns>What to differentiate.</returns>
    public Tensor Continue(Tensor weight)
    {
        var factor = weight.unsqueeze(-1);
        return _path.Samples.Zip(Read.Samples, (path, copy) => (path * (copy.grad! * factor)).sum([])).Aggregate((sum, term) => sum.Plus(term));
    }
}
