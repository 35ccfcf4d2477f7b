using System.Globalization;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/gradients.md says of gradients at the same weights with and without smoothing, from the numbers that lie beside it.</summary>
public class SameWeightsDocumentTests
{
    private static readonly string[] _networks = ["q3", "p2", "q2", "p1"];
    private static readonly double[] _rhos = [1, 0.85, 0.5, 0];
    private static readonly int[] _draws = [2, 8, 32];

    // A run, without the draws, and its name in the tables.
    private static readonly (string Run, string Name)[] _weights =
    [
        ("at-0", "untrained"), ("at-1-rho1", "rho 1, 1 pass"), ("at-2-rho1", "rho 1, 2 passes"), ("at-15-rho1", "rho 1, 15 passes"),
        ("at-1-rho0", "rho 0, 1 pass"), ("at-2-rho0", "rho 0, 2 passes"), ("at-15-rho0", "rho 0, 15 passes"),
    ];

    private static readonly ILookup<(string Weights, int Draws, double Rho), IReadOnlyDictionary<string, string>> _models = CsvRows.Of("gradients-same-weights.csv").ToLookup(row =>
    {
        var run = row["run"].Split('/')[^1];
        var dash = run.LastIndexOf('-');
        return (run[..dash], int.Parse(run[(dash + 1)..], CultureInfo.InvariantCulture), double.Parse(row["label"].Split("rho ")[^1], CultureInfo.InvariantCulture));
    });

    [Fact]
    public void Tables_OfTheDocument_FollowFromTheNumbers()
    {
        AssertHas(
            from weights in _weights
            from rho in new[] { 1.0, 0 }
            let models = Models(weights.Run, 8, rho)
            select $"| {(rho == 1 ? weights.Name : "")} | {rho} | {string.Join(" | ", _networks.Select(network => $"{Two(models.Average(model => Variance(model, network)))}, {Two(models.Average(model => Ratio(model, network)))}"))} |");
        AssertHas(
            from weights in _weights
            select $"| {weights.Name} | {string.Join(" | ", _networks.Select(network => string.Join(", ", _draws.Select(draws => Left(weights.Run, draws, network).ToString("0.00", CultureInfo.InvariantCulture)))))} |");
    }

    // "In every network, with every K and every seed, the variance is lower the lower rho is".
    [Fact]
    public void Variance_AtTheSameWeights_FallsWithRho() => Assert.All(
        from weights in _weights from draws in _draws from network in _networks from seed in Enumerable.Range(0, 3) select (weights, draws, network, seed),
        one =>
        {
            double[] variances = [.. _rhos.Select(rho => Variance(Models(one.weights.Run, one.draws, rho)[one.seed], one.network))];
            Assert.Equal(variances.OrderDescending(), variances);
        });

    [Fact]
    public void Text_OfTheDocument_FollowsFromTheNumbers()
    {
        // "With 8 draws 7 to 91 % of the variance is left at rho 0", "is 0.39, 0.10 and 0.05 of that at rho 1 with 2, 8 and 32 draws".
        double[] left = [.. from weights in _weights from network in _networks select Math.Round(Left(weights.Run, 8, network), 2)];
        Assert.Equal((0.07, 0.91), (left.Min(), left.Max()));
        Assert.Equal([0.39, 0.10, 0.05], _draws.Select(draws => Math.Round(Left("at-0", draws, "p1"), 2)));
        // "Least is left where the functions of z vary most: in models that were trained at rho 0".
        Assert.All(_networks, network => Assert.True(_weights[4..].Max(weights => Left(weights.Run, 8, network)) < _weights[1..4].Min(weights => Left(weights.Run, 8, network))));
        // "after 15 passes 94 and 95 % of what is left with 8 are differences between batches".
        double Batches(string network) => Models("at-15-rho1", 8, 0) is var models ? Math.Round(models.Sum(model => model.Number($"gradient-data-{network}")) / models.Sum(model => Variance(model, network)), 2) : 0;
        Assert.Equal((0.94, 0.95), (Batches("p2"), Batches("p1")));
        // "is higher at rho 0, in all four networks and with every K", "it is lower in q3, p2 and p1".
        bool IsHigher(string weights, int draws, string network) => Models(weights, draws, 0).Average(model => Ratio(model, network)) > Models(weights, draws, 1).Average(model => Ratio(model, network));
        Assert.All(from weights in _weights[..4] from draws in _draws from network in _networks select IsHigher(weights.Run, draws, network), Assert.True);
        Assert.All(from weights in _weights[4..] from draws in _draws from network in new[] { "q3", "p2", "p1" } select IsHigher(weights.Run, draws, network), Assert.False);
        // "q1's variance at rho 0 is 0.88 to 1.00 of that at rho 1".
        double[] first = [.. from weights in _weights from draws in _draws select Math.Round(Left(weights.Run, draws, "q1"), 2)];
        Assert.Equal((0.88, 1.00), (first.Min(), first.Max()));
    }

    private static IReadOnlyDictionary<string, string>[] Models(string weights, int draws, double rho)
    {
        IReadOnlyDictionary<string, string>[] models = [.. _models[(weights, draws, rho)].OrderBy(model => model.Number("seed"))];
        Assert.Equal([0, 1, 2], models.Select(model => (int)model.Number("seed")));
        return models;
    }

    private static double Left(string weights, int draws, string network) => Models(weights, draws, 0).Sum(model => Variance(model, network)) / Models(weights, draws, 1).Sum(model => Variance(model, network));

    private static double Variance(IReadOnlyDictionary<string, string> model, string network) => model.Number($"gradient-data-{network}") + model.Number($"gradient-noise-{network}");

    private static double Ratio(IReadOnlyDictionary<string, string> model, string network) => model.Number($"gradient-mean-{network}") / Variance(model, network);

    // Two significant digits.
    private static string Two(double value)
    {
        var decimals = Math.Max(0, 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
        var scale = Math.Pow(10, Math.Max(0, (int)Math.Floor(Math.Log10(Math.Abs(value))) - 1));
        return (Math.Round(value / scale, decimals == 0 ? 0 : decimals) * scale).ToString("F" + decimals, CultureInfo.InvariantCulture);
    }

    private static void AssertHas(IEnumerable<string> rows) =>
        Assert.Contains(string.Concat(rows.Select(row => row + "\n")), File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "gradients.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
}
