using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>Nonlinearities as tensors.</summary>
internal static class Activations
{
    /// <summary>The nonlinearity of every number.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="value">The numbers.</param>
    /// <param name="inPlace">Whether they may be written over, where the backward pass can work from the output.</param>
    public static Tensor Apply(Activation activation, Tensor value, bool inPlace = false) => activation switch
    {
        Activation.LeakyRelu => value.LeakyRelu(0.01, inPlace),
        Activation.Relu => inPlace ? value.relu_() : value.relu(),
        Activation.Tanh => inPlace ? value.tanh_() : value.tanh(),
        Activation.Elu => value.Elu(),
        Activation.Gelu => nn.functional.gelu(value),
        Activation.Silu => nn.functional.silu(value),
        _ => throw new InvalidOperationException($"{activation} is no activation."),
    };
}
