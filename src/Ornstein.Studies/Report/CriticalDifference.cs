using System.Globalization;

namespace Ornstein.Studies.Report;

/// <summary>What is known of the difference of two critical rhos.</summary>
internal enum DifferenceVerdict
{
    /// <summary>The interval over seeds leaves out zero.</summary>
    Differs,

    /// <summary>The interval holds zero, or there is none.</summary>
    NotToldApart,

    /// <summary>One of the two cells has no critical rho.</summary>
    CannotSay,
}

/// <summary>The difference of the critical rhos of two cells that differ in one thing, paired by seed.</summary>
/// <param name="First">One cell.</param>
/// <param name="Second">The other.</param>
/// <param name="Axis">What they differ in.</param>
/// <param name="Layer">Which layer: <c>top</c>, or <c>z2</c> and so on, counted from the data.</param>
/// <param name="Difference">Critical rho of the second minus that of the first; null where one has none.</param>
/// <param name="Verdict">What is known.</param>
/// <param name="Sentence">The same in words.</param>
internal sealed record CriticalDifference(
    string First, string Second, string Axis, string Layer, SeedMean? Difference, DifferenceVerdict Verdict, string Sentence)
{
    /// <summary>Every pair of cells that differ in one part: of their top layers, and of lower ones that fall in both.</summary>
    public static CriticalDifference[] Of(IReadOnlyList<CellNumbers> cells) =>
    [
        .. from i in Enumerable.Range(0, cells.Count)
           from j in Enumerable.Range(i + 1, cells.Count - i - 1)
           let axis = OnlyDifference(cells[i], cells[j])
           where axis is not null
           from difference in Layers(cells[i], cells[j], axis)
           select difference,
    ];

    private static string? OnlyDifference(CellNumbers first, CellNumbers second)
    {
        if (!first.Parts.Keys.Order(StringComparer.Ordinal).SequenceEqual(second.Parts.Keys.Order(StringComparer.Ordinal))) return null;
        string[] different = [.. first.Parts.Where(part => second.Parts[part.Key] != part.Value).Select(part => part.Key)];
        return different is [var only] ? StudyFile.Singular(only) : null;
    }

    private static IEnumerable<CriticalDifference> Layers(CellNumbers first, CellNumbers second, string axis)
    {
        if (first.Falls.Length == 0 || second.Falls.Length == 0) yield break;
        yield return Between(first, first.Falls[^1], second, second.Falls[^1], axis, "top");
        if (first.Layers != second.Layers) yield break;
        foreach (var (one, other) in first.Falls[..^1].Zip(second.Falls[..^1]))
        {
            if (one.Drop is not null && other.Drop is not null) yield return Between(first, one, second, other, axis, $"z{one.Layer}");
        }
    }

    private static CriticalDifference Between(CellNumbers first, LayerFall one, CellNumbers second, LayerFall other, string axis, string layer)
    {
        CriticalDifference Is(SeedMean? difference, DifferenceVerdict verdict, string sentence) =>
            new(first.Cell, second.Cell, axis, layer, difference, verdict, sentence);
        var name = layer == "top" ? "top layer" : layer;
        foreach (var (cell, fall) in new[] { (first, one), (second, other) })
        {
            if (fall.Drop is null) return Is(null, DifferenceVerdict.CannotSay, $"{cell.Cell} has no critical rho of its {name}: {fall.Reason}");
        }

        // Differences of the same seed are independent of each other, also where the two cells share their noise.
        double[] differences = [.. one.BySeed.Where(seed => other.BySeed.ContainsKey(seed.Key)).Select(seed => other.BySeed[seed.Key] - seed.Value)];
        if (CellReader.MeanOf(differences) is not { } mean)
            return Is(null, DifferenceVerdict.CannotSay, $"{first.Cell} and {second.Cell} have no seed in common");
        var text = $"{Signed(mean.Mean)} from {first.Cell} to {second.Cell}";
        if (mean.Low is not { } low || mean.High is not { } high)
            return Is(mean, DifferenceVerdict.NotToldApart, $"not told apart: one seed in common gives no interval ({text})");
        text += $" (95 % interval {Signed(low)} to {Signed(high)}, {mean.Seeds} seeds)";
        if (low <= 0 && high >= 0) return Is(mean, DifferenceVerdict.NotToldApart, $"not told apart: {text}");
        var apart = Math.Max(one.Drop!.High - one.Drop.Low, other.Drop!.High - other.Drop.Low);
        var coarse = Math.Abs(mean.Mean) < apart ? $"; less than the rhos tried lie apart there ({apart.ToString("0.###", CultureInfo.InvariantCulture)})" : "";
        return Is(mean, DifferenceVerdict.Differs, $"differs: {text}{coarse}");
    }

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
