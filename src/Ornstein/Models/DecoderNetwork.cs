using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>The network of p(x | z1), or of p(x | z_1 .. z_L) with skip connections, and the log-likelihood of data under it.</summary>
internal sealed class DecoderNetwork
{
    private readonly ModelOptions _options;
    private readonly TrainingMode _mode;

    private DecoderNetwork(DenseNetwork network, ParameterEntry? variance, ModelOptions options, TrainingMode mode) =>
        (Network, Variance, _options, _mode) = (network, variance, options, mode);

    /// <summary>Logits (Bernoulli) or means (Gaussian).</summary>
    public DenseNetwork Network { get; }

    /// <summary>
    /// Logarithm of a learned variance, or an analytic variance's running mean (which no gradient reaches), [1, 1]; null where it is fixed.
    /// </summary>
    public ParameterEntry? Variance { get; }

    public static DecoderNetwork Declare(
        ParameterLayout layout, string name, IReadOnlyList<int> inputAndHidden, ModelOptions options, TrainingMode mode)
    {
        var network = DenseNetwork.Declare(layout, name, [.. inputAndHidden, options.Features], options, mode);
        var variance = options.DecoderScale switch
        {
            DecoderScale.Learned => layout.Add($"{name}.logvariance", 1, 1, 0, Math.Log(options.DecoderVariance)),
            DecoderScale.Analytic => layout.Add($"{name}.variance", 1, 1, 0, options.DecoderVariance),
            DecoderScale.Fixed => null,
            _ => throw new InvalidOperationException($"{options.DecoderScale} is no scale of a decoder."),
        };
        return new DecoderNetwork(network, variance, options, mode);
    }

    /// <summary>Expected data: probabilities (Bernoulli) or means (Gaussian), [members, rows, features].</summary>
    public Tensor Mean(StackParameters parameters, Tensor z)
    {
        var output = Network.Forward(parameters, z);
        return _options.Likelihood switch
        {
            Likelihood.Bernoulli => output.sigmoid(),
            Likelihood.Gaussian => output,
            _ => throw new InvalidOperationException($"{_options.Likelihood} is no likelihood."),
        };
    }

    /// <summary>-log p(x | z) summed over features, nats, [members, rows].</summary>
    public Tensor NegativeLogLikelihood(StackParameters parameters, Tensor x, Tensor z)
    {
        var output = Network.Forward(parameters, z);
        return _options.Likelihood switch
        {
            Likelihood.Bernoulli => nn.functional.softplus(output).sum([-1L]) - (x * output).sum([-1L]), // softplus(logit) - x logit, for x in [0, 1]
            Likelihood.Gaussian => Gaussian(parameters, (x - output).square().sum([-1L])),
            _ => throw new InvalidOperationException($"{_options.Likelihood} is no likelihood."),
        };
    }

    // Of squared errors summed over features.
    private Tensor Gaussian(StackParameters parameters, Tensor squares)
    {
        if (Variance is null)
        {
            var eta2 = _options.DecoderVariance;
            return squares.mul(0.5 / eta2).add(0.5 * _options.Features * Math.Log(2 * Math.PI * eta2));
        }

        var variance = _options.DecoderScale == DecoderScale.Learned ? parameters[Variance].exp().squeeze(-1)
            : _mode.Statistics is not null ? squares.mean([1L], keepdim: true).div(_options.Features)
            : parameters[Variance].detach().squeeze(-1);
        if (_options.DecoderScale == DecoderScale.Analytic) _mode.Statistics?.Add((Variance, variance.detach().unsqueeze(-1)));
        return (squares / variance).add(variance.mul(2 * Math.PI).log() * _options.Features).mul(0.5);
    }
}
