using System.Globalization;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>Sentences about a result that the table and the report share.</summary>
internal static class PhaseWords
{
    private const int ShownUnits = 4, ShownStates = 3;
    private const double WidestUnit = 0.2; // in rho: a unit that is placed no better is not worth a line

    /// <summary>Where the top layer collapses, or why that is not known.</summary>
    public static string Critical(PhaseResult result) => result.CriticalRho is { } critical
        ? $"critical rho {Number(critical.Estimate)} (between {Number(critical.Low)} and {Number(critical.High)}): "
            + $"the top layer's KL falls from {Nats(critical.TopLayerKlBelow)} to {Nats(critical.TopLayerKlAbove)} nats"
        : $"no critical rho ({result.Reason ?? "the run gave none"})";

    /// <summary>What else is known of the drops: the top layer's interval and sharpness, the layers below it, and the units.</summary>
    public static IEnumerable<string> Details(PhaseResult result)
    {
        if (result.Layers is not { Length: > 0 } layers) yield break;
        if (layers[^1].Drop is { } top)
        {
            yield return top.ConfidenceLow is { } low && top.ConfidenceHigh is { } high
                ? $"95% interval over {top.Seeds} seeds (bootstrap): {Number(low)} to {Number(high)}; the rhos tried leave "
                    + $"{Number(top.Low)} to {Number(top.High)}"
                : $"one seed gives no confidence interval; the rhos tried leave {Number(top.Low)} to {Number(top.High)}";
            yield return $"sharpness: {Nats(top.Sharpness)} nats per unit of rho, or steeper than the rhos tried can show";
            if (top.ActiveFrom is { } from) yield return $"below rho {Number(from)} the top layer is collapsed as well";
        }

        foreach (LayerCollapse layer in layers[..^1])
        {
            yield return layer.Drop is { } drop
                ? $"z{layer.Layer}: critical rho {Number(drop.Estimate)} (between {Number(drop.Low)} and {Number(drop.High)})"
                : $"z{layer.Layer}: {layer.Reason}";
        }

        foreach (LayerCollapse layer in layers.Where(layer => layer.Units is not null))
        {
            UnitDrop[] units = [.. layer.Units!.OfType<UnitDrop>().Where(unit => unit.High - unit.Low <= WidestUnit)];
            if (units.Length == 0) continue;
            IEnumerable<string> shown = units.Take(ShownUnits).Select(unit => $"{Number(unit.Estimate)} ({Number(unit.Low)} to {Number(unit.High)})");
            yield return $"units of z{layer.Layer} fall at rho {string.Join(", ", shown)}{(units.Length > ShownUnits ? ", and so on" : "")}";
        }
    }

    /// <summary>In which part of q the top layer tells of the data, up to which rho; null where no model has a measured information.</summary>
    public static string? TopCode(PhaseResult result)
    {
        if (result.Codes is not { Length: > 0 } codes || !AsksForCritical(result)) return null;
        var (means, widths) = (codes[^2], codes[^1]);
        // Not seen is not the same as not there.
        bool IsSurelyNothing(CodeTransition code) => !code.IsEverAlive && code.Reason?.StartsWith("no transition", StringComparison.Ordinal) == true;
        if (!means.IsEverAlive && !widths.IsEverAlive)
            return IsSurelyNothing(means) && IsSurelyNothing(widths) ? "the top layer tells nothing of the data at any rho tried" : null;
        string? inMeans = UpTo(means), inWidths = UpTo(widths);
        if (inMeans is null) return $"the top layer tells of the data in its widths {inWidths}{(IsSurelyNothing(means) ? ", and at no rho tried in its means" : "; of its means one cannot say")}";
        if (inWidths is null || End(widths) <= End(means)) return $"the top layer tells of the data in its means {inMeans}";
        return $"the top layer tells of the data in its means {inMeans}, and {inWidths} in its widths only";
    }

    /// <summary>A line for each part of each layer from the second: where it begins, and how.</summary>
    public static IEnumerable<string> Codes(PhaseResult result) => (result.Codes ?? []).Select(code =>
        code.Reason ?? $"z{code.Layer} {(code.Part == CodePart.Means ? "in means" : "in widths")}: {Place(code)}");

    /// <summary>Where a part begins, and how; or why that is not known.</summary>
    public static string Place(CodeTransition code)
    {
        if (code.Reason is { } reason) return reason;
        string place = $"up to rho {Number(code.Estimate ?? code.High!.Value)} (between {Number(code.Low!.Value)} and {Number(code.High!.Value)})";
        return code.Kind switch
        {
            TransitionKind.Continuous => $"{place}, continuously",
            TransitionKind.Jump => $"{place}, at once",
            TransitionKind.Steep => $"{place}, at once or steeper than the rhos tried can show",
            _ => $"two states between rho {Number(code.Low!.Value)} and {Number(code.High!.Value)}: "
                + string.Join(", ", code.States.Where(state => state.Rho > code.Low && state.Alive > 0 && state.Alive < state.Seeds).Take(ShownStates).Select(state => $"{state.Alive} of {state.Seeds} seeds at {Number(state.Rho)}")),
        };
    }

    private static double End(CodeTransition code) => code.Estimate ?? code.High ?? code.States.Where(state => state.Alive > 0).Select(state => state.Rho).DefaultIfEmpty(-1).Max();

    // Null where no seed does at any rho.
    private static string? UpTo(CodeTransition code) => !code.IsEverAlive ? null
        : code.Kind == TransitionKind.Bistable ? $"up to rho {Number(code.Low!.Value)} to {Number(code.High!.Value)}, by the seed,"
        : $"up to rho {Number(End(code))}";

    /// <summary>A sentence per member that diverged.</summary>
    public static IEnumerable<string> Diverged(PhaseResult result) =>
        result.Members.Where(m => !RhoSummary.IsFinished(m))
            .Select(m => (Name: RowNames.Text(RhoSummary.HasSeveralRemedies(result), RhoSummary.LabelOf(m), m.Remedy), Member: m))
            .Select(m => $"rho {m.Name}, seed {m.Member.Seed.ToString(CultureInfo.InvariantCulture)}: {m.Member.Status}; left out");

    /// <summary>Says below a table that it was measured on other data than the run's; nothing where it was not.</summary>
    public static void WriteOtherData(string? difference, TextWriter output)
    {
        if (difference is not null) output.WriteLine($"MEASURED ON OTHER DATA: {difference}");
    }

    public static string Number(double value) => TableNumber.Text(value, "0.###");

    public static string Nats(double value) => TableNumber.Text(value, Math.Abs(value) < 10 ? "0.000" : "0.0");

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The largest number of seeds that a rho has.</summary>
    public static int Seeds(PhaseResult result) => result.Members.Select(m => m.Seed).Distinct().Count();

    public static string SeedsText(PhaseResult result) => Seeds(result) == 1 ? "1 seed" : $"{Seeds(result)} seeds";

    /// <summary>What the numbers of a row are over the seeds.</summary>
    public static string Spreads(PhaseResult result) =>
        Seeds(result) == 1 ? SeedsText(result) : $"mean ± standard deviation over {SeedsText(result)}";

    /// <summary>Whether a critical rho was asked for: models of a single rho cannot have one, and were not trained to find one.</summary>
    public static bool AsksForCritical(PhaseResult result) =>
        result.CriticalRho is not null || result.Members.Select(RhoSummary.LabelOf).Distinct(StringComparer.Ordinal).Count() > 1;
}
