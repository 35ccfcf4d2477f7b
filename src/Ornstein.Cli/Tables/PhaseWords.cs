using System.Globalization;
using Ornstein.Results;

namespace Ornstein.Cli.Tables;

/// <summary>Sentences about a result that the table and the report share.</summary>
internal static class PhaseWords
{
    /// <summary>Where the top layer collapses, or why that is not known.</summary>
    public static string Critical(PhaseResult result) => result.CriticalRho is { } critical
        ? $"critical rho {Number(critical.Estimate)} (between {Number(critical.Low)} and {Number(critical.High)}): "
            + $"the top layer's KL falls from {Nats(critical.TopLayerKlBelow)} to {Nats(critical.TopLayerKlAbove)} nats"
        : $"no critical rho ({result.Reason ?? "the run gave none"})";

    /// <summary>A sentence per member that diverged.</summary>
    public static IEnumerable<string> Diverged(PhaseResult result) =>
        result.Members.Where(m => !RhoSummary.IsFinished(m))
            .Select(m => $"rho {RhoSummary.LabelOf(m)}, seed {m.Seed.ToString(CultureInfo.InvariantCulture)}: {m.Status}; left out");

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    public static string Nats(double value) => value.ToString(Math.Abs(value) < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The largest number of seeds that a rho has.</summary>
    public static int Seeds(PhaseResult result) => result.Members.Select(m => m.Seed).Distinct().Count();

    public static string SeedsText(PhaseResult result) => Seeds(result) == 1 ? "1 seed" : $"{Seeds(result)} seeds";
}
