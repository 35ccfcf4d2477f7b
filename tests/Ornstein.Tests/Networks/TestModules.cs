using Ornstein.Models;
using Ornstein.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

#pragma warning disable RS0030 // any of TorchSharp's modules may be a part of a stranger's

namespace Ornstein.Tests.Networks;

/// <summary>Modules as a user writes them, for the data of <see cref="TinyStack"/>: maps of 1 x 3 x 4.</summary>
internal static class TestModules
{
    /// <summary>A hierarchy of maps with a vector on top.</summary>
    public static ModelOptions Convolutions(Func<Shape, nn.Module<Tensor, Tensor>>? between = null) => new()
    {
        Data = new Shape(1, 3, 4),
        Latents = [new Shape(2, 3, 4), new Shape(2, 3, 2), 3],
        Networks = new ModuleNetworks("convolutions", place => Convolution(place, between)),
    };

    /// <summary>Perceptrons of one hidden layer, which the built-in ones can be compared with.</summary>
    public static ModuleNetworks Linear(int hidden) => new("linear", place => Sequential(
        ("hidden1", nn.Linear(place.Input.Units, hidden)), ("act", LeakyReLU(0.01)), ("output", nn.Linear(hidden, place.Output!.Units))));

    private static nn.Module<Tensor, Tensor> Convolution(NetworkPlace place, Func<Shape, nn.Module<Tensor, Tensor>>? between)
    {
        var (input, output) = (place.Input, place.Output!);
        const int Width = 3;
        List<nn.Module<Tensor, Tensor>> parts = [];
        if (input.IsMap) parts.AddRange([Conv2d(input.Axes[0], Width, 3, padding: 1), ELU()]);
        else parts.AddRange([nn.Linear(input.Units, Width * 4), ELU()]);
        var shape = input.IsMap ? new Shape([Width, .. input.Axes.Skip(1)]) : new Shape(Width * 4);
        if (between is not null) parts.Add(between(shape));
        if (input.IsMap && output.IsMap && input.Axes[2] == output.Axes[2]) parts.Add(Conv2d(Width, output.Axes[0], 1));
        else parts.AddRange([Flatten(), nn.Linear(shape.Units, output.Units)]);
        return Sequential([.. parts]);
    }
}
