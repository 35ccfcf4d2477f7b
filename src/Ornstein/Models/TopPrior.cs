using Ornstein.Gaussians;
using Ornstein.Networks;
using Ornstein.Priors;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>p(z_L) of a model, with the parameters of its own.</summary>
internal sealed class TopPrior
{
    private readonly IPrior _prior;
    private readonly OwnParameters _own;
    private readonly int _units;

    public TopPrior(ParameterLayout layout, ModelOptions options, TrainingMode mode)
    {
        (_prior, _units) = (options.Prior, options.Latents[^1].Units);
        _own = new OwnParameters(layout, "prior", $"the prior '{_prior.Name}'", _prior.Parameters(_units), mode);
    }

    /// <summary>log p(z), nats, [members, rows].</summary>
    public Tensor LogDensity(StackParameters parameters, Tensor z)
    {
        var value = _prior.LogDensity(z, _own.Of(parameters));
        RequireShape("log-density", value, z.shape[..^1]);
        return value;
    }

    /// <summary>KL(q || p), nats, [members, rows]; where it has no closed form, log q - log p at samples of q.</summary>
    public Tensor Kl(StackParameters parameters, DiagonalGaussian q, Tensor z)
    {
        if (_prior.Kl(q, _own.Of(parameters)) is not { } kl) return q.LogDensity(z) - LogDensity(parameters, z);
        RequireShape("KL", kl, z.shape[..^1]);
        return kl;
    }

    /// <summary>The same unit by unit, nats, [members, rows, units].</summary>
    public Tensor KlPerUnit(StackParameters parameters, DiagonalGaussian q, Tensor z)
    {
        if (_prior.KlPerUnit(q, _own.Of(parameters)) is { } kl)
        {
            RequireShape("KL of units", kl, z.shape);
            return kl;
        }

        var eps = (z - q.Mean) / q.StandardDeviation;
        var logQ = (eps.square() + (2 * q.StandardDeviation.log())).add(Math.Log(2 * Math.PI)).mul(-0.5);
        return logQ - (LogDensity(parameters, z).unsqueeze(-1) / _units);
    }

    /// <summary>Samples, [members or 1, rows, units].</summary>
    public Tensor Sample(StackParameters parameters, int rows, StackNoise noise, string place)
    {
        var samples = _prior.Sample(rows, _units, noise, place, _own.Of(parameters));
        if (samples.shape is not [1, ..]) RequireShape("sample", samples, [parameters.Members, rows, _units]);
        else RequireShape("sample", samples, [1, rows, _units]);
        return samples;
    }

    /// <summary>Its Gaussian, [members, rows, units].</summary>
    public DiagonalGaussian Gaussian(StackParameters parameters, long members, long rows)
    {
        var (mean, deviation) = _prior.Gaussian(_units, _own.Of(parameters));
        long[] shape = [members, rows, _units];
        return new(Whole("mean", mean, shape), Whole("standard deviation", deviation, shape));
    }

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
