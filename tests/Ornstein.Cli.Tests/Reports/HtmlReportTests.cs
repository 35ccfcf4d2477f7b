using System.Text.RegularExpressions;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Reports;
using Ornstein.Experiments.Settings;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Reports;

public class HtmlReportTests
{
    [Fact]
    public void Html_WholeRun_IsSelfContained()
    {
        string html = Keep("report.html", HtmlReport.Html(Content(Fixtures.Phase())));
        string withoutPictures = Regex.Replace(html, "base64,[^\"]*", "base64,");
        Assert.DoesNotMatch(@"(?i)(src|href|data|action)\s*=\s*[""']?(?!data:image/png;base64,)[^""'\s>]*(/|\.)", withoutPictures);
        Assert.DoesNotMatch(@"(?i)https?://|url\(|@import|<script|<link|<iframe", html);
        Assert.Equal(4, Regex.Count(html, "<img "));
        Assert.All(Regex.Matches(html, "base64,([^\"]*)"), image => Assert.Equal(0x89, Convert.FromBase64String(image.Groups[1].Value)[0]));
    }

    [Fact]
    public void Html_CriticalRho_IsTheHeadline()
    {
        string html = HtmlReport.Html(Content(Fixtures.Phase()));
        Assert.Contains("<h1>The KL of the top layer ends at ρ = 0.764</h1>", html);
        Assert.Contains("class=\"collapsed\">0.004", html);
        Assert.Contains("not</em> a bound", html);
    }

    [Fact]
    public void Html_NoCriticalRho_SaysWhyAndLeavesOutWhatIsAbsent()
    {
        string html = HtmlReport.Html(
            new ReportContent { Result = Fixtures.Phase(critical: false), Settings = RunSettings.ForPhase, Command = "ornstein phase" });
        Assert.Contains("the top layer is active at every rho.", html);
        Assert.DoesNotContain("<h2>Samples</h2>", html);
        Assert.DoesNotContain("<h2>Training</h2>", html);
    }

