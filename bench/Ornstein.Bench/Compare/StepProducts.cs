using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Smoothing;
using Ornstein.Stacks;

namespace Ornstein.Bench.Compare;

/// <summary>A 3 x 3 convolution of a training step, whose products are those of its forward pass, its weights' gradient and its input's.</summary>
/// <param name="Maps">Maps of a batch: its rows.</param>
/// <param name="Height">Rows of pixels of a map that it reads.</param>
/// <param name="Width">Pixels of such a row.</param>
/// <param name="Inputs">Channels that it reads.</param>
/// <param name="Outputs">Channels that it gives.</param>
/// <param name="Stride">1, or 2 where it halves the map.</param>
/// <param name="IsDifferentiated">Whether its input needs a gradient: data need none.</param>
internal sealed record ConvolutionShape(int Maps, int Height, int Width, int Inputs, int Outputs, int Stride, bool IsDifferentiated);

/// <summary>What a step of one convolutional member multiplies: the single list from which a floor is made.</summary>
/// <param name="Convolutions">Every convolution, network by network.</param>
/// <param name="Dense">The affine functions between vectors and maps.</param>
internal sealed record StepProducts(IReadOnlyList<ConvolutionShape> Convolutions, IReadOnlyList<LayerShape> Dense)
{
    /// <summary>Of a vanilla member.</summary>
    public static StepProducts Of(BenchModel model)
    {
        using var vae = new HierarchicalVae(model.Options, [new Member(1, 0)], new SmoothingOptions());
        var (convolutions, dense) = (new List<ConvolutionShape>(), new List<LayerShape>());
        foreach (var placed in vae.Networks.All)
        {
            var (shape, readsData) = (placed.Network.Input, placed.Place.Role == NetworkRole.Inference && placed.Place.Layer == 0);
            void Convolve(int inputs, int outputs, int stride)
            {
                var (height, width) = (shape.Axes[1], shape.Axes[2]);
                convolutions.Add(new(model.BatchSize, height, width, inputs, outputs, stride, !readsData));
                (shape, readsData) = (new Shape(outputs, height / stride, width / stride), false);
            }

            foreach (var step in ((ConvolutionalNetwork)placed.Network).Steps)
            {
                switch (step)
                {
                    case Convolve one:
                        Convolve(one.Inputs, one.Outputs, one.Stride);
                        break;
                    case ResidualBlock block:
                        Convolve(block.Width, block.Width, 1);
                        Convolve(block.Width, block.Width, 1);
                        break;
                    case Networks.Double:
                        shape = new Shape(shape.Axes[0], 2 * shape.Axes[1], 2 * shape.Axes[2]);
                        break;
                    case Connect connect:
                        dense.Add(new(connect.Inputs, connect.Output.Units, model.BatchSize, connect.Inputs));
                        shape = connect.Output;
                        break;
                }
            }
        }

        return new(convolutions, dense);
    }
}
