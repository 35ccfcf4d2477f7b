using Ornstein.Gaussians;
using Ornstein.Networks;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// A network that gives the mean and the standard deviation of a diagonal Gaussian. Where it gives means alone, the standard deviation is a parameter per unit.
/// </summary>
internal sealed class GaussianNetwork
{
    /// <summary>Added to every standard deviation, so that none is ever zero.</summary>
    public const double MinimumStandardDeviation = 1e-4;

    private GaussianNetwork(PlacedNetwork network, ParameterEntry? scale, int outputs) =>
        (Network, Scale, Outputs) = (network, scale, outputs);

    /// <summary>Means, then what the standard deviations are made of; means alone where there is a <see cref="Scale"/>.</summary>
    public PlacedNetwork Network { get; }

    /// <summary>What the standard deviations are made of where the network gives means alone, [outputs]; null for others.</summary>
    public ParameterEntry? Scale { get; }

    /// <summary>Units of the Gaussian.</summary>
    public int Outputs { get; }

    /// <summary>Whether its mean is affine and its standard deviation does not depend on the input: of a mean draw it gives the mean over draws.</summary>
    public bool IsAffine => Scale is not null && Network.Network.IsAffine;

    public static GaussianNetwork Declare(ParameterLayout layout, INetworkFamily family, NetworkPlace place, TrainingMode mode)
    {
        var (network, outputs) = (PlacedNetwork.Declare(layout, family, place, mode), place.Output!.Units / 2);
        var scale = network.Network.Output.Units == outputs ? layout.Add($"{place.Name}.scale", outputs, InitialValues.Constant(0)) : null;
        return new GaussianNetwork(network, scale, outputs);
    }

    /// <summary>Gaussians [members, rows, outputs] of inputs [members, rows, inputs].</summary>
    public DiagonalGaussian Forward(StackParameters parameters, Tensor input)
    {
        var output = Network.Forward(parameters, input);
        if (Scale is not null) return new DiagonalGaussian(output, Positive(parameters[Scale].unsqueeze(1)));
        var heads = output.split([Outputs, Outputs], -1);
        return new DiagonalGaussian(heads[0], Positive(heads[1]));
    }

    private static Tensor Positive(Tensor raw) => raw.Softplus().Plus(MinimumStandardDeviation);
}
