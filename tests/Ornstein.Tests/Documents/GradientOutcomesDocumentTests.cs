using System.Globalization;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/gradients.md says of early gradients and of what became of the same models, from the numbers that lie beside it.</summary>
public class GradientOutcomesDocumentTests
{
    private const double Tells = 0.005; // nats, as CodeLocator.Threshold

    private static readonly string[] _networks = ["q3", "p2", "q2", "p1"];

    private static readonly (string Data, string Draws, string Part)[] _blocks =
        [("mnist", "8", "means"), ("digits", "8", "means"), ("digits", "8", "widths"), ("digits", "2", "means"), ("digits", "2", "widths")];

    private static readonly IReadOnlyDictionary<string, string>[] _rows = CsvRows.Of("gradients-outcomes.csv");

    [Fact]
    public void Table_OfTheDocument_FollowsFromTheNumbers()
    {
        var lines =
            from block in _blocks
            from pass in new[] { 1, 2, 5, 10, 15 }
            let models = Models(block, pass)
            select $"| {(pass == 1 ? Name(block) : "")} | {pass} | {string.Join(" | ", Quantities().Select(quantity => Text(Separation(models, quantity.Of, IsAlive(block)))))} |\n";
        Assert.Contains(string.Concat(lines), Document(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_OfTheDocument_FollowsFromTheNumbers()
    {
        Assert.Equal(1600, _rows.Length);
        double Chance(int block, int pass, int quantity) => Math.Round(Separation(Models(_blocks[block], pass), Quantities().ElementAt(quantity).Of, IsAlive(_blocks[block])), 2);
        var (mnist, digits, two) = (0, 1, 3);
        int[] passes = [1, 2, 5, 10, 15], means = [mnist, digits, two], widths = [2, 4], ratios = [2, 3, 4, 5];
        // "On MNIST it does in 0.82 of the pairs in pass 2 and in 0.98 in pass 5", "pass 10 does in 0.94 (K = 8) and 0.89 (K = 2)", "0.92 and 0.90 in the same passes for K = 8", "does in 0.82".
        Assert.Equal([0.82, 0.98, 0.94, 0.89], [Chance(mnist, 2, 0), Chance(mnist, 5, 0), Chance(digits, 10, 0), Chance(two, 10, 0)]);
        Assert.Equal([0.92, 0.90, 0.82], [Chance(mnist, 5, 1), Chance(digits, 10, 1), Chance(two, 10, 1)]);
        // "They lie between 0.18 and 0.83, and on both sides of 0.5 for every network", "in pass 15", "0.30 to 0.33 in all three", "in pass 5 (0.55 to 0.83)".
        double[] Of(int ratio) => [.. from block in Enumerable.Range(0, _blocks.Length) from pass in passes select Chance(block, pass, ratio)];
        Assert.Equal((0.18, 0.83), (ratios.SelectMany(Of).Min(), ratios.SelectMany(Of).Max()));
        Assert.All(ratios, ratio => Assert.True(Of(ratio).Min() < 0.5 && Of(ratio).Max() > 0.5));
        Assert.Equal([0.32, 0.33, 0.30], means.Select(block => Chance(block, 15, 2)));
        Assert.Equal([0.57, 0.83, 0.55], means.Select(block => Chance(block, 5, 2)));
        // "In passes 2 and 5 on the digits it does not yet (0.23 to 0.43)", "in these 16 pairs the KL has 0.94 from pass 5 on".
        double[] early = [.. from block in new[] { digits, two } from pass in new[] { 2, 5 } select Chance(block, pass, 0)];
        Assert.Equal((0.23, 0.43), (early.Min(), early.Max()));
        (string Data, string Draws, string Part) left = ("mnist", "8", "widths");
        Assert.Equal([0.94, 0.94, 0.94], new[] { 5, 10, 15 }.Select(pass => Math.Round(Separation(Models(left, pass), Quantities().First().Of, IsAlive(left)), 2)));
        // "The KL does in 0.36 to 0.69 of the pairs".
        double[] ofWidths = [.. from block in widths from pass in passes select Chance(block, pass, 0)];
        Assert.Equal((0.36, 0.69), (ofWidths.Min(), ofWidths.Max()));
    }

    /// <summary>"Exchanging the outcomes of the seeds, in the same way at every rho, moves the chances by 0.08 to 0.19": 60 exchanges, which know a deviation to 9 %.</summary>
    [Fact]
    public void Chances_WhereTheOutcomesOfSeedsAreExchanged_MoveAsFarAsTheDocumentSays()
    {
        var random = new Random(1);
        List<double> all = [], ratiosFar = [];
        foreach (var block in _blocks)
        {
            foreach (var pass in new[] { 2, 5, 10, 15 })
            {
                var models = Models(block, pass);
                string[] seeds = [.. models.Select(model => model["seed"]).Distinct()];
                var outcomes = models.ToDictionary(model => (model["rho"], model["seed"]), IsAlive(block));
                foreach (var (name, of) in Quantities())
                {
                    double[] chances = new double[60];
                    string[] other = [.. seeds];
                    for (var i = 0; i < chances.Length; i++)
                    {
                        random.Shuffle(other);
                        chances[i] = Separation(models, of, model => outcomes[(model["rho"], other[Array.IndexOf(seeds, model["seed"])])]);
                    }

                    var mean = chances.Average();
                    var deviation = Math.Sqrt(chances.Average(chance => Math.Pow(chance - mean, 2)));
                    all.Add(deviation);
                    if (_networks.Contains(name)) ratiosFar.Add(Math.Abs(Separation(models, of, IsAlive(block)) - 0.5) / deviation);
                }
            }
        }

        Assert.InRange(all.Min(), 0.06, 0.10);
        Assert.InRange(all.Max(), 0.17, 0.23); // the greatest of many that are not known exactly
        Assert.InRange(ratiosFar.Count(far => far > 2), 1, 6); // "A few are more than two of those deviations from 0.5"
    }

    private static string Name((string Data, string Draws, string Part) block) => $"{(block.Data == "mnist" ? "MNIST" : block.Data)}, K = {block.Draws}, {block.Part}";

    private static IReadOnlyDictionary<string, string>[] Models((string Data, string Draws, string Part) block, int pass) =>
        [.. _rows.Where(row => row["data"] == block.Data && row["draws"] == block.Draws && row.Number("pass") == pass)];

    private static Func<IReadOnlyDictionary<string, string>, bool> IsAlive((string Data, string Draws, string Part) block) => row => row.Number($"told-{block.Part}") > Tells;

    private static IEnumerable<(string Name, Func<IReadOnlyDictionary<string, string>, double> Of)> Quantities() =>
    [
        ("kl", row => row.Number("kl")),
        ("variance", row => row.Number("variance-q3")),
        .. _networks.Select(network => (network, (Func<IReadOnlyDictionary<string, string>, double>)(row => row.Number($"mean-{network}") / row.Number($"variance-{network}")))),
    ];

    // The chance that of two models of one rho, of which one lives in the end and the other does not, the one that lives has the larger number.
    private static double Separation(IReadOnlyDictionary<string, string>[] models, Func<IReadOnlyDictionary<string, string>, double> quantity, Func<IReadOnlyDictionary<string, string>, bool> isAlive) =>
    (
        from alive in models.Where(isAlive)
        from dead in models.Where(model => !isAlive(model) && model["rho"] == alive["rho"])
        select quantity(alive).CompareTo(quantity(dead)) switch { > 0 => 1, 0 => 0.5, _ => 0.0 }).Average();

    private static string Text(double chance) => chance.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Document() => File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "gradients.md")).ReplaceLineEndings("\n");
}
