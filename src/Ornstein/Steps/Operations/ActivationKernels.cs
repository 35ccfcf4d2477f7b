using System.Runtime.Intrinsics;
using Ornstein.Kernels;
using Ornstein.Networks;

namespace Ornstein.Steps.Operations;

/// <summary>Nonlinearities and their derivatives, in place on whole vectors.</summary>
internal static unsafe class ActivationKernels
{
    private const float Slope = 0.01f; // of the leaky ReLU
    private const float DensityAtZero = 0.3989423f;

    /// <summary>Whether the derivative needs what the nonlinearity was applied to; for the others the output says it.</summary>
    public static bool NeedsInput(Activation activation) => activation switch
    {
        Activation.LeakyRelu or Activation.Relu or Activation.Tanh or Activation.Elu => false,
        Activation.Gelu or Activation.Silu => true,
        _ => throw new InvalidOperationException($"{activation} is no activation."),
    };

    /// <summary>What a nonlinearity multiplies negative numbers by, where that is all it does; else null.</summary>
    public static float? SlopeOf(Activation? activation) => activation switch
    {
        null => 1,
        Activation.Relu => 0,
        Activation.LeakyRelu => Slope,
        Activation.Tanh or Activation.Elu or Activation.Gelu or Activation.Silu => null,
        _ => throw new InvalidOperationException($"{activation} is no activation."),
    };

    /// <summary>Applies the nonlinearity to <paramref name="value"/>.</summary>
    public static void Apply(Activation activation, float* value, int count)
    {
        switch (activation)
        {
            case Activation.LeakyRelu: Map(value, count, default(LeakyRelu)); break;
            case Activation.Relu: Map(value, count, default(Relu)); break;
            case Activation.Tanh: Map(value, count, default(Tanh)); break;
            case Activation.Elu: Map(value, count, default(Elu)); break;
            case Activation.Gelu: Map(value, count, default(Gelu)); break;
            case Activation.Silu: Map(value, count, default(Silu)); break;
            default: throw new InvalidOperationException($"{activation} is no activation.");
        }
    }

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative.</summary>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="value">Its outputs, or its inputs where <see cref="NeedsInput"/>.</param>
    /// <param name="gradient">Derivative of the loss with respect to the outputs, becomes that to the inputs.</param>
    /// <param name="count">Numbers.</param>
    public static void Differentiate(Activation activation, float* value, float* gradient, int count)
    {
        switch (activation)
        {
            case Activation.LeakyRelu: Scale(value, gradient, count, default(LeakyRelu)); break;
            case Activation.Relu: Scale(value, gradient, count, default(Relu)); break;
            case Activation.Tanh: Scale(value, gradient, count, default(Tanh)); break;
            case Activation.Elu: Scale(value, gradient, count, default(Elu)); break;
            case Activation.Gelu: Scale(value, gradient, count, default(Gelu)); break;
            case Activation.Silu: Scale(value, gradient, count, default(Silu)); break;
            default: throw new InvalidOperationException($"{activation} is no activation.");
        }
    }

    private static void Map<T>(float* value, int count, T function)
        where T : struct, INonlinearity
    {
        for (var i = 0; i < count; i += Lanes.Count) function.Apply(Vector512.Load(value + i)).Store(value + i);
    }

    private static void Scale<T>(float* value, float* gradient, int count, T function)
        where T : struct, INonlinearity
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            (Vector512.Load(gradient + i) * function.Derivative(Vector512.Load(value + i))).Store(gradient + i);
        }
    }

    private interface INonlinearity
    {
        Vector512<float> Apply(Vector512<float> x);

        /// <summary>The derivative, from the output, or from the input where <see cref="NeedsInput"/>.</summary>
        Vector512<float> Derivative(Vector512<float> y);
    }

    private readonly struct LeakyRelu : INonlinearity
    {
        public Vector512<float> Apply(Vector512<float> x) => Vector512.Max(x, x * Slope);

        public Vector512<float> Derivative(Vector512<float> y) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(y, Vector512<float>.Zero), Vector512<float>.One, Vector512.Create(Slope));
    }

    private readonly struct Relu : INonlinearity
    {
        public Vector512<float> Apply(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero);

        public Vector512<float> Derivative(Vector512<float> y) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(y, Vector512<float>.Zero), Vector512<float>.One, Vector512<float>.Zero);
    }

    private readonly struct Tanh : INonlinearity
    {
        public Vector512<float> Apply(Vector512<float> x) => Lanes.Tanh(x);

        public Vector512<float> Derivative(Vector512<float> y) => Vector512<float>.One - (y * y);
    }

    private readonly struct Elu : INonlinearity
    {
        public Vector512<float> Apply(Vector512<float> x) => Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512<float>.Zero), x,
            Transcendental.ExpOfNegative(Vector512.Min(x, Vector512<float>.Zero)) - Vector512<float>.One);

        public Vector512<float> Derivative(Vector512<float> y) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(y, Vector512<float>.Zero), Vector512<float>.One, y + Vector512<float>.One);
    }

    private readonly struct Gelu : INonlinearity
    {
        public Vector512<float> Apply(Vector512<float> x) => x * Lanes.NormalCdf(x);

        public Vector512<float> Derivative(Vector512<float> y) => Lanes.NormalCdf(y) + (y * Transcendental.ExpOfNegative(y * y * -0.5f) * DensityAtZero);
    }

    private readonly struct Silu : INonlinearity
    {
        public Vector512<float> Apply(Vector512<float> x) => x * Lanes.Sigmoid(x);

        public Vector512<float> Derivative(Vector512<float> y)
        {
            var sigmoid = Lanes.Sigmoid(y);
            return sigmoid * (Vector512<float>.One + (y * (Vector512<float>.One - sigmoid)));
        }
    }
}
