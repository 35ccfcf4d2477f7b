using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Experiments.Reports;

/// <summary>One page that explains a run to somebody who has not seen one: it holds all it shows, and opens without a network.</summary>
internal static partial class HtmlReport
{
    /// <summary>The style sheet that reports share.</summary>
    public static string Style { get; } = ReadStyle();

    /// <summary>Writes the page.</summary>
    public static void Write(string path, ReportContent content) => AtomicFile.WriteText(path, Html(content));

    /// <summary>The page.</summary>
    public static string Html(ReportContent content)
    {
        PhaseResult result = content.Result;
        var page = new StringBuilder();
        AppendHead(page, result.Data, Headline(result), Lead(result));
        AppendWarnings(page, result);
        AppendFacts(page, result, content.Engine);
        string caption = RemedyFigure.IsFor(result) ? Captions.Remedies : Captions.Phase;
        string found = PhaseWords.AsksForCritical(result) ? $" {PhaseWords.Critical(result)}." : "";
        AppendImage(page, PhaseFigure.Png(result), $"KL of every layer against rho.{found}", caption);
        AppendCodes(page, result);
        page.Append(Captions.Meaning);
        AppendDrops(page, result);
        AppendTable(page, result);
        LayersSection.Append(page, result, content.Evaluation);
        BoundsSection.Append(page, result, content.Settings);
        if (content.Samples is { } samples) AppendPictures(page, "Samples", samples, Captions.Samples);
        if (content.Reconstructions is { } pairs) AppendPictures(page, "Reconstructions", pairs, Captions.Reconstructions);
        if (content.Curves.Count > 0)
        {
            page.Append("<h2>Training</h2>\n");
            byte[] curves = CurvesFigure.Png(result, content.Curves);
            AppendImage(page, curves, "Smoothed objective on held-out training data, by epoch, a line per rho.", Captions.Curves);
        }

        AppendOrigin(page, content);
        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>Begins a page: style, headline and what it says in a sentence or two.</summary>
    internal static void AppendHead(StringBuilder page, string data, string headline, string lead) => page.Append($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Text(headline)} - Ornstein</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        <main>
        <header>
        <p class="kicker">Ornstein run on <strong>{Text(data)}</strong></p>
        <h1>{Text(headline)}</h1>
        <p class="lead">{Text(lead)}</p>
        </header>

        """);

    private static string Headline(PhaseResult result) => PhaseWords.TopCode(result) is { } code ? Sentence(code)
        : result.CriticalRho is { } critical ? $"The KL of the top layer ends at ρ = {PhaseWords.Number(critical.Estimate)}"
        : RhoSummary.HasSeveralRemedies(result) ? "Remedies side by side"
        : PhaseWords.AsksForCritical(result) ? "No critical ρ in this run"
        : $"Trained at ρ = {string.Join(", ", RhoSummary.Of(result).Select(row => row.Label))}";

    internal static string Sentence(string words) => RhoBefore().Replace(char.ToUpperInvariant(words[0]) + words[1..], " ρ = ").Replace(" rho ", " ρ ", StringComparison.Ordinal);

    // "at rho 0.9", but "at any rho tried".
    [GeneratedRegex(@" rho (?=\d)", RegexOptions.None, Timeout.Infinite)] // by the clock, a process that is suspended here would fail
    private static partial Regex RhoBefore();

    private static string Lead(PhaseResult result) => result.CriticalRho is { } critical
        ? $"Its KL ends at ρ = {PhaseWords.Number(critical.Estimate)}: between {PhaseWords.Number(critical.Low)} and {PhaseWords.Number(critical.High)} it falls from "
            + $"{PhaseWords.Nats(critical.TopLayerKlBelow)} to {PhaseWords.Nats(critical.TopLayerKlAbove)} nats, and a layer can tell no more of the data than its KL."
        : PhaseWords.AsksForCritical(result) ? (result.Reason ?? "The run gave none") + "."
        : "One value of ρ was trained; what it came to is measured below.";

    private static void AppendCodes(StringBuilder page, PhaseResult result)
    {
        if (!CodeFigure.IsFor(result)) return;
        AppendImage(page, CodeFigure.Of(result).Png(), "Information of every layer from the second against rho, in its means and in its widths.", Captions.Codes);
        page.Append("<ul>\n");
        foreach (string code in PhaseWords.Codes(result)) page.Append($"<li>{Text(code)}</li>\n");
        page.Append("</ul>\n");
    }

    private static void AppendWarnings(StringBuilder page, PhaseResult result)
    {
        if (result.Warnings is not { Length: > 0 } warnings) return;
        page.Append("<h2>What may mislead</h2>\n<ul>\n");
        foreach (string warning in warnings) page.Append($"<li>{Text(warning)}</li>\n");
        page.Append("</ul>\n");
    }

    private static void AppendFacts(StringBuilder page, PhaseResult result, string? engine)
    {
        int remedies = result.Members.Select(member => member.Remedy).Distinct(StringComparer.Ordinal).Count();
        (string Name, string Value)[] facts =
        [
            ("models", PhaseWords.Count(result.Members.Length)),
            ("latent layers", string.Join(" - ", result.Latents)),
            .. remedies > 1 ? [("remedies", PhaseWords.Count(remedies))] : Array.Empty<(string, string)>(),
            ("seeds per ρ", PhaseWords.Count(PhaseWords.Seeds(result))),
            ("epochs", PhaseWords.Count(result.Epochs)),
            ("steps", PhaseWords.Count(result.Steps)),
            ("measured on", PhaseWords.Count(result.EvaluatedOn) + " held-out data"),
            .. engine is null ? Array.Empty<(string, string)>() : [("engine", engine)],
        ];
        page.Append("<dl class=\"facts\">\n");
        foreach ((string name, string value) in facts) page.Append($"<div><dt>{Text(name)}</dt><dd>{Text(value)}</dd></div>\n");
        page.Append("</dl>\n");
    }

    private static void AppendDrops(StringBuilder page, PhaseResult result)
    {
        string[] details = [.. PhaseWords.Details(result)];
        if (details.Length == 0 || !PhaseWords.AsksForCritical(result)) return;
        page.Append($"<h2>Where layers collapse</h2>\n<p>Top layer: {Text(PhaseWords.Critical(result))}.</p>\n<ul>\n");
        foreach (string detail in details) page.Append($"<li>{Text(detail)}</li>\n");
        page.Append("</ul>\n");
    }

    private static void AppendTable(StringBuilder page, PhaseResult result)
    {
        int layers = result.Latents.Length;
        page.Append("<h2>Numbers</h2>\n<div class=\"wide\"><table>\n");
        string remedy = RhoSummary.HasSeveralRemedies(result) ? "<th>remedy</th>" : "";
        page.Append($"<thead><tr><th>ρ</th>{remedy}");
        IReadOnlyList<Quantity> summary = KnownQuantities.SummaryOf(result);
        foreach (Quantity quantity in summary)
        {
            string heading = Text(quantity.LongHeading ?? quantity.Title);
            if (!quantity.IsPerLayer) page.Append($"<th>{heading}</th>");
            else if (quantity.IsJoined) page.Append($"<th>{heading}<br>of {string.Join(", ", result.Latents)}</th>");
            else page.Append(string.Concat(Enumerable.Range(1, layers).Select(layer => $"<th>{heading} z<sub>{layer}</sub></th>")));
        }

        bool hasVerdicts = result.Members.Any(member => member.Verdicts is not null);
        if (hasVerdicts) page.Append($"<th>I(x; z<sub>{layers}</sub>)</th><th>in means</th><th>in widths</th><th>verdict z<sub>{layers}</sub></th>");
        Quantity[] own = [.. KnownQuantities.OwnOf(result).Where(quantity => !quantity.IsPerLayer)];
        foreach (Quantity quantity in own) page.Append($"<th>{Text(quantity.Title)}</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (RhoSummary row in RhoSummary.Of(result))
        {
            page.Append("<tr>");
            foreach (string name in row.Names) page.Append($"<th>{Text(name)}</th>");
            foreach (Quantity quantity in summary)
            {
                if (!quantity.IsPerLayer) page.Append($"<td>{Text(row.Of(quantity).ToString())}</td>");
                else if (quantity.IsJoined) page.Append($"<td>{row.Joined(quantity, ", ")}</td>");
                else
                {
                    for (int i = 0; i < layers; i++)
                    {
                        Spread spread = row.Of(quantity, i);
                        bool isCollapsed = quantity == KnownQuantities.Kl && spread.Mean < result.CollapseThreshold;
                        page.Append($"<td{(isCollapsed ? " class=\"collapsed\"" : "")}>{Text(spread.ToString())}</td>");
                    }
                }
            }

            if (hasVerdicts)
            {
                foreach (Quantity part in new[] { KnownQuantities.Information, KnownQuantities.MeanInformation, KnownQuantities.WidthInformation })
                    page.Append($"<td>{Text(row.Text(part, layers - 1))}</td>");
                page.Append($"<td>{Text(row.Verdict(layers - 1))}</td>");
            }

            foreach (Quantity quantity in own) page.Append($"<td>{Text(row.Of(quantity).ToString())}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
        page.Append($"<p class=\"note\">Nats per datum, {Text(PhaseWords.Spreads(result))}. ");
        page.Append($"{Captions.Table}</p>\n");
        foreach (Quantity quantity in own) page.Append($"<p class=\"note\"><strong>{Text(quantity.Title)}</strong>: {Text(quantity.Explanation)}.</p>\n");
        foreach (string reason in own.SelectMany(quantity => quantity.Reasons(result))) page.Append($"<p class=\"note\">{Text(reason)}</p>\n");
        string[] diverged = [.. PhaseWords.Diverged(result)];
        if (diverged.Length == 0) return;
        page.Append("<p class=\"note\">Models that diverged:</p>\n<ul class=\"note\">\n");
        foreach (string member in diverged) page.Append($"<li>{Text(member)}</li>\n");
        page.Append("</ul>\n");
    }

    private static void AppendOrigin(StringBuilder page, ReportContent content)
    {
        page.Append($"<h2>Do it again</h2>\n<p>This command repeats the run:</p>\n<pre>{Text(content.Command)}</pre>\n");
        page.Append("<details><summary>All settings</summary>\n<div class=\"wide\"><table class=\"plain\"><tbody>\n");
        foreach (Setting setting in SettingsSchema.Run)
        {
            string value = SettingText.Format(setting.Property.GetValue(content.Settings));
            page.Append(
                $"<tr><th><code>{Text(setting.Option)}</code></th><td>{Text(value)}</td><td>{Text(setting.Declaration.Help)}</td></tr>\n");
        }

        page.Append("</tbody></table></div></details>\n");
        if (content.Provenance is not { } from) return;
        (string Name, string? Value)[] rows =
        [
            ("started", from.StartedAt.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)),
            ("ornstein", from.Ornstein),
            ("commit", from.Commit),
            ("TorchSharp", from.TorchSharp),
            (".NET", from.Dotnet),
            ("system", from.System),
            ("processors", from.Processors.ToString(CultureInfo.InvariantCulture)),
        ];
        page.Append("<details><summary>Where it ran</summary>\n<div class=\"wide\"><table class=\"plain\"><tbody>\n");
        foreach ((string name, string? value) in rows.Where(r => r.Value is not null))
        {
            page.Append($"<tr><th>{Text(name)}</th><td>{Text(value!)}</td></tr>\n");
        }
        page.Append("</tbody></table></div></details>\n");
    }

    private static void AppendPictures(StringBuilder page, string title, byte[] png, string caption)
    {
        page.Append($"<h2>{Text(title)}</h2>\n");
        AppendImage(page, png, title, caption);
    }

    internal static void AppendImage(StringBuilder page, byte[] png, string alternative, string caption) =>
        page.Append($"<figure><img alt=\"{Text(alternative)}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">")
            .Append($"<figcaption>{caption}</figcaption></figure>\n");

    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string ReadStyle()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("The resource report.css is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
