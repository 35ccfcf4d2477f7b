using System.Text;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Experiments.Reports;

/// <summary>One page on two branches: where the collapsed state is left, where there are two states, and the pages of the four stacks.</summary>
internal static class BranchReport
{
    /// <summary>Writes the page.</summary>
    public static void Write(string path, BranchesResult result, Provenance provenance) => AtomicFile.WriteText(path, Html(result, provenance.Command));

    /// <summary>The page.</summary>
    public static string Html(BranchesResult result, string command)
    {
        var page = new StringBuilder();
        string[] lines = [.. BranchWords.StabilityDetails(result), .. BranchWords.Roots(result), .. BranchWords.Hysteresis(result)];
        HtmlReport.AppendHead(page, result.Data, HtmlReport.Sentence(BranchWords.Stability(result)), string.Join(". ", lines.Select(HtmlReport.Sentence)) + ".");
        HtmlReport.AppendImage(page, BranchFigure.Of(result).Png(), "Information of the top layer from both sides, and the growth rate of the collapsed state.", Captions.Branches);
        page.Append("<h2>Numbers</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>ρ</th>");
        page.Append($"<th>I(x; z<sub>{result.Latents.Length}</sub>), begun alive</th><th>begun collapsed</th><th>growth per epoch</th><th>state</th></tr></thead>\n<tbody>\n");
        foreach (var row in BranchTable.Rows(result))
            page.Append($"<tr><th>{HtmlReport.Text(row[0])}</th>{string.Concat(row[1..].Select(cell => $"<td>{HtmlReport.Text(cell)}</td>"))}</tr>\n");
        page.Append("</tbody></table></div>\n<p class=\"note\">Mean ± standard deviation over seeds, nats per datum.</p>\n<h2>The four stacks</h2>\n<ul>\n");
        foreach (var stack in result.Roots.Select(root => root.Folder).Concat(result.Folders)) page.Append($"<li><a href=\"{stack}/report.html\">{stack}</a></li>\n");
        page.Append($"</ul>\n<h2>Do it again</h2>\n<p>This command repeats the run:</p>\n<pre>{HtmlReport.Text(command)}</pre>\n</main>\n</body>\n</html>\n");
        return page.ToString();
    }
}
