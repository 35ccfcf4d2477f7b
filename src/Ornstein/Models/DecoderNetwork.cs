using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>The network of p(x | z1) and the log-likelihood of data under it.</summary>
internal sealed class DecoderNetwork
{
    private readonly ModelOptions _options;

    private DecoderNetwork(DenseNetwork network, ModelOptions options) => (Network, _options) = (network, options);

    /// <summary>Logits (Bernoulli) or means (Gaussian).</summary>
    public DenseNetwork Network { get; }

    public static DecoderNetwork Declare(ParameterLayout layout, string name, IReadOnlyList<int> inputAndHidden, ModelOptions options) =>
        new(DenseNetwork.Declare(layout, name, [.. inputAndHidden, options.Features], options.Activation), options);

    /// <summary>Logits (Bernoulli) or means (Gaussian), [members, rows, features].</summary>
    public Tensor Forward(StackParameters parameters, Tensor z1) => Network.Forward(parameters, z1);

    /// <summary>Expected data: probabilities (Bernoulli) or means (Gaussian), [members, rows, features].</summary>
    public Tensor Mean(StackParameters parameters, Tensor z1)
    {
        var output = Forward(parameters, z1);
        return _options.Likelihood == Likelihood.Bernoulli ? output.sigmoid() : output;
    }

    /// <summary>-log p(x | z1) summed over features, nats, [members, rows].</summary>
    public Tensor NegativeLogLikelihood(StackParameters parameters, Tensor x, Tensor z1)
    {
        var output = Forward(parameters, z1);
        if (_options.Likelihood == Likelihood.Bernoulli)
        {
            // -log p = softplus(logit) - x logit, for x in [0, 1].
            return nn.functional.softplus(output).sum([-1L]) - (x * output).sum([-1L]);
        }

        var eta2 = _options.DecoderVariance;
        return (x - output).square().sum([-1L]).mul(0.5 / eta2).add(0.5 * _options.Features * Math.Log(2 * Math.PI * eta2));
    }
}
