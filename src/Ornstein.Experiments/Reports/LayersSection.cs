using System.Net;
using System.Text;
using Ornstein.Experiments.Tables;
using Ornstein.Results;

namespace Ornstein.Experiments.Reports;

/// <summary>The report's table of layers: everything that is known of each, by the run and by <c>eval</c>.</summary>
internal static class LayersSection
{
    /// <summary>Appends the table; nothing where no model has numbers.</summary>
    public static void Append(StringBuilder page, PhaseResult result, EvaluationResult? evaluation)
    {
        var table = LayerRows.Of(result, evaluation, isNarrow: false);
        if (table.Rows.Length == 0) return;
        string[] names = RhoSummary.HasSeveralRemedies(result) ? ["ρ", "remedy"] : ["ρ"];
        page.Append("<h2>Layers</h2>\n<div class=\"wide\"><table>\n<thead><tr>");
        foreach (var name in (string[])[.. names, "layer", .. table.Head]) page.Append($"<th>{Text(name)}</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>");
            foreach (var name in (string[])[.. row.Names, row.Layer]) page.Append($"<th>{Text(name)}</th>");
            foreach (var cell in row.Cells) page.Append($"<td>{Text(cell)}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
        page.Append($"<p class=\"note\">Nats per datum, {Text(BoundsRow.Spreads(result))}. {(evaluation is null ? Captions.NotEvaluated : Captions.Evaluated)}</p>\n<ul class=\"note\">\n");
        foreach (var (heading, legend) in table.Legends) page.Append($"<li><strong>{Text(heading)}</strong>: {Text(legend)}</li>\n");
        foreach (var line in table.Reasons.Concat(evaluation is null ? [] : LayersTable.Limits(evaluation))) page.Append($"<li>{Text(line)}</li>\n");
        page.Append("</ul>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
