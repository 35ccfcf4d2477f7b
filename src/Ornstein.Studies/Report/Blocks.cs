using System.Net;
using System.Text;
using Ornstein.Experiments.Reports;

namespace Ornstein.Studies.Report;

/// <summary>A piece of a report, as HTML and as Markdown.</summary>
internal interface IBlock
{
    string Html();

    string Markdown();
}

/// <summary>A heading.</summary>
/// <param name="Level">2 or 3.</param>
internal sealed record Heading(int Level, string Text) : IBlock
{
    public string Html() => $"<h{Level}>{WebUtility.HtmlEncode(Text)}</h{Level}>\n";

    public string Markdown() => $"{new string('#', Level)} {Text}\n\n";
}

/// <summary>A paragraph.</summary>
/// <param name="IsNote">Whether it is small print.</param>
internal sealed record Paragraph(string Text, bool IsNote = false) : IBlock
{
    public string Html() => $"<p{(IsNote ? " class=\"note\"" : "")}>{WebUtility.HtmlEncode(Text)}</p>\n";

    public string Markdown() => Text + "\n\n";
}

/// <summary>A list.</summary>
internal sealed record Items(IReadOnlyList<string> Texts) : IBlock
{
    public string Html() => $"<ul>\n{string.Concat(Texts.Select(text => $"<li>{WebUtility.HtmlEncode(text)}</li>\n"))}</ul>\n";

    public string Markdown() => string.Concat(Texts.Select(text => $"- {text}\n")) + "\n";
}

/// <summary>A table; its first column names the rows.</summary>
/// <param name="IsText">Whether its cells are sentences, which fold, and not numbers.</param>
internal sealed record Rows(string[] Head, IReadOnlyList<string[]> Body, bool IsText = false) : IBlock
{
    public string Html()
    {
        var page = new StringBuilder($"<div class=\"wide\"><table{(IsText ? " class=\"plain\"" : "")}>\n<thead><tr>");
        foreach (var title in Head) page.Append($"<th>{WebUtility.HtmlEncode(title)}</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in Body)
        {
            page.Append($"<tr><th>{WebUtility.HtmlEncode(row[0])}</th>");
            foreach (var cell in row[1..]) page.Append($"<td>{WebUtility.HtmlEncode(cell)}</td>");
            page.Append("</tr>\n");
        }

        return page.Append("</tbody></table></div>\n").ToString();
    }

    public string Markdown()
    {
        static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
        return Line(Head) + Line(Head.Select(_ => "---")) + string.Concat(Body.Select(Line)) + "\n";
    }
}

/// <summary>A figure: within the page in HTML, a file in Markdown.</summary>
/// <param name="File">Path below the study folder without extension, with <c>/</c>.</param>
/// <param name="Png">As PNG.</param>
/// <param name="Svg">As SVG.</param>
/// <param name="Caption">What it shows.</param>
internal sealed record Picture(string File, byte[] Png, string Svg, string Caption) : IBlock
{
    public string Html() =>
        $"<figure><img alt=\"{WebUtility.HtmlEncode(Caption)}\" src=\"data:image/png;base64,{Convert.ToBase64String(Png)}\">"
        + $"<figcaption>{WebUtility.HtmlEncode(Caption)}</figcaption></figure>\n";

    public string Markdown() => $"![{Caption}]({File}.png)\n\n{Caption}\n\n";
}

/// <summary>The command that repeats what stands above it.</summary>
internal sealed record Repeat(string Command) : IBlock
{
    public string Html() => $"<p class=\"note\">Again: <code>{WebUtility.HtmlEncode(Command)}</code></p>\n";

    public string Markdown() => $"Again: `{Command}`\n\n";
}

/// <summary>Blocks as documents.</summary>
internal static class Documents
{
    /// <summary>A page that holds all it shows.</summary>
    public static string Html(string kicker, string title, IEnumerable<IBlock> blocks) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{WebUtility.HtmlEncode(title)} - Ornstein</title>
        <style>
        {HtmlReport.Style}
        </style>
        </head>
        <body>
        <main>
        <header>
        <p class="kicker">{WebUtility.HtmlEncode(kicker)}</p>
        <h1>{WebUtility.HtmlEncode(title)}</h1>
        </header>
        {string.Concat(blocks.Select(block => block.Html()))}</main>
        </body>
        </html>

        """;

    public static string Markdown(string title, IEnumerable<IBlock> blocks) =>
        $"# {title}\n\n{string.Concat(blocks.Select(block => block.Markdown()))}".TrimEnd() + "\n";
}
