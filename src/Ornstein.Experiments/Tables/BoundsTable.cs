using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>The bounds on log p(x) as text, beside the smoothed objective, which is none: a row per rho and remedy.</summary>
internal static class BoundsTable
{
    public static void Write(PhaseResult result, RunSettings settings, TextWriter output)
    {
        var rows = BoundsRow.Of(result, settings);
        if (rows.Count == 0) return;
        string[] joint = ["joint ELBO", $"IW, k={BoundsRow.Draws(result)}"];
        string[] names = RowNames.Head(RhoSummary.HasSeveralRemedies(result));
        Table.Write(output, [.. names, "objective", "|", "ELBO", .. joint, "|", .. joint], rows.Select(row => (string[])
        [
            .. row.Names, Short(row.Objective) + (row.IsNoBound ? " (no bound)" : ""),
            "|", Short(row.Elbo), .. row.Unsmoothed.Select(Short), "|", .. row.Generative.Select(Short),
        ]), names.Length);
        output.WriteLine();
        output.WriteLine($"nats per datum, {BoundsRow.Spreads(result)}");
        ScreenWriter.WriteText(
            output,
            "left: smoothed objective, as trained; no bound where p is smoothed in the coordinates of q's Gaussian, which",
            "depends on x. Middle: lower bounds on log p(x) of the unsmoothed model, from its KLs, from joint samples of all",
            "layers, and importance-weighted (IW) with k of them. Right: of the smoothed generative model, which is sampled");
    }

    private static string Short(string cell) => cell.Replace(" ± ", "±", StringComparison.Ordinal);
}
