namespace Ornstein.Experiments.Presets;

/// <summary>Burda, Grosse and Salakhutdinov 2016: variational and importance-weighted autoencoders of one and two stochastic layers.</summary>
internal static class BurdaPresets
{
    private const int FullPasses = 3280; // 3^0 + ... + 3^7

    public static IReadOnlyList<Preset> All { get; } =
    [
        Create(layers: 1, samples: 1, published: "86.76", measured: 94.05),
        Create(layers: 1, samples: 5, published: null, measured: 97.41),
        Create(layers: 1, samples: 50, published: "84.78", measured: 104.39),
        Create(layers: 2, samples: 1, published: "85.33", measured: 94.65),
        Create(layers: 2, samples: 5, published: null, measured: 99.45),
        Create(layers: 2, samples: 50, published: "82.90", measured: 106.71),
    ];

    private static Preset Create(int layers, int samples, string? published, double? measured = null)
    {
        var passes = samples switch { 1 => 20, 5 => 6, _ => 2 }; // of the reduced budget: an evening has room for many more (--epochs)
        var (name, model) = samples == 1 ? ("vae", "VAE") : ($"iwae{samples}", $"IWAE with k = {samples}");
        return new Preset
        {
            Name = $"burda-{layers}-{name}",
            Summary = $"{model}, {(layers == 1 ? "one stochastic layer" : "two stochastic layers")}",
            Source = "Y. Burda, R. Grosse, R. Salakhutdinov: Importance Weighted Autoencoders, ICLR 2016, section 5 (table 1)",
            PublishedNll = published,
            ReducedNll = measured, // seed 0
            ReducedBudget = $"{passes} passes",
            FullBudget = $"{FullPasses:N0} passes",
            Settings =
            [
                new("data", "mnist"),
                new("binarization", "dynamic"),
                new("validation", "0"), // all 60,000 are trained on
                new("latents", layers == 1 ? "50" : "100,50"),
                new("hidden", layers == 1 ? "200" : "200,100"),
                new("hiddenLayers", "2"),
                new("activation", "tanh"),
                new("initialOutput", "mean"), // as the program that the authors published
                .. samples == 1 ? Array.Empty<PresetSetting>() : [new("remedy", $"iwae:{samples}")],
                new("rho", "1"),
                new("seeds", "0"),
                new("batch", "20"),
                new("learningRate", "0.001"),
                new("adamEpsilon", "1e-4"),
                new("schedule", "staged", "constant"),
                new("epochs", $"{FullPasses}", $"{passes}"),
                new("testLimit", "10000", "2000"),
                new("importanceDraws", "5000"),
            ],
            Fixed =
            [
                "Adam's beta1 0.9 and beta2 0.999",
                "learning rate 0.001 * 10^(-i/7) for 3^i passes, i = 0..7; 0.001 throughout in the reduced budget",
            ],
            Differences =
            [
                "standard deviations are softplus(.) + 0.0001; the paper takes the exponential",
                "weights begin uniform within 1/sqrt(fan-in); the paper takes Glorot and Bengio's heuristic",
                "test images are binarized once, from a fixed seed",
            ],
        };
    }
}
