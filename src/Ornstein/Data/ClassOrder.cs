using Ornstein.Randomness;

namespace Ornstein.Data;

/// <summary>
/// The order of data that lie sorted by class: a fixed shuffle in which every stretch from either end holds a share of every class, so that a
/// limit or a validation part that is cut off there does too.
/// </summary>
internal static class ClassOrder
{
    private static readonly RandomKey _key = RandomKey.FromSeed(0).At("class order");

    /// <summary>The rows in their new order. Of n_c rows of a class, any first m of all n hold m n_c / n, to within 2.</summary>
    /// <param name="count">Number n of rows.</param>
    /// <param name="labels">Class of every row; null for a plain shuffle.</param>
    public static int[] Of(int count, int[]? labels)
    {
        var place = new double[count];
        foreach (var rows in Enumerable.Range(0, count).GroupBy(row => labels?[row] ?? 0))
        {
            int[] members = [.. rows];
            var shuffled = new int[members.Length];
            _key.At(rows.Key).FillPermutation(shuffled);
            // Classes begin at different places of their spacing, evenly spread (golden ratio): first rows do not all come first.
            var offset = (rows.Key + 1) * 0.6180339887498949 % 1;
            for (var i = 0; i < members.Length; i++) place[members[shuffled[i]]] = (i + offset) / members.Length;
        }

        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort(place, order);
        return order;
    }

    /// <summary>
    /// Whether labels come class by class, so that one end lacks the classes of the other: in order, or changing from row to row less than half as often as
    /// shuffled ones do, which is n - sum of n_c^2 / n times on average.
    /// </summary>
    public static bool IsSorted(int[] labels)
    {
        if (labels.Length < 2 || labels.Distinct().Count() < 2) return false;
        var pairs = labels.Zip(labels.Skip(1)).ToArray();
        if (Array.TrueForAll(pairs, pair => pair.First <= pair.Second) || Array.TrueForAll(pairs, pair => pair.First >= pair.Second)) return true;
        var shuffled = labels.Length - labels.CountBy(label => label).Sum(pair => (double)pair.Value * pair.Value / labels.Length);
        return pairs.Count(pair => pair.First != pair.Second) < shuffled / 2;
    }

    /// <summary>A part in its new order.</summary>
    public static DataSplit Mix(DataSplit part)
    {
        var order = Of(part.Count, part.Labels);
        var labels = part.Labels is { } old ? Array.ConvertAll(order, row => old[row]) : null;
        return part.Bytes is { } bytes
            ? DataSplit.FromBytes(Rows(bytes, part.Features, order), part.Features, labels)
            : DataSplit.FromReals(Rows(part.Reals!, part.Features, order), part.Features, labels);
    }

    private static T[] Rows<T>(T[] values, int features, int[] order)
    {
        var result = new T[values.Length];
        for (var i = 0; i < order.Length; i++) values.AsSpan(order[i] * features, features).CopyTo(result.AsSpan(i * features));
        return result;
    }
}
