namespace Ornstein.Theory;

/// <summary>The best parameters of one eigen-direction of a linear-Gaussian stack, and what they cost.</summary>
public sealed record LinearOptimum
{
    /// <summary>kappa_i of every layer, z1 first: variance over data of q's mean over q's variance; 0 where the layer is collapsed.</summary>
    public required IReadOnlyList<double> Kappa { get; init; }

    /// <summary>KL of every layer, z1 first, nats.</summary>
    public required IReadOnlyList<double> Kl { get; init; }

    /// <summary>The loss of the direction, nats, up to the constant ln(2 pi eta^2) / 2.</summary>
    public required double Objective { get; init; }

    /// <summary>Number of layers that are not collapsed; they are the lowest ones.</summary>
    public int ActiveLayers => Kappa.Count(kappa => kappa > 0);

    /// <summary>KL of the top layer, nats.</summary>
    public double TopKl => Kl[^1];

    /// <summary>s_i = kappa_i / (1 + kappa_i), the share of signal in the code of layer i.</summary>
    /// <param name="layer">Layer from 1.</param>
    public double SignalShare(int layer) => Kappa[layer - 1] / (1 + Kappa[layer - 1]);
}
