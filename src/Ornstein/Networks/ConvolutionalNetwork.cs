using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>Steps one after another, for a single model.</summary>
/// <param name="input">Shape of a row that it reads.</param>
/// <param name="output">Shape of a row that it gives.</param>
/// <param name="steps">The steps.</param>
/// <param name="outputBias">The parameter that is added to every number of the output; null for none.</param>
internal sealed class ConvolutionalNetwork(Shape input, Shape output, IReadOnlyList<INetworkStep> steps, string? outputBias) : INetwork
{
    /// <inheritdoc/>
    public Shape Input => input;

    /// <inheritdoc/>
    public Shape Output => output;

    /// <summary>The steps, in their order.</summary>
    public IReadOnlyList<INetworkStep> Steps => steps;

    /// <inheritdoc/>
    public IReadOnlyList<PartParameter> Parameters { get; } = [.. steps.SelectMany(step => step.Parameters)];

    /// <inheritdoc/>
    public string? OutputBias => outputBias;

    /// <inheritdoc/>
    public Tensor Forward(NetworkWeights weights, Tensor x)
    {
        foreach (var step in steps) x = step.Forward(weights, x);
        return x;
    }
}
