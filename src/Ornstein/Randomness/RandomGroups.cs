namespace Ornstein.Randomness;

/// <summary>
/// Data in groups of equal size, at random. By place, groups could each hold another class: data that lie sorted are brought into an order that goes round the classes in
/// turn, and every tenth of ten classes is of one class.
/// </summary>
internal static class RandomGroups
{
    /// <summary>The group of every datum, from 0; sizes differ by one at most.</summary>
    /// <param name="key">What they are drawn with.</param>
    /// <param name="count">Number of data.</param>
    /// <param name="groups">Number of groups, at least 1.</param>
    public static int[] Of(RandomKey key, int count, int groups)
    {
        int[] result = [.. Enumerable.Range(0, count).Select(rank => rank % groups)];
        using var order = key.Uniform(1, count);
        Array.Sort(order.data<float>().ToArray(), result);
        return result;
    }
}
