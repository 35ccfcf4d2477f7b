using System.Net;
using System.Text;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;

namespace Ornstein.Experiments.Reports;

/// <summary>The report's table of bounds: which number bounds the likelihood of which model.</summary>
internal static class BoundsSection
{
    /// <summary>Appends the table; nothing where no member has bounds.</summary>
    public static void Append(StringBuilder page, PhaseResult result, RunSettings settings)
    {
        var rows = BoundsRow.Of(result, settings);
        if (rows.Count == 0) return;
        string[] names = RhoSummary.HasSeveralRemedies(result) ? ["ρ", "remedy"] : ["ρ"];
        var joint = $"<th>joint-sample ELBO</th><th>importance-weighted, k = {BoundsRow.Draws(result)}</th>";
        page.Append($"""
            <h2>Bounds</h2>
            <div class="wide"><table>
            <thead>
            <tr><th colspan="{names.Length}"></th><th>as trained</th><th colspan="3">unsmoothed model</th><th colspan="2">smoothed generative model</th></tr>
            <tr>{string.Concat(names.Select(name => $"<th>{name}</th>"))}<th>smoothed objective</th><th>ELBO</th>{joint}{joint}</tr>
            </thead>
            <tbody>

            """);
        foreach (var row in rows)
        {
            page.Append("<tr>");
            foreach (var name in row.Names) page.Append($"<th>{Text(name)}</th>");
            page.Append($"<td>{Text(row.Objective)}{(row.IsNoBound ? "<br>no bound" : "")}</td>");
            foreach (var cell in (string[])[row.Elbo, .. row.Unsmoothed, .. row.Generative]) page.Append($"<td>{Text(cell)}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
        page.Append($"<p class=\"note\">Nats per datum, {Text(BoundsRow.Spreads(result))}. {Captions.Bounds}</p>\n");
        if (rows.Any(row => row.IsNoBound)) page.Append($"<p class=\"note\">{Captions.NoBound}</p>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
