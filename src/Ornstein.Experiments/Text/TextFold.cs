namespace Ornstein.Experiments.Text;

/// <summary>Lines that a screen has room for.</summary>
internal static class TextFold
{
    /// <summary>Folds a line at its blanks. A word that is longer than the room stays whole, such as a path that somebody copies.</summary>
    /// <param name="line">The line.</param>
    /// <param name="width">Letters of a line.</param>
    /// <param name="indent">Blanks before every line but the first.</param>
    public static IEnumerable<string> Lines(string line, int width, int indent = 0)
    {
        var (rest, before) = (line, "");
        while (before.Length + rest.Length > width)
        {
            // Blanks that the line begins with are no place to fold it.
            var start = rest.Length - rest.TrimStart().Length;
            var room = Math.Max(1, width - before.Length);
            var at = rest.LastIndexOf(' ', Math.Min(room, rest.Length - 1));
            if (at < start) at = rest.IndexOf(' ', start);
            if (at < 0 || rest[at..].Trim().Length == 0) break;
            yield return before + rest[..at].TrimEnd();
            (rest, before) = (rest[at..].TrimStart(), new string(' ', indent));
        }

        yield return before + rest;
    }
}
