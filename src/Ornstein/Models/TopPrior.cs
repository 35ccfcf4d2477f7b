using Ornstein.Gaussians;
using Ornstein.Networks;
using Ornstein.Priors;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>p(z_L) of a model, with the parameters of its own.</summary>
internal sealed class TopPrior
{
    private readonly IPrior _prior;
    private readonly OwnParameters _own;
    private readonly IInference _inference;
    private readonly int _units;

    public TopPrior(ParameterLayout layout, ModelOptions options, IInference inference, TrainingMode mode)
    {
        (_prior, _inference, _units) = (options.Prior, inference, options.Latents[^1].Units);
        _own = new OwnParameters(layout, "prior", $"the prior '{_prior.Name}'", _prior.Parameters(_units, inference.TopReads), mode);
    }

    /// <summary>log p(z), nats, [members, rows].</summary>
    public Tensor LogDensity(HierarchicalVae vae, Tensor z)
    {
        var value = _prior.LogDensity(z, StateOf(vae));
        RequireShape("log-density", value, z.shape[..^1]);
        return value;
    }

    /// <summary>KL(q || p), nats, [members, rows]; where it has no closed form, log q - log p at samples of q.</summary>
    public Tensor Kl(HierarchicalVae vae, DiagonalGaussian q, Tensor z)
    {
        if (_prior.Kl(q, StateOf(vae)) is not { } kl) return q.LogDensity(z) - LogDensity(vae, z);
        RequireShape("KL", kl, z.shape[..^1]);
        return kl;
    }

    /// <summary>The same unit by unit, nats, [members, rows, units].</summary>
    public Tensor KlPerUnit(HierarchicalVae vae, DiagonalGaussian q, Tensor z)
    {
        if (_prior.KlPerUnit(q, StateOf(vae)) is { } kl)
        {
            RequireShape("KL of units", kl, z.shape);
            return kl;
        }

        var eps = (z - q.Mean) / q.StandardDeviation;
        var logQ = eps.Squared().Plus(q.StandardDeviation.log().Times(2)).Plus(Math.Log(2 * Math.PI)).Times(-0.5);
        return logQ - LogDensity(vae, z).unsqueeze(-1).Over(_units);
    }

    /// <summary>Samples, [members or 1, rows, units].</summary>
    public Tensor Sample(HierarchicalVae vae, int rows, StackNoise noise, string place)
    {
        var samples = _prior.Sample(rows, _units, noise, place, StateOf(vae));
        if (samples.shape is not [1, ..]) RequireShape("sample", samples, [vae.Members.Count, rows, _units]);
        else RequireShape("sample", samples, [1, rows, _units]);
        return samples;
    }

    /// <summary>Its Gaussian, [members, rows, units].</summary>
    public DiagonalGaussian Gaussian(HierarchicalVae vae, long rows)
    {
        var (mean, deviation) = _prior.Gaussian(_units, StateOf(vae));
        long[] shape = [vae.Members.Count, rows, _units];
        return new(Whole("mean", mean, shape), Whole("standard deviation", deviation, shape));
    }

    // Own parameters, and q at any points: a prior may be made of it.
    private PartState StateOf(HierarchicalVae vae) => _own.Of(vae.Parameters, points => _inference.Top(vae, points));

    // In memory of its own: operations on strided memory may round otherwise.
    private Tensor Whole(string what, Tensor value, long[] shape)
    {
        var fits = value.shape.Length <= shape.Length && value.shape.Reverse().Zip(shape.Reverse()).All(pair => pair.First == 1 || pair.First == pair.Second);
        if (!fits) RequireShape(what, value, shape);
        return value.expand(shape).contiguous();
    }

    // Else a wrong sum or broadcast would train on, silently.
    private void RequireShape(string what, Tensor value, long[] expected)
    {
        if (value.shape.SequenceEqual(expected)) return;
        throw new OrnsteinException(
            $"the prior '{_prior.Name}' gives a {what} of shape [{string.Join(", ", value.shape)}], where [{string.Join(", ", expected)}] is needed.");
    }
}
