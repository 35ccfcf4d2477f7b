namespace Ornstein.Experiments.Presets;

/// <summary>Sonderby et al. 2016: five stochastic layers, and what keeps the upper ones alive.</summary>
internal static class SonderbyPresets
{
    private const int ReducedPasses = 12, ReducedWarmUp = 2;
    private const int FullPasses = 2000, FullWarmUp = 200;

    private static readonly PresetSetting _batchNorm = new("batchNorm", "true");
    private static readonly PresetSetting _warmUp = new("remedy", $"warm-up:{FullWarmUp}", $"warm-up:{ReducedWarmUp}");
    private static readonly PresetSetting _ladder = new("ladder", "true");

    public static IReadOnlyList<Preset> All { get; } =
    [
        Create("sonderby-vae", "VAE, five stochastic layers", 95.01),
        Create("sonderby-vae-bn", "VAE with batch normalization, five stochastic layers", 91.78, _batchNorm),
        Create("sonderby-vae-bn-wu", "VAE with batch normalization and warm-up, five stochastic layers", 89.47, _batchNorm, _warmUp),
        Create("sonderby-lvae-bn-wu", "ladder VAE with batch normalization and warm-up, five stochastic layers", 89.62, _ladder, _batchNorm, _warmUp) with
        {
            PublishedNll = "about 82",
        },
    ];

    private static Preset Create(string name, string summary, double? measured, params PresetSetting[] variant) => new()
    {
        Name = name,
        Summary = summary,
        ReducedNll = measured, // seed 0
        Source = "C. K. Sonderby, T. Raiko, L. Maaloe, S. K. Sonderby, O. Winther: Ladder Variational Autoencoders, NIPS 2016, section 3",
        ReducedBudget = $"{ReducedPasses} passes",
        FullBudget = $"{FullPasses:N0} passes",
        Settings =
        [
            new("data", "mnist"),
            new("binarization", "dynamic"),
            new("validation", "0"), // all 60,000 are trained on
            new("latents", "64,32,16,8,4"),
            new("hidden", "512,256,128,64,32"),
            new("hiddenLayers", "2"),
            new("activation", "leaky-relu"),
            .. variant,
            new("rho", "1"),
            new("seeds", "0"),
            new("batch", "256"),
            new("learningRate", "0.001"),
            new("schedule", "constant"),
            new("epochs", $"{FullPasses}", $"{ReducedPasses}"),
            new("testLimit", "10000", "2000"),
            new("importanceDraws", "5000", "1000"),
        ],
        Fixed =
        [
            "Adam's beta1 0.9, beta2 0.999 and epsilon 1e-8",
            .. variant.Contains(_warmUp)
                ? [$"warm-up over the first {FullWarmUp} of {FullPasses:N0} passes; in the reduced budget {ReducedWarmUp}"]
                : Array.Empty<string>(),
        ],
        Differences =
        [
            "the leaky rectifier's slope is 0.01; the paper's is 0.1",
            "standard deviations are softplus(.) + 0.0001",
            "weights begin uniform within 1/sqrt(fan-in)",
            "test images are binarized once, from a fixed seed; the rows that fill no batch of 256 are left out of each pass",
            "reduced budget: the NLL is by 1,000 importance samples, which gives a somewhat larger one than 5,000",
        ],
    };
}
