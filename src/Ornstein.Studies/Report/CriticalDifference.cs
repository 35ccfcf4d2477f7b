using System.Globalization;
using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;
using Ornstein.Results;

namespace Ornstein.Studies.Report;

/// <summary>What is known of the difference of two critical rhos.</summary>
internal enum DifferenceVerdict
{
    /// <summary>The interval over seeds, for all comparisons together, leaves out zero.</summary>
    Differs,

    /// <summary>That interval lies within the margin of the study on both sides of zero.</summary>
    Similar,

    /// <summary>Neither, or there is no interval.</summary>
    NotToldApart,

    /// <summary>One of the two cells has no critical rho.</summary>
    CannotSay,
}

/// <summary>The difference of the critical rhos of two cells that differ in one thing, paired by seed.</summary>
/// <param name="First">One cell.</param>
/// <param name="Second">The other.</param>
/// <param name="Axis">What they differ in.</param>
/// <param name="Layer">Which layer: <c>top</c>, or <c>z2</c> and so on, counted from the data.</param>
/// <param name="Parameter">What is followed along rho: information in q's <c>means</c> or <c>widths</c>, or the <c>KL</c> where no information was measured.</param>
/// <param name="Difference">Critical rho of the second minus that of the first, with its interval alone; null where one has none.</param>
/// <param name="Together">The interval for all comparisons of the experiment together (Bonferroni); null where there is none, and of a single comparison.</param>
/// <param name="Verdict">What is known.</param>
/// <param name="Sentence">The same in words.</param>
internal sealed record CriticalDifference(
    string First, string Second, string Axis, string Layer, string Parameter, SeedMean? Difference, SeedMean? Together, DifferenceVerdict Verdict, string Sentence)
{
    private const string Top = "top";

    /// <summary>Whether it is about top layers.</summary>
    [JsonIgnore]
    public bool IsOfTop => Layer == Top;

    /// <summary>Whether it is no larger than the rhos tried lie apart, and so rests on how curves are continued between them.</summary>
    public bool IsCoarse { get; init; }

    /// <summary>Every pair of cells that differ in one part: of their top layers, and of lower ones that fall in both.</summary>
    /// <param name="cells">The cells of an experiment.</param>
    /// <param name="margin">Difference up to which two cells are similar; null: none are called so.</param>
    public static CriticalDifference[] Of(IReadOnlyList<CellNumbers> cells, double? margin = null)
    {
        // One order parameter for all cells: what is judged by two is judged by neither.
        var byInformation = cells.Where(cell => cell.Layers > 1).All(cell => Array.Exists(cell.Codes, code => code.IsMeasured));
        Compared[] all =
        [
            .. from i in Enumerable.Range(0, cells.Count)
               from j in Enumerable.Range(i + 1, cells.Count - i - 1)
               let axis = OnlyDifference(cells[i], cells[j])
               where axis is not null
               from compared in Layers(cells[i], cells[j], axis, byInformation)
               select compared,
        ];
        var comparisons = all.Count(compared => compared.Mean is { Low: not null });
        return [.. all.Select(compared => Judge(compared, comparisons, margin))];
    }

    private static string? OnlyDifference(CellNumbers first, CellNumbers second)
    {
        if (!first.Parts.Keys.Order(StringComparer.Ordinal).SequenceEqual(second.Parts.Keys.Order(StringComparer.Ordinal))) return null;
        string[] different = [.. first.Parts.Where(part => second.Parts[part.Key] != part.Value).Select(part => part.Key)];
        return different is [var only] ? StudyFile.Singular(only) : null;
    }

    private static IEnumerable<Compared> Layers(CellNumbers first, CellNumbers second, string axis, bool byInformation)
    {
        Located[] ones = Located.Of(first, byInformation), others = Located.Of(second, byInformation);
        foreach (var parameter in ones.Select(one => one.Parameter).Distinct(StringComparer.Ordinal))
        {
            Located[] own = [.. ones.Where(one => one.Parameter == parameter)], theirs = [.. others.Where(other => other.Parameter == parameter)];
            yield return new(first, own[^1], second, theirs[^1], axis, Top);
            if (first.Layers != second.Layers) continue;
            foreach (var (one, other) in own[..^1].Zip(theirs[..^1]))
            {
                if (one.Reason is null && other.Reason is null) yield return new(first, one, second, other, axis, $"z{one.Layer}");
            }
        }
    }

    private static CriticalDifference Judge(Compared compared, int comparisons, double? margin)
    {
        var (first, one, second, other, axis, layer) = compared;
        CriticalDifference Is(SeedMean? difference, SeedMean? together, DifferenceVerdict verdict, string sentence) =>
            new(first.Cell, second.Cell, axis, layer, one.Parameter, difference, together, verdict, sentence);
        var name = layer == Top ? "top layer" : layer;
        foreach (var (cell, fall) in new[] { (first, one), (second, other) })
        {
            if (fall.Reason is { } reason) return Is(null, null, DifferenceVerdict.CannotSay, $"{cell.Cell} has no critical rho of its {name}: {reason}");
        }

        if (compared.Mean is not { } mean) return Is(null, null, DifferenceVerdict.CannotSay, $"{first.Cell} and {second.Cell} have no seed in common");
        var text = $"{Signed(mean.Mean)} from {first.Cell} to {second.Cell}";
        if (mean.Low is not { } low || mean.High is not { } high)
            return Is(mean, null, DifferenceVerdict.NotToldApart, $"not told apart: one seed in common gives no interval ({text})");
        text += $" (95 % interval {Signed(low)} to {Signed(high)}, {mean.Seeds} seeds";
        var together = comparisons > 1 ? Widened(mean, low, high, comparisons) : null;
        if (together is not null) text += $"; for all {comparisons} comparisons together {Signed(together.Low!.Value)} to {Signed(together.High!.Value)}";
        text += ")";
        (low, high) = together is null ? (low, high) : (together.Low!.Value, together.High!.Value);
        var apart = Math.Max(one.Apart, other.Apart);
        if (margin is { } within && low >= -within && high <= within)
        {
            // How the curve is continued between two rhos is no evidence of what lies between them.
            return apart <= within ? Is(mean, together, DifferenceVerdict.Similar, $"similar, within {Plain(within)}: {text}")
                : Is(mean, together, DifferenceVerdict.NotToldApart, $"not told apart: {text}; the rhos tried lie {Plain(apart)} apart there, too far to call the two similar within {Plain(within)}");
        }

        if (low <= 0 && high >= 0) return Is(mean, together, DifferenceVerdict.NotToldApart, $"not told apart: {text}");
        var isCoarse = Math.Abs(mean.Mean) <= apart + 1e-9;
        return Is(mean, together, DifferenceVerdict.Differs, $"differs: {text}{(isCoarse ? $"; no more than the rhos tried lie apart there ({Plain(apart)})" : "")}") with { IsCoarse = isCoarse };
    }

    // Bonferroni: each interval so wide that all of them hold their differences together in 95 of 100 studies. By Student's quantiles, since that far out
    // a bootstrap of few seeds knows nothing.
    private static SeedMean Widened(SeedMean mean, double low, double high, int comparisons)
    {
        double Quantile(double tail) => StudentT.InvCDF(0, 1, mean.Seeds - 1, 1 - tail);
        var factor = Quantile(0.025 / comparisons) / Quantile(0.025);
        return mean with { Low = mean.Mean - (factor * (mean.Mean - low)), High = mean.Mean + (factor * (high - mean.Mean)) };
    }

    private static string Plain(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    // A layer of two cells. Differences of the same seed are independent of each other, also where the two cells share their noise.
    private sealed record Compared(CellNumbers First, Located One, CellNumbers Second, Located Other, string Axis, string Layer)
    {
        public SeedMean? Mean { get; } = One.Reason is not null || Other.Reason is not null ? null : CellReader.MeanOf(
            [.. One.BySeed.Where(seed => Other.BySeed.ContainsKey(seed.Key)).Select(seed => Other.BySeed[seed.Key] - seed.Value)]);
    }

    // Where an order parameter of a layer ends, with every seed; or why that is not known.
    private sealed record Located(int Layer, string Parameter, IReadOnlyDictionary<long, double> BySeed, double Apart, string? Reason)
    {
        public static Located[] Of(CellNumbers cell, bool byInformation) => byInformation
            ? cell.Codes.Length == 0 ? [None(cell, "means"), None(cell, "widths")] : [.. cell.Codes.Select(code => new Located(code.Transition.Layer, code.Transition.Part == CodePart.Means ? "means" : "widths", code.BySeed, code.Step ?? 0, Why(code)))]
            : cell.Falls.Length == 0 ? [None(cell, "KL")] : [.. cell.Falls.Select(fall => new Located(fall.Layer, "KL", fall.BySeed, fall.Drop is { } drop ? drop.High - drop.Low : 0, fall.Drop is null ? fall.Reason ?? "it does not fall" : null))];

        private static Located None(CellNumbers cell, string parameter) =>
            new(cell.Layers, parameter, new Dictionary<long, double>(), 0, cell.Layers == 1 ? "it has one layer" : "its models differ in more than rho and seed");

        // A mean of two states is neither.
        private static string? Why(CodeFall code) => code.Transition.Reason
            ?? (code.Transition.Kind == TransitionKind.Bistable ? $"its seeds end in two states between rho {Plain(code.Transition.Low!.Value)} and {Plain(code.Transition.High!.Value)}" : null);
    }
}
