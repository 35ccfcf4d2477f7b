using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>
/// A function with parameters: the network of one place in a hierarchy. One class is a network: <see cref="Perceptron"/> uses what a stranger can use.
/// It is written for a single model; members of a stack are looped over, unless it takes all of them at once (<see cref="IsStacked"/>).
/// </summary>
public interface INetwork
{
    /// <summary>Shape of a row that it reads.</summary>
    Shape Input { get; }

    /// <summary>Shape of a row that it gives.</summary>
    Shape Output { get; }

    /// <summary>Its parameters, each with a name of its own.</summary>
    IReadOnlyList<PartParameter> Parameters { get; }

    /// <summary>Whether <see cref="Forward"/> is given all members at once: weights [members, shape...], data [members, rows, input...].</summary>
    bool IsStacked => false;

    /// <summary>Whether it is an affine function, so that its mean over inner draws is itself at their mean.</summary>
    bool IsAffine => false;

    /// <summary>Whether a row's numbers depend on the other rows of a training batch, as batch normalization makes them.</summary>
    bool CouplesRows => false;

    /// <summary>Whether it draws random numbers in training, as dropout does.</summary>
    bool IsRandom => false;

    /// <summary>Name of the parameter that is added to its output, a number for each; null where there is none. Training may begin it at the data's mean.</summary>
    string? OutputBias => null;

    /// <summary>Rows [rows, output...] of rows [rows, input...].</summary>
    /// <param name="weights">Values of <see cref="Parameters"/>.</param>
    /// <param name="x">What it reads.</param>
    Tensor Forward(NetworkWeights weights, Tensor x);
}
