using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>A step of a convolutional network: a function with parameters.</summary>
internal interface INetworkStep
{
    /// <summary>Its parameters.</summary>
    IEnumerable<PartParameter> Parameters { get; }

    /// <summary>Shape of what it makes of a shape.</summary>
    Shape Of(Shape input);

    /// <summary>What it makes of rows.</summary>
    Tensor Forward(NetworkWeights weights, Tensor x);
}

/// <summary>How a convolution changes the size of a map.</summary>
internal enum Resize
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Half the rows and columns: every second pixel.</summary>
    Halve,

    /// <summary>Twice the rows and columns: each pixel four times, before the convolution.</summary>
    Double,
}

/// <summary>A 3 x 3 convolution.</summary>
/// <param name="Name">Of its parameters.</param>
/// <param name="Inputs">Channels that it reads.</param>
/// <param name="Outputs">Channels that it gives.</param>
/// <param name="Initial">What its weights begin with.</param>
/// <param name="Resize">How it changes the size.</param>
/// <param name="Bias">What its biases begin with; null for zero.</param>
internal sealed record Convolve(string Name, int Inputs, int Outputs, InitialValues Initial, Resize Resize = Resize.None, InitialValues? Bias = null) : INetworkStep
{
    /// <summary>Numbers that an output is a sum of.</summary>
    public static double FanIn(int inputs) => 9.0 * inputs;

    public IEnumerable<PartParameter> Parameters => [new($"{Name}.weight", new Shape(3, 3, Inputs, Outputs), Initial), new($"{Name}.bias", Outputs, Bias ?? 0)];

    public Shape Of(Shape input) => new(Outputs, Sized(input.Axes[1]), Sized(input.Axes[2]));

    // libtorch has outputs and inputs first.
    public Tensor Forward(NetworkWeights weights, Tensor x)
    {
        if (Resize == Resize.Double) x = x.repeat_interleave(2, -1).repeat_interleave(2, -2);
        var stride = Resize == Resize.Halve ? 2 : 1;
        return nn.functional.conv2d(x, weights[$"{Name}.weight"].permute(3, 2, 0, 1), weights[$"{Name}.bias"], strides: [stride, stride], padding: [1, 1]);
    }

    private int Sized(int length) => Resize switch { Resize.Halve => length / 2, Resize.Double => 2 * length, _ => length };
}

/// <summary>
/// x + c2(a(c1(a(x)))), two convolutions and a nonlinearity a before each. The second begins at zero, and so the block as the identity: as many as one likes follow each other without any
/// growing or vanishing at the start.
/// </summary>
/// <param name="Name">Of its parameters.</param>
/// <param name="Width">Channels.</param>
/// <param name="Activation">The nonlinearity.</param>
internal sealed record ResidualBlock(string Name, int Width, Activation Activation) : INetworkStep
{
    // Uniform with the variance 2 / fan-in, which keeps that of what rectifiers let through (He et al. 2015).
    public Convolve First { get; } = new($"{Name}.first", Width, Width, InitialValues.Uniform(Math.Sqrt(6 / Convolve.FanIn(Width))));
    public Convolve Second { get; } = new($"{Name}.second", Width, Width, 0);

    public IEnumerable<PartParameter> Parameters => [.. First.Parameters, .. Second.Parameters];

    public Shape Of(Shape input) => input;

    public Tensor Forward(NetworkWeights weights, Tensor x) =>
        x.Plus(Second.Forward(weights, Activations.Apply(Activation, First.Forward(weights, Activations.Apply(Activation, x)))));
}

/// <summary>The nonlinearity alone.</summary>
internal sealed record Activate(Activation Activation) : INetworkStep
{
    public IEnumerable<PartParameter> Parameters => [];

    public Shape Of(Shape input) => input;

    public Tensor Forward(NetworkWeights weights, Tensor x) => Activations.Apply(Activation, x);
}

/// <summary>An affine function of all numbers of a row.</summary>
/// <param name="Name">Of its parameters.</param>
/// <param name="Inputs">Numbers that it reads.</param>
/// <param name="Output">Shape of what it gives.</param>
/// <param name="Bias">What its biases begin with; null for zero.</param>
internal sealed record Connect(string Name, int Inputs, Shape Output, InitialValues? Bias = null) : INetworkStep
{
    public IEnumerable<PartParameter> Parameters =>
        [new($"{Name}.weight", new Shape(Inputs, Output.Units), InitialValues.Uniform(1 / Math.Sqrt(Inputs))), new($"{Name}.bias", Output.Units, Bias ?? 0)];

    public Shape Of(Shape input) => Output;

    public Tensor Forward(NetworkWeights weights, Tensor x) =>
        x.flatten(1).matmul(weights[$"{Name}.weight"]).Plus(weights[$"{Name}.bias"]).reshape([x.shape[0], .. Output.Axes.Select(axis => (long)axis)]);
}

/// <summary>Adds a parameter for every number, so that an output can begin at the mean of the data.</summary>
/// <param name="Name">Of the parameter.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record Offset(string Name, Shape Shape) : INetworkStep
{
    public IEnumerable<PartParameter> Parameters => [new(Name, Shape, 0)];

    public Shape Of(Shape input) => input;

    public Tensor Forward(NetworkWeights weights, Tensor x) => x.Plus(weights[Name]);
}
