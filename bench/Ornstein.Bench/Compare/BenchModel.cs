using Ornstein.Batching;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Remedies;

namespace Ornstein.Bench.Compare;

/// <summary>A model that is compared.</summary>
/// <param name="Name">Its name in tables and as a group.</param>
/// <param name="Options">Its architecture.</param>
internal sealed record BenchModel(string Name, ModelOptions Options)
{
    /// <summary>Images of a batch.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>What it is trained on: the embedded digits of 28 x 28 pixels, or what was made for it.</summary>
    public Func<DataRows> Images { get; init; } = OwnTraining.Digits;

    /// <summary>What its members are trained with.</summary>
    public Remedy Remedy { get; init; } = Remedy.None;

    /// <summary>Samples of a datum that its objective takes.</summary>
    public int Samples => Remedy.Joint?.Count ?? 1;

    /// <summary>Its perceptrons.</summary>
    public Perceptrons Perceptrons => (Perceptrons)Options.Networks;

    private const int Features = 784;

    public static BenchModel Small { get; } = Make("small", [32, 16, 8], [256, 128, 64]);

    /// <summary>The layers of the ladder VAE's experiments (Sonderby et al. 2016).</summary>
    public static BenchModel Ladder { get; } = Make("ladder", [64, 32, 16, 8, 4], [512, 256, 128, 64, 64]);

    public static BenchModel Deep { get; } =
        Make("deep", [64, 48, 40, 32, 24, 20, 16, 12, 8, 4], [256, 256, 192, 192, 128, 128, 64, 64, 64, 64]);

    /// <summary>Small colour images, and latents that are maps.</summary>
    public static BenchModel Colour { get; } = Convolutional(
        "conv", new Shape(3, 32, 32), [new(8, 16, 16), new(16, 8, 8), new(32, 4, 4)], new DiscretizedLogisticLikelihood(), MadeImages.Levels);

    /// <summary>Binary images, and a vector at the top.</summary>
    public static BenchModel Grey { get; } = Convolutional(
        "conv-grey", new Shape(1, 28, 28), [new(8, 14, 14), new(16, 7, 7), 32], new BernoulliLikelihood(), MadeImages.Binary);

    /// <summary>Rho of every link: below 1 as soon as there are draws.</summary>
    public static double RhoOf(int draws) => draws == 0 ? 1 : 0.5;

    private static BenchModel Make(string name, int[] latents, int[] hidden) =>
        new(name, new ModelOptions { Data = Features, Latents = [.. latents.Select(units => (Shape)units)], Networks = new Perceptrons { Hidden = hidden } });

    private static BenchModel Convolutional(string name, Shape data, Shape[] latents, ILikelihood likelihood, Func<Shape, DataRows> images)
    {
        var networks = new Convolutions { Widths = [32, 48, 64], Blocks = 1, Activation = Activation.Silu };
        return new(name, new ModelOptions { Data = data, Latents = latents, Networks = networks, Likelihood = likelihood })
        {
            BatchSize = 64, Images = () => images(data),
        };
    }
}
