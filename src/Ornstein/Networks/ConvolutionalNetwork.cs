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

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<INetworkStep> Steps => steps;

    /// <summary>Numbers of the largest map on the way, that of its input among them.</summary>
    public int Widest { get; } = WidestOf(input, steps);

    /// <summary>Multiplications of a datum with weights: a convolution's weights count at every pixel that it gives.</summary>
    public long Products { get; } = ProductsOf(input, steps);

    /// <inheritdoc/>
    public IReadOnlyList<PartParameter> Parameters { get; } = [.. steps.SelectMany(step => step.Parameters)];

    /// <inheritdoc/>
    public string? OutputBias => outputBias;

    /// <inheritdoc/>
    public Tensor Forward(NetworkWeights weights, Tensor x)
    {
        var y = x;
        foreach (var step in steps)
        {
            // Maps between steps are large: they go as soon as they are read (autograd keeps those that it needs).
            using var scope = NewDisposeScope();
            var next = step.Forward(weights, y);
            if (ReferenceEquals(next, y)) continue;
            next.MoveToOuterDisposeScope();
            if (!ReferenceEquals(y, x)) y.Dispose();
            y = next;
        }

        return y;
    }

    private static int WidestOf(Shape shape, IReadOnlyList<INetworkStep> steps)
    {
        var widest = shape.Units;
        foreach (var step in steps) widest = Math.Max(widest, (shape = step.Of(shape)).Units);
        return widest;
    }

    private static long ProductsOf(Shape shape, IReadOnlyList<INetworkStep> steps)
    {
        var products = 0L;
        foreach (var step in steps)
        {
            shape = step.Of(shape);
            var pixels = shape.Axes.Count == 3 ? shape.Axes[1] * shape.Axes[2] : 1;
            products += step.Parameters.Sum(parameter => parameter.Shape.Axes.Count == 4 ? (long)parameter.Shape.Units * pixels : parameter.Shape.Units);
        }

        return products;
    }
}
