using Ornstein.Models;
using Ornstein.Networks;

namespace Ornstein.Steps.Networks;

/// <summary>A network as operations: what <see cref="INetwork.Forward"/> is with tensors. Its last function is affine, and apart, so that means over draws may be taken before it.</summary>
internal interface INetworkProgram
{
    /// <summary>All but the last function.</summary>
    /// <param name="input">What the network reads, rows of numbers.</param>
    Slot Hidden(Slot input);

    /// <summary>Some numbers that the network gives.</summary>
    /// <param name="hidden">What <see cref="Hidden"/> gives, or a mean of it.</param>
    /// <param name="first">First of the numbers.</param>
    /// <param name="count">How many.</param>
    Slot Output(Slot hidden, int first, int count);

    /// <summary>Both halves of what it gives: means, and what widths are made of.</summary>
    /// <param name="hidden">What <see cref="Hidden"/> gives.</param>
    (Slot First, Slot Second) Halves(Slot hidden);

    /// <summary>All that it gives.</summary>
    /// <param name="input">What the network reads, rows of numbers.</param>
    Slot Whole(Slot input);

    /// <summary>The program of a network.</summary>
    /// <param name="build">Where its operations go.</param>
    /// <param name="network">The network.</param>
    /// <param name="isHeld">Whether its parameters are constants here.</param>
    /// <exception cref="OrnsteinException">There are no operations for such networks.</exception>
    static INetworkProgram Of(ProgramBuilder build, PlacedNetwork network, bool isHeld) => network.Network switch
    {
        Perceptron perceptron => new PerceptronProgram(build, network, perceptron, isHeld),
        ConvolutionalNetwork convolutions => new ConvolutionProgram(build, network, convolutions, isHeld),
        _ => throw new OrnsteinException($"there are no operations for the network of {network.Place.Name}; differentiate its tensors by autograd."),
    };
}
