using Ornstein.Experiments.Reports;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Runs;

/// <summary>The report of a run, made of what lies in its folder.</summary>
internal static class RunReport
{
    /// <summary>Where the report lies. It is what a run writes last.</summary>
    public const string FileName = "report.html";

    /// <summary>Where samples of the models lie.</summary>
    public const string Samples = "samples.png";

    /// <summary>Where test images and reconstructions lie.</summary>
    public const string Reconstructions = "reconstructions.png";

    /// <summary>Writes <c>report.html</c> of a finished run from its files.</summary>
    public static void Write(RunFolder folder)
    {
        var content = Of(folder, StoredResult.Read(folder), StoredRun.ShownSettingsOf(folder), SettingsJson.ReadProvenance(folder.Config));
        Write(folder, content with { Samples = Picture(folder.File(Samples)), Reconstructions = Picture(folder.File(Reconstructions)) });
    }

    /// <summary>Writes <c>report.html</c>.</summary>
    public static void Write(RunFolder folder, ReportContent content) => HtmlReport.Write(folder.File(FileName), content);

    /// <summary>What the report shows, without pictures.</summary>
    public static ReportContent Of(RunFolder folder, PhaseResult result, RunSettings settings, Provenance provenance)
    {
        var evaluation = StoredEvaluation.Of(folder, result);
        return new ReportContent
        {
            Result = StoredMeasures.Into(result, evaluation),
            Evaluation = evaluation,
            Settings = settings,
            Command = provenance.Command,
            Provenance = provenance,
            Engine = SettingsJson.ReadFacts(folder.Config).Engine?.ToString(),
            Curves = MetricsLog.Read(folder.Metrics, RunPlan.Members(settings).Count),
        };
    }

    private static byte[]? Picture(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}
