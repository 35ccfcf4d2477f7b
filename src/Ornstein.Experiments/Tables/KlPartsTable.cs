using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>The parts of the KL of every layer below the top as text: a row per rho, remedy and layer; nothing where no model has them.</summary>
internal static class KlPartsTable
{
    public static void Write(PhaseResult result, TextWriter output)
    {
        if (result.Members.All(member => member.KlParts is null)) return;
        string[][] rows =
        [
            .. RhoSummary.Of(result).SelectMany(row => Enumerable.Range(0, result.Latents.Length - 1).Select(layer => (string[])
            [
                .. row.Names,
                $"z{layer + 1}",
                Over(row, m => m.KlParts?[layer].Scale),
                Over(row, m => m.KlParts?[layer].Bias),
                Over(row, m => m.KlParts?[layer].Variance),
                Over(row, m => m.UnsmoothedKlParts?[layer].Variance),
            ])),
        ];
        if (rows.Length == 0) return;
        string[] names = RowNames.Head(RhoSummary.HasSeveralRemedies(result));
        Table.Write(output, [.. names, "KL of", "scale", "bias", "variance", "variance unsmoothed"], rows, names.Length + 1);
        output.WriteLine();
        ScreenWriter.WriteText(
            output,
            "KL = scale + bias + variance, nats per datum: what p's widths, its mean, and the variance of its mean over",
            "the layer above cost; standard errors over data in the JSON");
        output.WriteLine();
    }

    private static string Over(RhoSummary row, Func<MemberResult, double?> part) =>
        Spread.Of(row.Finished.Select(member => part(member) ?? double.NaN)).ToString().Replace(" ± ", "±");
}
