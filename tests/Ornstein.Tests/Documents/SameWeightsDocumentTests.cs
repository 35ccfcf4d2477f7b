using System.Globalization;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/gradients.md says of gradients at the same weights with and without smoothing, from the numbers that lie beside it.</summary>
public class SameWeightsDocumentTests
{
    private static readonly string[] _networks = ["q3", "p2", "q2", "p1"];
    private static readonly string[] _fallen = ["q3", "p2", "p1"];
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

    // "In all four networks, with every K and every seed, the variance is lower the lower rho is".
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
        // "With 8 draws 7 to 91 % of the variance is left at rho 0. In q3, p2 and q2 least is left in models that were trained at rho 0: 7 to 21 %".
        (double, double) Range(IEnumerable<(string Run, string Name)> weights, params string[] networks) =>
            Ends(from one in weights from network in networks select Left(one.Run, 8, network));
        Assert.Equal((0.07, 0.91), Range(_weights, _networks));
        Assert.Equal((0.07, 0.21), Range(Smoothed, "q3", "p2", "q2"));
        Assert.All(_networks[..3], network => Assert.True(Range(Smoothed, network).Item2 < Range(_weights[..4], network).Item1));
        // "In p1 these have 8 to 18 % left, untrained models 10 %, and models of rho 1 54 to 72 %", "p1 has 0.39, 0.10 and 0.05 of the variance at rho 1".
        Assert.Equal([(0.08, 0.18), (0.10, 0.10), (0.54, 0.72)], [Range(Smoothed, "p1"), Range(_weights[..1], "p1"), Range(Vanilla, "p1")]);
        Assert.Equal([0.39, 0.10, 0.05], _draws.Select(draws => Math.Round(Left("at-0", draws, "p1"), 2)));
        // "q1 at rho 0 is 0.88 to 1.00 of that at rho 1".
        Assert.Equal((0.88, 1.00), Ends(from weights in _weights from draws in _draws select Left(weights.Run, draws, "q1")));
        // "19 to 224 times the variance of weights trained without smoothing, in p1, p2 and q2 after 15 passes".
        Assert.Equal((19, 224), (from network in new[] { "p1", "p2", "q2" } select Total("at-15-rho0", 8, 0, network, Variance) / Total("at-15-rho1", 8, 0, network, Variance)) is var times ? (Math.Round(times.Min()), Math.Round(times.Max())) : default);
    }

    [Fact]
    public void TextOnParts_OfTheDocument_FollowsFromTheNumbers()
    {
        // "(0.87 to 1.06 of those at rho 1 in single seeds). After 15 passes they are 94 and 95 % of what is left with 8 draws".
        Assert.Equal((0.87, 1.06), Ends(
            from weights in Vanilla from draws in _draws from network in new[] { "p2", "p1" }
            from pair in Models(weights.Run, draws, 0).Zip(Models(weights.Run, draws, 1), (smoothed, plain) => Data(smoothed, network) / Data(plain, network))
            select pair));
        Assert.Equal([0.94, 0.95], new[] { "p2", "p1" }.Select(network => Math.Round(Total("at-15-rho1", 8, 0, network, Data) / Total("at-15-rho1", 8, 0, network, Variance), 2)));
        // "leaves less than smoothing in 11 of 12 cases in models of rho 1", "in three of four networks of untrained ones. In models of rho 0 smoothing leaves less, in 11 of 12".
        int Averaged((string Run, string Name)[] weights) => weights.Sum(one => _networks.Count(network =>
            Total(one.Run, 8, 1, network, (model, of) => Data(model, of) + ((Variance(model, of) - Data(model, of)) / 8)) < Total(one.Run, 8, 0, network, Variance)));
        Assert.Equal((11, 3, 1), (Averaged(Vanilla), Averaged(_weights[..1]), Averaged(Smoothed)));
    }

    [Fact]
    public void TextOnRatios_OfTheDocument_FollowsFromTheNumbers()
    {
        bool IsHigher(string weights, int draws, string network) => Models(weights, draws, 0).Average(model => Ratio(model, network)) > Models(weights, draws, 1).Average(model => Ratio(model, network));
        bool[] Seeds((string Run, string Name)[] weights, string[] networks) =>
        [
            .. from one in weights from draws in _draws from network in networks
               from isHigher in Models(one.Run, draws, 0).Zip(Models(one.Run, draws, 1), (smoothed, plain) => Ratio(smoothed, network) > Ratio(plain, network))
               select isHigher,
        ];
        // "with every K (means over seeds; in one of 144 comparisons of single seeds it is lower)", "(means over seeds; three of 81 single seeds say the opposite), and in q2 after 15 passes".
        Assert.All(from weights in _weights[..4] from draws in _draws from network in _networks select IsHigher(weights.Run, draws, network), Assert.True);
        Assert.Equal((144, 1), Seeds(_weights[..4], _networks) is var all ? (all.Length, all.Count(isHigher => !isHigher)) : default);
        Assert.All(from weights in Smoothed from draws in _draws from network in _fallen select IsHigher(weights.Run, draws, network), Assert.False);
        Assert.Equal((81, 3), Seeds(Smoothed, _fallen) is var three ? (three.Length, three.Count(isHigher => isHigher)) : default);
        Assert.All(_draws, draws => Assert.False(IsHigher("at-15-rho0", draws, "q2")));
        // "0.83 to 1.24 times in its square", "its square is 1.7 to 5.6 times that at rho 1", "0.4 to 9 % of its square is left in those three networks".
        double Squared(string weights, int draws, string network) => Total(weights, draws, 0, network, Mean) / Total(weights, draws, 1, network, Mean);
        Assert.Equal((0.83, 1.24), Ends(from weights in _weights[..4] from draws in _draws from network in new[] { "q3", "p2" } select Squared(weights.Run, draws, network)));
        double[] grown = [.. from weights in Vanilla from draws in _draws select Math.Round(Squared(weights.Run, draws, "q2"), 1)];
        Assert.Equal((1.7, 5.6), (grown.Min(), grown.Max()));
        double[] left = [.. from weights in Smoothed from network in _fallen select Math.Round(Squared(weights.Run, 8, network), 3)];
        Assert.Equal((0.004, 0.088), (left.Min(), left.Max()));
        // "the 3.5 of q3 is the mean of 1.2, 1.1 and 8.4".
        Assert.Equal([1.2, 1.1, 8.4], Models("at-15-rho1", 8, 1).Select(model => Math.Round(Ratio(model, "q3"), 1)));
    }

    private static (string Run, string Name)[] Vanilla => _weights[1..4];

    private static (string Run, string Name)[] Smoothed => _weights[4..];

    private static (double, double) Ends(IEnumerable<double> values) => (Math.Round(values.Min(), 2), Math.Round(values.Max(), 2));

    private static double Total(string weights, int draws, double rho, string network, Func<IReadOnlyDictionary<string, string>, string, double> of) => Models(weights, draws, rho).Sum(model => of(model, network));

    private static IReadOnlyDictionary<string, string>[] Models(string weights, int draws, double rho)
    {
        IReadOnlyDictionary<string, string>[] models = [.. _models[(weights, draws, rho)].OrderBy(model => model.Number("seed"))];
        Assert.Equal([0, 1, 2], models.Select(model => (int)model.Number("seed")));
        return models;
    }

    private static double Left(string weights, int draws, string network) => Total(weights, draws, 0, network, Variance) / Total(weights, draws, 1, network, Variance);

    private static double Mean(IReadOnlyDictionary<string, string> model, string network) => model.Number($"gradient-mean-{network}");

    private static double Data(IReadOnlyDictionary<string, string> model, string network) => model.Number($"gradient-data-{network}");

    private static double Variance(IReadOnlyDictionary<string, string> model, string network) => Data(model, network) + model.Number($"gradient-noise-{network}");

    private static double Ratio(IReadOnlyDictionary<string, string> model, string network) => Mean(model, network) / Variance(model, network);

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
