using Ornstein.Gaussians;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// A network that gives the mean and the standard deviation of a diagonal Gaussian; both heads come from one matrix product.
/// In a linear model the standard deviation is a parameter per unit.
/// </summary>
internal sealed class GaussianNetwork
{
    /// <summary>Added to every standard deviation, so that none is ever zero.</summary>
    public const double MinimumStandardDeviation = 1e-4;

    private GaussianNetwork(DenseNetwork network, ParameterEntry? scale, int outputs) =>
        (Network, Scale, Outputs) = (network, scale, outputs);

    /// <summary>Means, then what the standard deviations are made of; means alone where there is a <see cref="Scale"/>.</summary>
    public DenseNetwork Network { get; }

    /// <summary>What the standard deviations of a linear network are made of, [1, outputs]; null for others.</summary>
    public ParameterEntry? Scale { get; }

    /// <summary>Units of the Gaussian.</summary>
    public int Outputs { get; }

    public static GaussianNetwork Declare(
        ParameterLayout layout, string name, IReadOnlyList<int> inputAndHidden, int outputs, ModelOptions options, TrainingMode mode)
    {
        var width = options.IsLinear ? outputs : 2 * outputs;
        var network = DenseNetwork.Declare(layout, name, [.. inputAndHidden, width], options, mode);
        return new GaussianNetwork(network, options.IsLinear ? layout.Add($"{name}.scale", 1, outputs, 0) : null, outputs);
    }

    /// <summary>Gaussians [members, rows, outputs] of inputs [members, rows, inputs].</summary>
    public DiagonalGaussian Forward(StackParameters parameters, Tensor input) => Heads(parameters, Network.Hidden(parameters, input));

    /// <summary>Gaussians of what the network's last hidden layer gives.</summary>
    public DiagonalGaussian Heads(StackParameters parameters, Tensor hidden)
    {
        var output = Network.Output(parameters, hidden);
        if (Scale is not null) return new DiagonalGaussian(output, Positive(parameters[Scale]));
        var heads = output.split([Outputs, Outputs], -1);
        return new DiagonalGaussian(heads[0], Positive(heads[1]));
    }

    private static Tensor Positive(Tensor raw) => nn.functional.softplus(raw).add(MinimumStandardDeviation);
}
