using Ornstein.Experiments.Text;
using Ornstein.Harmonics;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>The harmonics of a run as text: a table per function, a row per rho and remedy.</summary>
internal static class SpectrumTable
{
    private const int ShownDegrees = 3;

    public static void Write(SpectrumResult result, TextWriter output)
    {
        var several = RowNames.HasSeveral(result);
        foreach (var function in result.Rhos.GroupBy(entry => entry.Function))
        {
            var first = function.First();
            output.WriteLine($"{function.Key}: {first.Units} units to {first.Outputs} outputs");
            var degrees = Math.Min(ShownDegrees, first.Raw.Energies.Length);
            string[] head = ["variance", .. Enumerable.Range(1, degrees).Select(k => $"W{k}"), "above 1"];
            Table.Write(output, [.. RowNames.Head(several), .. head, "|", .. head], function.Select(entry => Row(entry, several, degrees)), RowNames.Head(several).Length);
            foreach (var entry in function.Where(entry => entry.Reason is not null))
            {
                output.WriteLine($"rho {RowNames.Text(several, RowNames.Label(entry), entry.Remedy)}: {entry.Reason}");
            }

            output.WriteLine();
        }

        ScreenWriter.WriteText(
            output,
            "left: the network; right: as smoothed, degree-k energy times rho^(2k); W_k: energy of degree k,",
            "in the layer's own coordinates; above 1: share of the variance above degree 1, with its standard error");
        var seeds = result.Members.SelectMany(member => member.Seeds).Distinct().Count();
        output.WriteLine(
            $"mean over {(seeds == 1 ? "1 seed" : $"{seeds} seeds")}, on {PhaseWords.Count(result.MeasuredOn)} held-out data of {PrintableText.Of(result.Data)}, "
            + $"{result.Evaluations} evaluations each");
    }

    private static string[] Row(SpectrumEntry entry, bool several, int degrees) =>
        [.. RowNames.Cells(several, RowNames.Label(entry), entry.Remedy), .. Cells(entry.Raw, degrees), "|", .. Cells(entry.Smoothed, degrees)];

    private static IEnumerable<string> Cells(SpectrumEnergies? energies, int degrees)
    {
        if (energies is null) return Enumerable.Repeat("-", degrees + 2);
        return [Short(energies.Variance.Value), .. energies.Energies.Take(degrees).Select(energy => Short(energy.Value)), Share(energies.ShareAboveDegreeOne)];
    }

    private static string Share(Estimate share)
    {
        if (!double.IsFinite(share.Value)) return "-";
        var error = double.IsFinite(share.StandardError) ? TableNumber.Text(100 * share.StandardError, "0.0") : "-";
        return $"{TableNumber.Text(100 * share.Value, "0.0")}±{error}%";
    }

    private static string Short(double value) => !double.IsFinite(value) ? "-" : value == 0 ? "0" : Math.Abs(value) switch
    {
        >= 100 => TableNumber.Text(value, "0"),
        >= 0.001 => TableNumber.Text(value, Math.Abs(value) >= 10 ? "0.0" : "0.000"),
        _ => TableNumber.Text(value, "0.0e-0"),
    };
}
