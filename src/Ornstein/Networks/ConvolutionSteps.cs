using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>A step of a convolutional network: a function with parameters.</summary>
internal interface INetworkStep
{
    /// <summary>Its parameters.</summary>
    IEnumerable<PartParameter> Parameters { get; }

    /// <summary>What it makes of rows.</summary>
    Tensor Forward(NetworkWeights weights, Tensor x);
}

/// <summary>A 3 x 3 convolution, which keeps the map's size or halves it.</summary>
/// <param name="Name">Of its parameters.</param>
/// <param name="Inputs">Channels that it reads.</param>
/// <param name="Outputs">Channels that it gives.</param>
/// <param name="Initial">What its weights begin with.</param>
/// <param name="Stride">1, or 2 to halve.</param>
/// <param name="Bias">What its biases begin with; null for zero.</param>
internal sealed record Convolve(string Name, int Inputs, int Outputs, InitialValues Initial, int Stride = 1, InitialValues? Bias = null) : INetworkStep
{
    /// <summary>Numbers that an output is a sum of.</summary>
    public static double FanIn(int inputs) => 9.0 * inputs;

    public IEnumerable<PartParameter> Parameters => [new($"{Name}.weight", new Shape(Outputs, Inputs, 3, 3), Initial), new($"{Name}.bias", Outputs, Bias ?? 0)];

    public Tensor Forward(NetworkWeights weights, Tensor x) =>
        nn.functional.conv2d(x, weights[$"{Name}.weight"], weights[$"{Name}.bias"], strides: [Stride, Stride], padding: [1, 1]);
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
    private readonly Convolve _first = new($"{Name}.first", Width, Width, InitialValues.Uniform(Math.Sqrt(6 / Convolve.FanIn(Width))));
    private readonly Convolve _second = new($"{Name}.second", Width, Width, 0);

    public IEnumerable<PartParameter> Parameters => [.. _first.Parameters, .. _second.Parameters];

    public Tensor Forward(NetworkWeights weights, Tensor x) =>
        x + _second.Forward(weights, Activations.Apply(Activation, _first.Forward(weights, Activations.Apply(Activation, x))));
}

/// <summary>Twice as many rows and columns, each pixel four times.</summary>
internal sealed record Double : INetworkStep
{
    public IEnumerable<PartParameter> Parameters => [];

    public Tensor Forward(NetworkWeights weights, Tensor x) => x.repeat_interleave(2, -1).repeat_interleave(2, -2);
}

/// <summary>The nonlinearity alone.</summary>
internal sealed record Activate(Activation Activation) : INetworkStep
{
    public IEnumerable<PartParameter> Parameters => [];

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

    public Tensor Forward(NetworkWeights weights, Tensor x) =>
        x.flatten(1).matmul(weights[$"{Name}.weight"]).add(weights[$"{Name}.bias"]).reshape([x.shape[0], .. Output.Axes.Select(axis => (long)axis)]);
}

/// <summary>Adds a parameter for every number, so that an output can begin at the mean of the data.</summary>
/// <param name="Name">Of the parameter.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record Offset(string Name, Shape Shape) : INetworkStep
{
    public IEnumerable<PartParameter> Parameters => [new(Name, Shape, 0)];

    public Tensor Forward(NetworkWeights weights, Tensor x) => x + weights[Name];
}
