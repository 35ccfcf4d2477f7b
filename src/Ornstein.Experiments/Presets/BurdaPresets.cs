namespace Ornstein.Experiments.Presets;

/// <summary>
/// Burda, Grosse and Salakhutdinov 2016: variational and importance-weighted autoencoders of one and two stochastic layers. The full budget follows the program
/// that they published (github.com/yburda/iwae), whose numbers the paper's second version reports.
/// </summary>
internal static class BurdaPresets
{
    private const int FullPasses = 3280; // 3^0 + ... + 3^7

    // Their program adds the gradients of a batch of 20 up, and a run here takes their mean: second moments are 400 times less, their roots 20 times.
    private const string FullSecondMoment = "0.0025", FullEpsilon = "5e-6"; // of 1 and 1e-4

    public static IReadOnlyList<Preset> All { get; } =
    [
        Create(layers: 1, samples: 1, published: "86.76", measured: 94.05),
        Create(layers: 1, samples: 5, published: "85.54", measured: 97.41),
        Create(layers: 1, samples: 50, published: "84.78", measured: 104.39),
        Create(layers: 2, samples: 1, published: "85.33", measured: 94.65),
        Create(layers: 2, samples: 5, published: "83.89", measured: 99.45),
        Create(layers: 2, samples: 50, published: "82.90", measured: 106.71),
    ];

    private static Preset Create(int layers, int samples, string published, double? measured = null)
    {
        var passes = samples switch { 1 => 20, 5 => 6, _ => 2 }; // of the reduced budget
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
                new("testBinarization", "anew", "once"),
                new("validation", "400", "0"), // their program trains on the first 59,600
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
                new("adamBeta1", "0.99", "0.9"),
                new("adamSecondMoment", FullSecondMoment, "0"),
                new("adamEpsilon", FullEpsilon, "1e-4"),
                new("schedule", "staged-rounded", "constant"),
                new("epochs", $"{FullPasses}", $"{passes}"),
                new("testLimit", "10000", "2000"),
                new("importanceDraws", "5000"),
            ],
            Fixed =
            [
                "Adam's beta2 0.999",
                "full budget as the program that the authors published: beta1 0.99 (the paper says 0.9), second moments that begin at 1 and epsilon 1e-4, both of "
                    + "gradients that it adds up over a batch of 20: of their mean these are 0.0025 and 5e-6",
                "full budget: 3^i passes at 0.001, 0.00072, 0.00052, 0.00037, 0.00027, 0.00019, 0.00014, 0.0001, i = 0..7; 0.001 throughout in the reduced budget",
                "full budget: 59,600 images, the last 400 are held out; each test image is drawn once, from this run's seed, as theirs from their test's",
            ],
            Differences =
            [
                "standard deviations are softplus(.) + 0.0001; the paper takes the exponential",
                "weights begin uniform within 1/sqrt(fan-in); the paper takes Glorot and Bengio's heuristic",
                "Adam's step: their program moves by the moments of the step before and adds epsilon before bias is corrected, which matters while second moments "
                    + "are mostly where they began; here they are of this step, and epsilon is added after",
                "batches are drawn anew in every pass; their program takes the images in the order of the file",
                "reduced budget: beta1 0.9, second moments from 0, epsilon 1e-4 of mean gradients, all 60,000 images, test images binarized once for all runs",
            ],
        };
    }
}
