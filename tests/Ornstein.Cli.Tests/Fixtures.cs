using Ornstein.Results;

namespace Ornstein.Cli.Tests;

/// <summary>Results such as a real run gives.</summary>
internal static class Fixtures
{
    private static readonly double[] _rho = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>Top-layer KL falls between rho 0.7 and 0.8.</summary>
    public static PhaseResult Phase(int layers = 3, int seeds = 2, string data = "digits", bool critical = true)
    {
        double[] top = [0.857, 0.643, 0.567, 0.382, 0.412, 0.0034, 0.0016, 0.00001];
        MemberResult[] members =
        [
            .. _rho.SelectMany((rho, i) => Enumerable.Range(0, seeds).Select(seed => Member(rho, seed, layers, top[i] * (1 + 0.2 * seed)))),
        ];
        return new PhaseResult
        {
            Data = data,
            Latents = [.. Enumerable.Range(0, layers).Select(i => Math.Max(2, 32 >> i))],
            EvaluatedOn = 1000,
            Steps = 9380,
            Epochs = 20,
            Members = members,
            CriticalRho = critical
                ? new CriticalRho { Estimate = 0.764, Low = 0.7, High = 0.8, TopLayerKlBelow = 0.41, TopLayerKlAbove = 0.0034 }
                : null,
            Reason = critical ? null : "the top layer is active at every rho",
            CollapseThreshold = 0.01,
        };
    }

    public static MemberResult Member(double rho, int seed, int layers, double top)
    {
        double[] kl = [.. Enumerable.Range(0, layers).Select(i => i == layers - 1 ? top : 18.24 / Math.Pow(3.1, i) + 0.1 * seed - i * rho)];
        return new MemberResult
        {
            Rho = rho,
            Seed = seed,
            Status = "ok",
            SmoothedObjective = -104.2 + 3 * rho - 0.3 * seed,
            Elbo = -111.3 + 11.5 * rho - 0.3 * seed,
            Reconstruction = 80.1 - rho + seed,
            Kl = kl,
            UnsmoothedKl = kl,
            TopKl = top,
            ActiveUnits = [.. Enumerable.Range(0, layers).Select(i => i == layers - 1 && top < 0.01 ? 0 : Math.Max(2, 32 >> i) - seed)],
            Bounds = new MemberBounds
            {
                Draws = 8,
                SampledElbo = new Estimate(-110.21 - 0.3 * seed, 0.81),
                ImportanceWeighted = new Estimate(-107.11 - 0.3 * seed, 0.82),
                SmoothedGenerative = new Estimate(-99.7 - 0.3 * seed, 0.83),
                SmoothedGenerativeImportanceWeighted = new Estimate(-96.4 - 0.3 * seed, 0.84),
            },
        };
    }

    public static MemberResult Diverged(double rho, int seed, int layers) => Member(rho, seed, layers, 1) with
    {
        Status = "diverged at step 812",
        SmoothedObjective = double.NaN,
        Elbo = double.NaN,
        Reconstruction = double.NaN,
        Kl = [.. Enumerable.Repeat(double.NaN, layers)],
        UnsmoothedKl = [.. Enumerable.Repeat(double.NaN, layers)],
        TopKl = double.NaN,
        ActiveUnits = [],
        Bounds = null,
    };

    public static EpochMetrics[] Curves(PhaseResult result) =>
    [
        .. Enumerable.Range(1, result.Epochs).Select(epoch => new EpochMetrics
        {
            Epoch = epoch,
            Step = epoch * result.Steps / result.Epochs,
            Loss = [.. result.Members.Select(m => -m.SmoothedObjective + 90 * Math.Exp(-epoch / 3.0))],
            Validation = [.. result.Members.Select(m => -m.SmoothedObjective + 95 * Math.Exp(-epoch / 3.0))],
            LearningRate = 1e-3,
            Reconstruction = [.. result.Members.Select(m => m.Reconstruction)],
            Kl = [.. Enumerable.Range(0, result.Latents.Length).Select(layer => result.Members.Select(m => m.Kl[layer]).ToArray())],
            ImagesPerSecond = 40_000,
        }),
    ];

    /// <summary>Rings of different size, grey values.</summary>
    public static byte[] Images(int count, int size = 28)
    {
        var images = new byte[count * size * size];
        for (int i = 0; i < images.Length; i++)
        {
            int image = i / (size * size), y = i / size % size, x = i % size;
            double radius = Math.Sqrt(Math.Pow(x - size / 2, 2) + Math.Pow(y - size / 2, 2));
            images[i] = (byte)(255 * Math.Exp(-Math.Pow(radius - 4 - image % 7, 2) / 2));
        }

        return images;
    }
}
