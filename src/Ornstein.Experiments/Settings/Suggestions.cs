namespace Ornstein.Experiments.Settings;

/// <summary>Finds the name that somebody who mistyped most likely meant.</summary>
internal static class Suggestions
{
    /// <summary><c>; did you mean 'x'?</c>, or nothing when no candidate is near.</summary>
    public static string DidYouMean(string word, IEnumerable<string> candidates) =>
        Nearest(word, candidates) is { } name ? $"; did you mean '{name}'?" : "";

    // No name is half as long, and what is longer means none of them.
    private const int LongestWord = 100;

    /// <summary>The nearest candidate, or null when more than a third of the letters (at least 2) would have to change.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length > LongestWord) return null;
        (string Name, int Distance)[] ranked = [.. candidates
            .Select(name => (name, Distance(word.ToLowerInvariant(), name.ToLowerInvariant())))
            .OrderBy(pair => pair.Item2).ThenBy(pair => Math.Abs(pair.name.Length - word.Length))];
        if (ranked.Length == 0) return null;
        (string nearest, int distance) = ranked[0];
        if (distance <= Math.Max(2, nearest.Length / 3) && distance < nearest.TrimStart('-').Length) return nearest;
        string stem = word.TrimStart('-');
        return stem.Length < 3
            ? null
            : Array.Find(ranked, pair => pair.Name.TrimStart('-').StartsWith(stem, StringComparison.OrdinalIgnoreCase)).Name;
    }

    /// <summary>Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.</summary>
    public static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
