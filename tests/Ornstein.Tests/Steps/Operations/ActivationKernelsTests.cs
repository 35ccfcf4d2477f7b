using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Steps.Operations;
using Ornstein.Randomness;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Steps.Operations;

public unsafe class ActivationKernelsTests
{
    public static TheoryData<Activation> All => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(All))]
    public void ApplyAndDifferentiate_AnyActivation_AreLibTorchsAndItsGradient(Activation activation)
    {
        using var scope = NewDisposeScope();
        const int Count = 1600;
        using var x = RandomKey.FromSeed(1).Normal(Count).Times(3).requires_grad_();
        var y = Reference(activation, x);
        var upstream = RandomKey.FromSeed(2).Normal(Count);
        (y * upstream).sum([]).backward();

        float[] input = [.. x.data<float>()], value = [.. x.data<float>()], gradient = [.. upstream.data<float>()];
        fixed (float* values = value, gradients = gradient, inputs = input)
        {
            ActivationKernels.Apply(activation, values, Count);
            ActivationKernels.Differentiate(activation, ActivationKernels.NeedsInput(activation) ? inputs : values, gradients, Count);
        }

        // 3e-7 of the normal distribution function, times values of up to ten.
        Assert.All(y.data<float>().ToArray().Zip(value), pair => Assert.Equal(pair.First, pair.Second, 3e-6));
        Assert.All(x.grad!.data<float>().ToArray().Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        if (ActivationKernels.SlopeOf(activation) is { } slope)
        {
            Assert.All(input.Zip(value), pair => Assert.Equal(Math.Max(pair.First, slope * pair.First), pair.Second));
        }
    }

    [Fact]
    public void Apply_NaN_StaysNaN()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            float[] value = [.. Enumerable.Repeat(float.NaN, Lanes.Count)];
            fixed (float* values = value) ActivationKernels.Apply(activation, values, Lanes.Count);
            Assert.All(value, number => Assert.True(float.IsNaN(number)));
        }
    }

    private static Tensor Reference(Activation activation, Tensor x) => activation switch
    {
        Activation.LeakyRelu => x.LeakyRelu(0.01),
        Activation.Relu => nn.functional.relu(x),
        Activation.Tanh => x.tanh(),
        Activation.Elu => x.Elu(),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.Silu => nn.functional.silu(x),
        _ => throw new InvalidOperationException($"{activation}"),
    };
}