    [Fact]
    public void Html_OneRho_SaysNothingOfCriticalRhos()
    {
        PhaseResult phase = Fixtures.Phase(critical: false) with { Members = [Fixtures.Member(0.7, 0, 3, 0.2)], Reason = "cannot say: there is one rho" };
        string html = HtmlReport.Html(new ReportContent { Result = phase, Settings = RunSettings.ForTrain, Command = "ornstein train" });
        Assert.Contains("<h1>Trained at ρ = 0.7</h1>", html);
        Assert.Contains("Nats per datum, 1 seed.", html);
        Assert.DoesNotContain("cannot say", html);
        Assert.DoesNotContain("no critical", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Html_TextOfUsers_IsEncoded()
    {
        const string Evil = "<script>alert('&')</script>\"";
        PhaseResult phase = Fixtures.Phase(data: Evil, critical: false) with { Reason = Evil };
        string html =
            HtmlReport.Html(Content(phase) with { Command = Evil, Settings = RunSettings.ForPhase with { Data = Evil, Out = Evil } });
        Assert.DoesNotContain("<script", html);
        Assert.Contains("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;&quot;", html);
    }

    [Fact]
    public void Html_DivergedMembers_AreNamed()
    {
        MemberResult[] members = [Fixtures.Member(0, 0, 3, 1), Fixtures.Diverged(1, 0, 3)];
        PhaseResult phase = Fixtures.Phase() with { Members = members, CriticalRho = null, Reason = "too few" };
        string html = HtmlReport.Html(Content(phase));
        Assert.Contains("rho 1, seed 0: diverged at step 812; left out", html);
        Assert.DoesNotContain("NaN", Regex.Replace(html, "base64,[^\"]*", ""));
    }

    [Fact]
    public void Html_Settings_AreAllThere()
    {
        string html = HtmlReport.Html(Content(Fixtures.Phase()));
        Assert.All(SettingsSchema.Run, setting => Assert.Contains($"<code>{setting.Option}</code>", html));
        Assert.Contains("<pre>ornstein phase --epochs 20</pre>", html);
    }

    [Fact]
    public void Html_Bounds_SayWhichModelTheyBelongToAndWhichNumberIsNone()
    {
        string html = HtmlReport.Html(Content(Fixtures.Phase())).Replace("&#177;", "±", StringComparison.Ordinal);
        Assert.Contains("<h2>Bounds</h2>", html);
        Assert.Contains("colspan=\"3\">unsmoothed model<", html);
        Assert.Contains("importance-weighted, k = 8", html);
        Assert.Contains("<tr><th>0</th><td>-104.3 ± 0.2<br>no bound</td><td>-111.4 ± 0.2</td><td>-110.4 ± 0.2</td><td>-107.3 ± 0.2</td>"
            + "<td>-99.85 ± 0.21</td><td>-96.55 ± 0.21</td></tr>", html);
        Assert.Matches("<tr><th>1</th><td>[^<]*</td>", html);
        Assert.DoesNotMatch("<tr><th>1</th><td>[^<]*<br>no bound", html);
        Assert.Contains("reads the code of the very image", html);
    }

    [Fact]
    public void Html_NoMemberWithBounds_HasNoTableOfThem()
    {
        PhaseResult phase = Fixtures.Phase(critical: false) with { Members = [Fixtures.Diverged(0.5, 0, 3)] };
        Assert.DoesNotContain("<h2>Bounds</h2>", HtmlReport.Html(Content(phase)));
    }

    [Fact]
    public void Html_WithAnEvaluation_HasEveryQuantityOfEveryLayer()
    {
        PhaseResult phase = Fixtures.Phase(seeds: 1);
        string html = HtmlReport.Html(Content(phase) with { Evaluation = Evaluated.Of(phase) });
        foreach (string heading in new[] { "KL", "AU", "I(x; z)", "I, lower", "nll from", "ELBO from", "skip-ELBO", "kNN %", "linear %", "verdict" })
            Assert.Contains($"<th>{heading}</th>", html);
        Assert.Matches("<tr><th>0</th><th>z2</th><td>.*<td>-122.0 ± 1.0</td><td>30.00 ± 2.00</td><td>40.00 ± 2.00</td><td>both</td></tr>", html.Replace("&#177;", "±", StringComparison.Ordinal));
        Assert.Contains("<strong>skip-ELBO</strong>: this layer and those below from q", html);
        Assert.DoesNotContain("skip-ELBO", HtmlReport.Html(Content(phase)));
    }

    [Fact]
    public void Html_MeasuresOfOnesOwn_StandInTheTablesWithWhatTheyAre()
    {
        PhaseResult phase = Fixtures.Phase(seeds: 1);
        phase = phase with { Members = [.. phase.Members.Select(member => member with { Measures = new Dictionary<string, MeasuredQuantity>(StringComparer.Ordinal)
        {
            ["a"] = new() { Heading = "<b>a", Legend = "of models", Unit = "", IsPerLayer = false, IsBestLow = false, Values = [new(4.5, 0.1)] },
            ["b"] = new() { Heading = "b", Legend = "of layers", Unit = "nats", IsPerLayer = true, IsBestLow = false, Values = [new(1, 0.1), new(2, 0.2), new(3, 0.3)] },
            ["c"] = new() { Heading = "c", Legend = "of none", Unit = "nats", IsPerLayer = true, IsBestLow = false, Reason = "it needs four layers" },
        } })] };
        string html = HtmlReport.Html(Content(phase)).Replace("&#177;", "±", StringComparison.Ordinal);
        Assert.Contains("<th>&lt;b&gt;a</th>", html);
        Assert.Contains("<td>4.500</td></tr>", html);
        Assert.Matches("<th>z2</th><td>.*<td>2.000 ± 0.200</td></tr>", html);
        Assert.Contains("<strong>b</strong>: of layers", html);
        Assert.Contains("no c: it needs four layers", html);
    }

    private static ReportContent Content(PhaseResult result) => new()
    {
        Result = result,
        Settings = RunSettings.ForPhase,
        Command = "ornstein phase --epochs 20",
        Provenance = Provenance.Of("ornstein phase --epochs 20", DateTimeOffset.UnixEpoch),
        Curves = Fixtures.Curves(result),
        Samples = ImageGrid.Png(Fixtures.Images(36), 3, 12, 28, 28, ["ρ = 0", "ρ = 0.5", "ρ = 1"]),
        Reconstructions = ImageGrid.Png(Fixtures.Images(24), 2, 12, 28, 28, ["image", "model"]),
    };

    private static string Keep(string name, string content)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures")).FullName;
        File.WriteAllText(Path.Combine(folder, name), content);
        return content;
    }
}
