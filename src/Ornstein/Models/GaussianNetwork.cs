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

    private readonly DenseNetwork _network;
    private readonly ParameterEntry? _scale;
    private readonly int _outputs;

    private GaussianNetwork(DenseNetwork network, ParameterEntry? scale, int outputs) =>
        (_network, _scale, _outputs) = (network, scale, outputs);

    public static GaussianNetwork Declare(
        ParameterLayout layout, string name, IReadOnlyList<int> inputAndHidden, int outputs, Activation activation, bool linear)
    {
        var width = linear ? outputs : 2 * outputs;
        var network = DenseNetwork.Declare(layout, name, [.. inputAndHidden, width], activation);
        return new GaussianNetwork(network, linear ? layout.Add($"{name}.scale", 1, outputs, 0) : null, outputs);
    }

    /// <summary>Gaussians [members, rows, outputs] of inputs [members, rows, inputs].</summary>
    public DiagonalGaussian Forward(StackParameters parameters, Tensor input)
    {
        var output = _network.Forward(parameters, input);
        if (_scale is not null) return new DiagonalGaussian(output, Positive(parameters[_scale]));
        var heads = output.split([_outputs, _outputs], -1);
        return new DiagonalGaussian(heads[0], Positive(heads[1]));
    }

    private static Tensor Positive(Tensor raw) => nn.functional.softplus(raw).add(MinimumStandardDeviation);
}
