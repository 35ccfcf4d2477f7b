using System.Globalization;
using System.Text.Json;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/study.md and docs/study-harmonics.md say of the functions between layers, from the spectra of three data sets.</summary>
public class StudyHarmonicsDocumentTests
{
    private static readonly Dictionary<string, JsonElement> _cells = StudyReport.Of("data-sets").Cells("data").ToDictionary(cell => cell.Name, cell => cell.Cell);

    private static readonly string[] _functions = ["mu_p(z1|z2)", "sigma_p(z1|z2)", "mu_p(z2|z3)", "sigma_p(z2|z3)", "mu_q(z2|z1)", "sigma_q(z2|z1)", "mu_q(z3|z2)", "sigma_q(z3|z2)"];

    [Fact]
    public void Harmonics_OfTheDocument_AreThoseOfTheSpectra() => StudyPage.AssertHas(
        from function in _functions[..4]
        from row in Rows("MNIST", function)
        where row.GetProperty("rho").GetDouble() is 0.4 or 0.7 or 0.8 or 0.9
        select $"| {Name(row)} | {Nats(Variance(row))} | {Share(row, "raw")} | {Smoothed(row)} |");

    /// <summary>All functions of all data sets.</summary>
    [Fact]
    public void Tables_OfAllFunctions_AreThoseOfTheSpectra()
    {
        var page = File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "study-harmonics.md")).ReplaceLineEndings("\n");
        Assert.All(_cells.Keys, name =>
        {
            var table = string.Concat(
                from function in _functions
                from row in Rows(name, function)
                let even = row.GetProperty("evenEnergy").GetProperty("value").GetDouble() / Variance(row)
                select $"| {Name(row)} | {Nats(Variance(row))} | {Share(row, "raw")} | {Percent(even)} | {(function.Contains("_p", StringComparison.Ordinal) ? Smoothed(row) : "- | - | -")} |\n");
            Assert.Contains(table, page, StringComparison.Ordinal);
        });
        double Left(JsonElement row) => row.GetProperty("smoothed").GetProperty("shareAboveDegreeOne").GetProperty("value").GetDouble();
        (double, double) Above(string name, double from, double to) => Rows(name, "mu_p(z2|z3)").Where(row => row.GetProperty("rho").GetDouble() >= from && row.GetProperty("rho").GetDouble() <= to).Select(Left)
            is var shares ? (Math.Round(shares.Min(), 2), Math.Round(shares.Max(), 2)) : default;
        // "the share above degree 1 is smaller in every row of p below rho 1".
        Assert.All(from name in _cells.Keys from function in _functions[..4] from row in Rows(name, function) where row.GetProperty("rho").GetDouble() < 1 select row, row =>
            Assert.True(Left(row) < row.GetProperty("raw").GetProperty("shareAboveDegreeOne").GetProperty("value").GetDouble()));
        // "78 to 93 % of it is above degree 1 from rho 0.7 to 0.88 on MNIST, and 63 to 99 % from 0.4 to 0.7 on OMNIGLOT", "8 to 28 % from 0.84 to 0.88".
        Assert.Equal([(0.78, 0.93), (0.63, 0.99), (0.08, 0.28)], [Above("MNIST", 0.7, 0.88), Above("OMNIGLOT", 0.4, 0.7), Above("Fashion-MNIST", 0.84, 0.88)]);
        // "at most 15 % of a variance is above degree 1".
        Assert.Equal(0.15, Math.Round((from name in _cells.Keys from function in _functions[4..] from row in Rows(name, function) select row.GetProperty("raw").GetProperty("shareAboveDegreeOne").GetProperty("value").GetDouble()).Max(), 2));
    }

    [Fact]
    public void TextOnHarmonics_OfTheDocument_FollowsFromTheSpectra()
    {
        (double Rho, double Even, double Above, double Left, double Variance)[] Function(string name, string function) =>
        [
            .. from row in Rows(name, function)
               let variance = row.GetProperty("raw").GetProperty("variance").GetProperty("value").GetDouble()
               select (row.GetProperty("rho").GetDouble(), row.GetProperty("evenEnergy").GetProperty("value").GetDouble() / variance,
                   row.GetProperty("raw").GetProperty("shareAboveDegreeOne").GetProperty("value").GetDouble(),
                   row.GetProperty("smoothed").GetProperty("variance").GetProperty("value").GetDouble() / variance, variance),
        ];
        static (double, double) Range(IEnumerable<double> values) => (Math.Round(values.Min(), 2), Math.Round(values.Max(), 2));
        var top = Function("MNIST", "mu_p(z2|z3)");
        Assert.Equal((0.69, 0.87), Range(top.Where(row => row.Rho is >= 0.7 and <= 0.9).Select(row => row.Even)));
        Assert.Equal((0.04, 0.12), Range(Function("Fashion-MNIST", "mu_p(z2|z3)").Where(row => row.Rho is 0.86 or 0.88).Select(row => row.Even)));
        Assert.Equal((0.53, 0.68), Range(Function("Fashion-MNIST", "mu_p(z2|z3)").Where(row => row.Rho is 0.7 or 0.8).Select(row => row.Even)));
        Assert.Equal(0.32, Math.Round(top.Single(row => row.Rho == 0.8).Left, 2));
        Assert.Equal((0.06, 0.26), Range(Function("MNIST", "mu_p(z1|z2)").Select(row => row.Above)));
        foreach (var (name, part, most) in new[] { ("MNIST", "mu", 0.081), ("Fashion-MNIST", "mu", 0.081), ("OMNIGLOT", "mu", 0.144), ("MNIST", "sigma", 0.153), ("Fashion-MNIST", "sigma", 0.153), ("OMNIGLOT", "sigma", 0.153) })
            Assert.All(new[] { "(z2|z1)", "(z3|z2)" }, link => Assert.All(Function(name, $"{part}_q{link}"), row => Assert.InRange(row.Above, 0, most)));
        // "97 % at 0.5 and nearly all at 0.6", "48 % at 0.7 and 5 % at rho 1".
        var few = Function("OMNIGLOT", "mu_p(z2|z3)");
        Assert.Equal((0.97, true), (Math.Round(few.Single(row => row.Rho == 0.5).Even, 2), few.Single(row => row.Rho == 0.6).Even > 0.99));
        Assert.Equal((0.48, 0.05), (Math.Round(Function("OMNIGLOT", "mu_p(z1|z2)").Single(row => row.Rho == 0.7).Above, 2), Math.Round(Function("OMNIGLOT", "mu_p(z1|z2)").Single(row => row.Rho == 1).Above, 2)));
        // "removes 74 % in z1, as it would of any linear function, and 79 to 82 % in z2", "1.8 to 7.6 times as much as that of models trained at rho 1", and the table of variances.
        double[] Removed(int layer) => [.. _cells.Keys.Select(name => Math.Round(1 - (Curve(name, "variance", layer, 0.4, "median") / Curve(name, "unsmoothedVariance", layer, 0.4, "median")), 2))];
        Assert.Equal([0.74, 0.74, 0.74], Removed(1));
        Assert.Equal((0.79, 0.82), (Removed(2).Min(), Removed(2).Max()));
        static double Kept((double Rho, double Even, double Above, double Left, double Variance) row) => row.Variance * (row.Rho == 1 ? 1 : row.Left + ((1 - row.Left) / 8));
        var varies = _cells.Keys.ToDictionary(name => name, name => new[] { 0.4, 0.7, 1 }.Select(rho => Function(name, "mu_p(z1|z2)").Single(row => row.Rho == rho)).ToArray());
        StudyPage.AssertHas(_cells.Keys.Select(name => $"| {name} | " + string.Join(" | ", varies[name].Select(Kept).Concat(varies[name][..2].Select(row => row.Variance)).Select(variance => variance.ToString("0.0", CultureInfo.InvariantCulture))) + " |"));
        Assert.Equal((1.8, 7.6), (Math.Round(varies.Values.Min(rows => rows[0].Variance / rows[2].Variance), 1), Math.Round(varies.Values.Max(rows => rows[0].Variance / rows[2].Variance), 1)));
        // "14 %; at 0.8 it is 26 %, and 14 % after exact smoothing", "more curved at rho 0.8 to 0.94 than without smoothing (by more than two standard errors; at 0.7 and 0.96 by less), and less curved at 0.4 (6 %)", "On Fashion-MNIST it is 6 to 21 %, and 19 % at rho 1", "Eight draws leave 0.41, and would leave 0.69 of a linear one's".
        var below = Function("MNIST", "mu_p(z1|z2)");
        var shares = Rows("MNIST", "mu_p(z1|z2)")
            .Select(row => (Rho: row.GetProperty("rho").GetDouble(), Share: row.GetProperty("raw").GetProperty("shareAboveDegreeOne"))).Select(row => (row.Rho, Value: row.Share.GetProperty("value").GetDouble(), Error: row.Share.GetProperty("standardError").GetDouble())).ToArray();
        Assert.All(shares[..^1], row => Assert.Equal(row.Rho is > 0.75 and < 0.95 or 0.4, Math.Abs(row.Value - shares[^1].Value) > 2 * Math.Sqrt((row.Error * row.Error) + (shares[^1].Error * shares[^1].Error))));
        Assert.All(shares[..^1], row => Assert.Equal(row.Rho > 0.5, row.Value > shares[^1].Value));
        Assert.Equal((0.06, 0.21), Range(Function("Fashion-MNIST", "mu_p(z1|z2)").Select(row => row.Above)));
        Assert.Equal(0.19, Math.Round(Function("Fashion-MNIST", "mu_p(z1|z2)")[^1].Above, 2));
        Assert.Equal(0.41, Math.Round(top.Single(row => row.Rho == 0.8) is var eight ? eight.Left + ((1 - eight.Left) / 8) : 0, 2));
        Assert.Equal((0.14, 0.26), (Math.Round(below.Single(row => row.Rho == 1).Above, 2), Math.Round(below.Single(row => row.Rho == 0.8).Above, 2)));
        Assert.Equal(0.14, Math.Round(Rows("MNIST", "mu_p(z1|z2)").Single(row => row.GetProperty("rho").GetDouble() == 0.8)
            .GetProperty("smoothed").GetProperty("shareAboveDegreeOne").GetProperty("value").GetDouble(), 2));
    }

    private static double Curve(string name, string curve, int layer, double rho, string which) => StudyReport.Value(_cells[name], curve, layer, rho, which);

    private static readonly Lazy<JsonElement> _spectra = new(() =>
    {
        using var spectra = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "harmonics.json")));
        return spectra.RootElement.Clone();
    });

    private static JsonElement[] Rows(string name, string function) => [.. _spectra.Value.GetProperty(name).EnumerateArray().Where(row => row.GetProperty("function").GetString() == function)];

    private static string Name(JsonElement row) => $"{row.GetProperty("function").GetString()!.Replace("|", "\\|", StringComparison.Ordinal)} | {StudyReport.Two(row.GetProperty("rho").GetDouble())}";

    private static double Variance(JsonElement row, string of = "raw") => row.GetProperty(of).GetProperty("variance").GetProperty("value").GetDouble();

    // With eight draws, exactly, and the share above degree 1 that is left then. At rho 1 nothing is smoothed.
    private static string Smoothed(JsonElement row)
    {
        const int Draws = 8;
        var left = Variance(row, "smoothed");
        return $"{Nats(left + ((Variance(row) - left) / Draws))} | {Nats(left)} | {Share(row, "smoothed")}";
    }

    private static string Share(JsonElement row, string of) => Percent(row.GetProperty(of).GetProperty("shareAboveDegreeOne").GetProperty("value").GetDouble());

    private static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);

    private static string Nats(double value) => value.ToString(value < 1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
}
