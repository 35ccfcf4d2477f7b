using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>
/// A perceptron of a whole stack: every weight has a member axis, so that one batched matrix product serves all members.
/// Weights start uniform in +-1/sqrt(inputs), biases at zero: He-scaled outputs start with KLs of thousands of nats.
/// </summary>
internal sealed class Perceptron : INetwork
{
    private readonly Activation _activation;

    /// <summary>A perceptron of given layers.</summary>
    /// <param name="input">Units that it reads.</param>
    /// <param name="output">Units that it gives, those of the last layer.</param>
    /// <param name="layers">Its layers, at least one.</param>
    /// <param name="activation">Nonlinearity of hidden layers.</param>
    public Perceptron(int input, int output, IReadOnlyList<DenseLayer> layers, Activation activation)
    {
        (Input, Output, Layers, _activation) = (input, output, layers, activation);
        Parameters =
        [
            .. layers.SelectMany(layer => (IEnumerable<PartParameter>)
            [
                new(layer.Weight, new Shape(layer.Inputs, layer.Outputs), InitialValues.Uniform(1 / Math.Sqrt(layer.Inputs))),
                new(layer.Bias, layer.Outputs, InitialValues.Constant(0)),
                .. layer.Normalization?.Parameters(layer.Outputs) ?? [],
            ]),
        ];
    }

    /// <inheritdoc/>
    public Shape Input { get; }

    /// <inheritdoc/>
    public Shape Output { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PartParameter> Parameters { get; }

    /// <inheritdoc/>
    public bool IsStacked => true;

    /// <inheritdoc/>
    public bool IsAffine => !Layers.Any(layer => layer.IsHidden);

    /// <inheritdoc/>
    public bool CouplesRows => Layers.Any(layer => layer.Normalization is not null);

    /// <inheritdoc/>
    public string? OutputBias => Layers[^1].IsHidden ? null : Layers[^1].Bias;

    /// <summary>Its layers, the output last.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    /// <summary>Nonlinearity of hidden layers.</summary>
    public Activation Activation => _activation;

    /// <inheritdoc/>
    public Tensor Forward(NetworkWeights weights, Tensor x)
    {
        foreach (var layer in Layers)
        {
            x = bmm(x, weights[layer.Weight]);
            x = layer.Normalization is { } normalization
                ? normalization.Forward(weights, x, layer.Bias)
                : x.Add(weights[layer.Bias].unsqueeze(1));
            if (layer.IsHidden) x = Activations.Apply(_activation, x, inPlace: true);
        }

        return x;
    }
}
