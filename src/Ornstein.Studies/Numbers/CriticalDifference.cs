using System.Globalization;
using System.Text.Json.Serialization;
using Ornstein.Results;

namespace Ornstein.Studies.Numbers;

/// <summary>What is known of the difference of two critical rhos.</summary>
internal enum DifferenceVerdict
{
    /// <summary>They are not similar, and the interval over seeds, for all pairs together, leaves out zero.</summary>
    Differs,

    /// <summary>
    /// The interval of 90 % of this pair alone, widened by what the rhos tried leave open, lies within the margin of the study on both sides of zero: two one-sided tests at 5 %
    /// (D. J. Schuirmann 1987). That all pairs of a claim pass needs no correction.
    /// </summary>
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
/// <param name="Together">The interval for all pairs of cells together (Bonferroni), of this layer and parameter; null where there is none, and of a single pair.</param>
/// <param name="Outer">The same, whatever the curves do between the rhos tried: from the least that the rhos around each seed's two transitions allow to the most; null where there is none.</param>
/// <param name="Verdict">What is known.</param>
/// <param name="Sentence">The same in words.</param>
internal sealed record CriticalDifference(
    string First, string Second, string Axis, string Layer, string Parameter, SeedMean? Difference, SeedMean? Together, OuterInterval? Outer, DifferenceVerdict Verdict,
    string Sentence)
{
    /// <summary>What <see cref="Layer"/> calls the top layer.</summary>
    public const string Top = "top";

    private const double TwoSided = 0.025, OneSided = 0.05; // left out on each side
    private const double Rounding = 1e-9; // of rhos that are written with few decimals

    /// <summary>Whether it is about a layer: <see cref="Top"/> or <c>z3</c>. A top layer has both names where it is the same one of both cells.</summary>
    public bool Is(string layer) => Layer == layer || (Layer == Top && TopName == layer);

    /// <summary>What the top layer of both is called; null where they differ in it.</summary>
    [JsonIgnore]
    public string? TopName { get; init; }

    /// <summary>Whether it is called different and may yet be none: it rests on how curves are continued between the rhos tried.</summary>
    public bool IsCoarse { get; init; }

    /// <summary>Every pair of cells that differ in one part: of their top layers, and of lower ones that both have.</summary>
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
               let axis = StudyCell.AxisBetween(cells[i].Parts, cells[j].Parts)
               where axis is not null
               from compared in Layers(cells[i], cells[j], StudyFile.Singular(axis), byInformation)
               select compared,
        ];
        // Pairs that the experiment has, whatever came out: a family that depended on that would be chosen by it.
        var comparisons = all.Select(compared => (compared.First.Cell, compared.Second.Cell)).Distinct().Count();
        return [.. all.Select(compared => Judge(compared, comparisons, margin))];
    }

    private static IEnumerable<Compared> Layers(CellNumbers first, CellNumbers second, string axis, bool byInformation)
    {
        Located[] ones = Located.Of(first, byInformation), others = Located.Of(second, byInformation);
        foreach (var parameter in ones.Select(one => one.Parameter).Distinct(StringComparer.Ordinal))
        {
            Located[] own = [.. ones.Where(one => one.Parameter == parameter)], theirs = [.. others.Where(other => other.Parameter == parameter)];
            yield return new(first, own[^1], second, theirs[^1], axis, Top);
            var isSameTop = first.Layers == second.Layers;
            foreach (var (one, other) in own.Zip(theirs))
            {
                if (!(isSameTop && one.Layer == first.Layers)) yield return new(first, one, second, other, axis, $"z{one.Layer}");
            }
        }
    }

    private static CriticalDifference Judge(Compared compared, int comparisons, double? margin)
    {
        var (first, one, second, other, axis, layer) = compared;
        CriticalDifference Is(DifferenceVerdict verdict, string sentence) => new(
            first.Cell, second.Cell, axis, layer, one.Parameter, compared.Difference(), comparisons > 1 && compared.Seeds.Length > 1 ? compared.Difference(comparisons) : null,
            compared.Outer(comparisons), verdict, sentence)
        {
            TopName = layer == Top && first.Layers == second.Layers ? $"z{first.Layers}" : null,
        };
        var name = layer == Top ? "top layer" : layer;
        foreach (var (cell, fall) in new[] { (first, one), (second, other) })
        {
            if (fall.Reason is { } reason) return Is(DifferenceVerdict.CannotSay, $"{cell.Cell} has no critical rho of its {name}: {reason}");
        }

        // Where no seed has a transition, their spread is none that was seen.
        if (compared.BothEnds is { } ends) return Is(DifferenceVerdict.CannotSay, $"in {first.Cell} and {second.Cell} the {name} tells at {ends} rho tried, with every seed");
        if (compared.Difference() is not { } mean) return Is(DifferenceVerdict.CannotSay, $"{first.Cell} and {second.Cell} have no seed in common");
        var text = $"{Signed(mean.Mean)} from {first.Cell} to {second.Cell}";
        if (compared.Difference(comparisons) is not { Low: { } low, High: { } high } || compared.Outer(comparisons) is not { } outer)
            return Is(DifferenceVerdict.NotToldApart, $"not told apart: one seed in common gives no interval ({text})");
        bool IsWithin(double from, double to) => margin is { } within && from >= -within - Rounding && to <= within + Rounding;
        text += $" (95 % interval {Signed(mean.Low!.Value)} to {Signed(mean.High!.Value)}, {mean.Seeds} seeds"
            + (comparisons > 1 ? $"; for all {comparisons} pairs together {Signed(low)} to {Signed(high)}" : "")
            + $"; whatever lies between the rhos tried, {Signed(outer.Low)} to {Signed(outer.High)})";
        if (compared.Difference(1, OneSided) is { Low: { } least, High: { } most } && IsWithin(least, most) && compared.Outer(1, OneSided) is { } around)
        {
            if (IsWithin(around.Low, around.High)) return Is(DifferenceVerdict.Similar, $"similar, within {Plain(margin!.Value)}: {text}");
            if (IsWithin(low, high))
                return Is(DifferenceVerdict.NotToldApart, $"not told apart: {text}; the rhos tried lie too far apart to call the two similar within {Plain(margin!.Value)}");
        }

        if (compared.IsWithoutSpread && !SignTest.Shows(mean.Seeds, mean.Seeds, comparisons)) return Is(DifferenceVerdict.NotToldApart, $"not told apart: too few seeds, {text}");
        if (low <= 0 && high >= 0) return Is(DifferenceVerdict.NotToldApart, $"not told apart: {text}");
        var isCoarse = outer.Low <= Rounding && outer.High >= -Rounding;
        return Is(DifferenceVerdict.Differs, $"differs: {text}{(isCoarse ? "; the rhos tried lie too far apart to be sure" : "")}") with { IsCoarse = isCoarse };
    }

    private static string Plain(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    // A layer of two cells. Differences of the same seed are independent of each other, also where the two cells share their noise.
    private sealed record Compared(CellNumbers First, Located One, CellNumbers Second, Located Other, string Axis, string Layer)
    {
        // Seeds that have a transition in both.
        public (SeedRho One, SeedRho Other)[] Seeds { get; } = One.Reason is not null || Other.Reason is not null ? []
            : [.. One.BySeed.Where(seed => Other.BySeed.ContainsKey(seed.Key)).Select(seed => (seed.Value, Other.BySeed[seed.Key]))];

        // The end of the rhos at which both cells are with every seed; null where one has a transition, or they are at different ends.
        public string? BothEnds => Seeds.Length > 0 && Seeds.Select(seed => seed.One.Beyond).Concat(Seeds.Select(seed => seed.Other.Beyond)).Distinct().ToArray() is [{ } end] ? end : null;

        // Whether every seed of both cells lies at an end of the rhos: Student's interval then has no width, whatever the truth.
        public bool IsWithoutSpread => Seeds.All(seed => seed.One.Beyond is not null && seed.Other.Beyond is not null);

        public SeedMean? Difference(int comparisons = 1, double tail = TwoSided) => SeedMean.Of([.. Seeds.Select(seed => seed.Other.Rho - seed.One.Rho)], comparisons, tail);

        public OuterInterval? Outer(int comparisons, double tail = TwoSided) => SeedMean.Of([.. Seeds.Select(seed => seed.Other.Low - seed.One.High)], comparisons, tail)?.Low is { } low
            && SeedMean.Of([.. Seeds.Select(seed => seed.Other.High - seed.One.Low)], comparisons, tail)?.High is { } high ? new(low, high) : null;
    }

    // Where an order parameter of a layer ends, with every seed; or why that is not known.
    private sealed record Located(int Layer, string Parameter, IReadOnlyDictionary<long, SeedRho> BySeed, string? Reason)
    {
        public static Located[] Of(CellNumbers cell, bool byInformation)
        {
            if (!byInformation)
            {
                return cell.Falls.Length == 0 ? [None(cell, "KL")]
                    : [.. cell.Falls.Select(fall => new Located(fall.Layer, "KL", fall.BySeed, fall.Drop is null ? fall.Reason ?? "it does not fall" : null))];
            }

            return cell.Codes.Length == 0 ? [None(cell, "means"), None(cell, "widths")]
                : [.. cell.Codes.Select(code => new Located(code.Transition.Layer, code.Transition.Part == CodePart.Means ? "means" : "widths", code.BySeed, Why(code)))];
        }

        private static Located None(CellNumbers cell, string parameter) =>
            new(cell.Layers, parameter, new Dictionary<long, SeedRho>(), cell.Layers == 1 ? "it has one layer" : "its models differ in more than rho and seed");

        // Seeds that end in two states have a rho each all the same.
        private static string? Why(CodeFall code) => code.BySeed.Count > 0 ? null : code.Transition.Reason ?? "no seed has one";
    }
}

/// <summary>An interval that holds whatever lies between the rhos tried.</summary>
internal sealed record OuterInterval(double Low, double High);
