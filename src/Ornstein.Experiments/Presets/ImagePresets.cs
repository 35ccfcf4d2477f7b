namespace Ornstein.Experiments.Presets;

/// <summary>Convolutional hierarchies on images, of this project: none has a published value of its own.</summary>
internal static class ImagePresets
{
    private const string Cifar = "8x16x16,16x8x8,32x4x4";
    private const string CifarLadder = "4x16x16,4x16x16,4x16x16,8x8x8,8x8x8,8x8x8,16x4x4,16x4x4,32x4x4,32";
    private const string Fashion = "8x14x14,16x7x7,32";

    // Gradients of three layers grow from 40,000 to 230,000 in ten passes. A bound that leaves out steps a few times as long stopped a model for good in its ninth pass.
    private static readonly FullTraining _three = new("10", "0.001", "400000", "20000000");

    // Those of ten layers begin at 26,000. At twice this rate, and with bounds as above, the unsmoothed model jumped in its second pass and skipped every step from then on.
    private static readonly FullTraining _ten = new("7", "0.0005", "100000", "none");

    public static IReadOnlyList<Preset> All { get; } =
    [
        Create("cifar10-3", "convolutions on CIFAR-10, a chain of three stochastic layers", "cifar10", Cifar, "32,48,64", _three) with
        {
            ReducedResult = "5.76 bits/dim at rho 1 (JPEG)",
        },
        Create(
            "cifar10-10", "convolutions on CIFAR-10, a ladder of ten stochastic layers", "cifar10", CifarLadder, "32,32,32,32,32,32,32,32,32,32", _ten,
            new PresetSetting("ladder", "true")),
        Create("fashion-conv", "convolutions on Fashion-MNIST, a chain of three stochastic layers", "fashion-mnist", Fashion, "32,48,64", _three) with
        {
            ReducedResult = "3.67 bits/dim at rho 1",
        },
    ];

    private static Preset Create(string name, string summary, string data, string latents, string hidden, FullTraining full, params PresetSetting[] variant) => new()
    {
        Name = name,
        Summary = summary,
        Source = "this project; its blocks follow R. Child: Very Deep VAEs, ICLR 2021, in what is residual, in a ladder's features and in shortening long gradients or leaving them out",
        ReducedBudget = "2 passes over 10,000 images, seven rhos",
        FullBudget = $"{full.Passes} passes over all images, rho 0.5 and 1",
        Settings =
        [
            new("data", data),
            new("networks", "convolution"),
            new("latents", latents),
            .. variant,
            new("hidden", hidden),
            new("hiddenLayers", "1"),
            new("activation", "silu"),
            new("likelihood", "discretized-logistic"),
            new("initialOutput", "mean"),
            new("rho", "0.5,1", "0,0.3,0.5,0.7,0.8,0.9,1"),
            new("draws", "4"),
            new("seeds", "0"),
            new("batch", "32"),
            new("learningRate", full.LearningRate, "0.001"),
            new("ema", "0.999", "0.99"),
            new("clipNorm", full.ClipNorm, "none"),
            new("skipNorm", full.SkipNorm, "1000000"),
            new("epochs", full.Passes, "2"),
            new("trainLimit", "60000", "10000"),
            new("validation", "1000", "500"),
            new("testLimit", "10000", "500"),
            new("evaluationDraws", "8", "2"),
            new("importanceDraws", "16", "8"),
        ],
        Fixed = ["of the 256 grey levels of every channel, so that results are in bits per dimension too"],
        Differences = [],
    };

    // How the full budget trains.
    private sealed record FullTraining(string Passes, string LearningRate, string ClipNorm, string SkipNorm);
}
