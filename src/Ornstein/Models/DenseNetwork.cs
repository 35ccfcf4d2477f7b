using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// A stack's perceptron: hidden layers and a linear output, every weight with a member axis, so that one batched matrix product
/// serves all members. Weights start uniform in +-1/sqrt(inputs), biases at zero: He-scaled outputs start with KLs of thousands of nats.
/// </summary>
internal sealed class DenseNetwork
{
    private readonly TrainingMode _mode;

    private DenseNetwork(DenseLayer[] layers, Activation activation, TrainingMode mode) => (Layers, Activation, _mode) = (layers, activation, mode);

    /// <summary>Parameters of every layer, the output last.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    /// <summary>Nonlinearity after every layer but the last.</summary>
    public Activation Activation { get; }

    /// <summary>Declares a network's parameters in the layout.</summary>
    /// <param name="layout">The layout to add to.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="sizes">Inputs, hidden widths, outputs.</param>
    /// <param name="options">Nonlinearity after every layer but the last, and whether these are batch-normalized.</param>
    /// <param name="mode">Whether the model is being trained.</param>
    public static DenseNetwork Declare(ParameterLayout layout, string name, IReadOnlyList<int> sizes, ModelOptions options, TrainingMode mode)
    {
        var layers = new DenseLayer[sizes.Count - 1];
        for (var i = 0; i < layers.Length; i++)
        {
            var isOutput = i == layers.Length - 1;
            var part = isOutput ? $"{name}.output" : $"{name}.hidden{i + 1}";
            layers[i] = new DenseLayer(
                layout.Add($"{part}.weight", sizes[i], sizes[i + 1], 1 / Math.Sqrt(sizes[i])),
                layout.Add($"{part}.bias", 1, sizes[i + 1], 0),
                options.NormalizesBatches && !isOutput ? BatchNormalization.Declare(layout, part, sizes[i + 1]) : null);
        }

        return new DenseNetwork(layers, options.Activation, mode);
    }

    /// <summary>Outputs [members, rows, outputs] of inputs [members, rows, inputs].</summary>
    public Tensor Forward(StackParameters parameters, Tensor input) => Output(parameters, Hidden(parameters, input));

    /// <summary>What the last hidden layer gives; the input where there is none.</summary>
    public Tensor Hidden(StackParameters parameters, Tensor input)
    {
        foreach (var layer in Layers.SkipLast(1)) input = Activate(Linear(parameters, layer, input));
        return input;
    }

    /// <summary>The last layer, of what <see cref="Hidden"/> gives.</summary>
    public Tensor Output(StackParameters parameters, Tensor hidden) => Linear(parameters, Layers[^1], hidden);

    private Tensor Linear(StackParameters parameters, DenseLayer layer, Tensor input)
    {
        var value = bmm(input, parameters[layer.Weight]);
        return layer.Normalization is { } normalization
            ? normalization.Forward(parameters, value, layer.Bias, _mode)
            : value.add_(parameters[layer.Bias]);
    }

    // In place where the backward pass can work from the output.
    private Tensor Activate(Tensor value) => Activation switch
    {
        Activation.LeakyRelu => nn.functional.leaky_relu(value, 0.01, inplace: true),
        Activation.Relu => value.relu_(),
        Activation.Tanh => value.tanh_(),
        Activation.Elu => nn.functional.elu(value, 1, inplace: true),
        Activation.Gelu => nn.functional.gelu(value),
        Activation.Silu => nn.functional.silu(value),
        _ => throw new InvalidOperationException($"{Activation} is no activation."),
    };
}
