namespace Ornstein.Networks;

/// <summary>
/// The networks of a hierarchy: makes that of every place. <see cref="Perceptrons"/> are built in, <see cref="ModuleNetworks"/> takes TorchSharp's modules.
/// Immutable, and equal where it means the same: a record.
/// </summary>
public interface INetworkFamily
{
    /// <summary>As configurations write it: lower case, such as <c>perceptron</c>.</summary>
    string Name { get; }

    /// <summary>Whether all are affine, and the widths of their Gaussians do not depend on the input: the model is linear.</summary>
    bool IsLinear => false;

    /// <summary>Whether a training datum's numbers depend on others of its batch (<see cref="INetwork.CouplesRows"/>), as far as is known beforehand.</summary>
    bool CouplesRows => false;

    /// <summary>What of them has no fused operations, in a few words; null where all has.</summary>
    string? NotFused => $"the networks '{Name}'";

    /// <summary>
    /// The network of a place. One that gives half of what a Gaussian needs, its means alone, makes the widths a parameter per unit.
    /// </summary>
    /// <param name="place">Where it stands, and what it must read and give.</param>
    /// <exception cref="OrnsteinException">There is none for it.</exception>
    INetwork Create(NetworkPlace place);

    /// <summary>Throws where a value of its own is out of range, or does not fit the number of stochastic layers.</summary>
    /// <param name="layers">Stochastic layers of the model.</param>
    /// <exception cref="OrnsteinException">Names the value and what would be right.</exception>
    void Validate(int layers)
    {
    }
}
