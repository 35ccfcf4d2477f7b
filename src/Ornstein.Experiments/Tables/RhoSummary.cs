using System.Globalization;
using System.Runtime.InteropServices;
using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>Mean and spread (sample standard deviation; NaN for fewer than two values) of one number over seeds.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Spread(double Mean, double Deviation, double Least, double Greatest)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0) return new Spread(double.NaN, double.NaN, double.NaN, double.NaN);
        double mean = finite.Average();
        double deviation = finite.Length < 2 ? double.NaN : Math.Sqrt(finite.Sum(v => (v - mean) * (v - mean)) / (finite.Length - 1));
        return new Spread(mean, deviation, finite.Min(), finite.Max());
    }

    /// <summary><c>18.24 ± 0.11</c>; the value alone where one seed gives no spread.</summary>
    public override string ToString()
    {
        if (double.IsNaN(Mean)) return "-";
        string format = Math.Abs(Mean) switch { >= 100 => "F1", >= 10 => "F2", _ => "F3" };
        return TableNumber.Text(Mean, format) + (double.IsNaN(Deviation) ? "" : $" ± {TableNumber.Text(Deviation, format)}");
    }
}

/// <summary>The members that share rho and remedy, taken together. Members that diverged are left out of every number.</summary>
internal sealed record RhoSummary
{
    /// <summary>How the rho is written: <c>0.5</c>, or <c>0.5:0.8</c> where links differ.</summary>
    public required string Label { get; init; }

    /// <summary>What fights collapse beside smoothing; null for nothing.</summary>
    public required string? Remedy { get; init; }

    /// <summary>Whether other rows of the result have another remedy.</summary>
    public required bool IsOneOfSeveralRemedies { get; init; }

    /// <summary>The top link's rho.</summary>
    public required double Rho { get; init; }

    public required IReadOnlyList<MemberResult> Members { get; init; }

    public IReadOnlyList<MemberResult> Finished => [.. Members.Where(IsFinished)];

    public Spread Objective => Over(m => m.SmoothedObjective);

    public Spread Elbo => Over(m => m.Elbo);

    public Spread Kl(int layer) => Of(KnownQuantities.Kl, layer);

    /// <summary>Any quantity of a layer, from 0, or of the models as a whole; a share in percent.</summary>
    public Spread Of(Quantity quantity, int layer = 0) => Over(m => quantity.Scale * quantity.Of(new ModelNumbers(m), layer).Value);

    /// <summary>A quantity of a layer as tables have it: mean and spread over seeds, or <see cref="Range"/>.</summary>
    public string Text(Quantity quantity, int layer) => Range(quantity, layer) ?? Of(quantity, layer).ToString();

    /// <summary>The range in which a quantity lies where measuring it has a large error; null elsewhere.</summary>
    public string? Range(Quantity quantity, int layer) => quantity.Range(Finished.Select(member => quantity.Of(new ModelNumbers(member), layer)));

    /// <summary>The means of a quantity at every layer, in one text.</summary>
    public string Joined(Quantity quantity, string separator) => Finished.Count == 0 ? "-" : string.Join(separator, Finished[0].Kl.Select((_, layer) =>
        Of(quantity, layer).Mean is var mean && double.IsFinite(mean) ? PhaseWords.Number(Math.Round(mean, 1)) : "-"));

    /// <summary>How a layer is alive: one word, or how many seeds have which; a dash where no member has a verdict.</summary>
    public string Verdict(int layer)
    {
        var groups = Finished.Where(m => m.Verdicts is not null).CountBy(m => m.Verdicts![layer]).OrderByDescending(pair => pair.Value).ToArray();
        return groups.Length switch
        {
            0 => "-",
            1 => groups[0].Key.Word(),
            _ => string.Join(", ", groups.Select(pair => $"{pair.Value.ToString(CultureInfo.InvariantCulture)} {pair.Key.Word()}")),
        };
    }

    /// <summary>The cells that name the row: its rho, and its remedy where there are several.</summary>
    public string[] Names => RowNames.Cells(IsOneOfSeveralRemedies, Label, Remedy);

    /// <summary>The same as one text.</summary>
    public string Name => RowNames.Text(IsOneOfSeveralRemedies, Label, Remedy);

    /// <summary>A summary per rho and remedy, in the order of the result.</summary>
    public static IReadOnlyList<RhoSummary> Of(PhaseResult result)
    {
        bool several = HasSeveralRemedies(result);
        return
        [
            .. result.Members.GroupBy(member => (Rho: LabelOf(member), member.Remedy)).Select(group => new RhoSummary
            {
                Label = group.Key.Rho,
                Remedy = group.Key.Remedy,
                IsOneOfSeveralRemedies = several,
                Rho = group.First().Rho,
                Members = [.. group],
            }),
        ];
    }

    /// <summary>Whether the members differ in their remedies.</summary>
    public static bool HasSeveralRemedies(PhaseResult result) => RowNames.HasSeveral(result.Members.Select(member => member.Remedy));

    public static string LabelOf(MemberResult member) =>
        member.RhoPerLink is { } links ? string.Join(':', links.Select(Number)) : Number(member.Rho);

    public static bool IsFinished(MemberResult member) => string.Equals(member.Status, "ok", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private Spread Over(Func<MemberResult, double> number) => Spread.Of(Finished.Select(number));
}
