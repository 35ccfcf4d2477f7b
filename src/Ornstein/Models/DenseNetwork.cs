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
    private DenseNetwork(DenseLayer[] layers, Activation activation) => (Layers, Activation) = (layers, activation);

    /// <summary>Parameters of every layer, the output last.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    /// <summary>Nonlinearity after every layer but the last.</summary>
    public Activation Activation { get; }

    /// <summary>Declares a network's parameters in the layout.</summary>
    /// <param name="layout">The layout to add to.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="sizes">Inputs, hidden widths, outputs.</param>
    /// <param name="activation">Nonlinearity after every layer but the last.</param>
    public static DenseNetwork Declare(ParameterLayout layout, string name, IReadOnlyList<int> sizes, Activation activation)
    {
        var layers = new DenseLayer[sizes.Count - 1];
        for (var i = 0; i < layers.Length; i++)
        {
            var part = i == layers.Length - 1 ? "output" : $"hidden{i + 1}";
            layers[i] = new DenseLayer(
                layout.Add($"{name}.{part}.weight", sizes[i], sizes[i + 1], 1 / Math.Sqrt(sizes[i])),
                layout.Add($"{name}.{part}.bias", 1, sizes[i + 1], 0));
        }

        return new DenseNetwork(layers, activation);
    }

    /// <summary>Outputs [members, rows, outputs] of inputs [members, rows, inputs].</summary>
    public Tensor Forward(StackParameters parameters, Tensor input)
    {
        var value = input;
        for (var i = 0; i < Layers.Count; i++)
        {
            var (weight, bias) = Layers[i];
            value = bmm(value, parameters[weight]).add_(parameters[bias]);
            if (i < Layers.Count - 1) value = Activate(value);
        }

        return value;
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
