using System.Text.RegularExpressions;
using Ornstein.Experiments.Settings;

namespace Ornstein.Studies;

/// <summary>A question and the cells that answer it.</summary>
/// <param name="Name">Its key in the study file.</param>
/// <param name="Question">The question, in words; may be empty.</param>
/// <param name="Cells">The product of its lists, without cells whose settings another has already.</param>
internal sealed record StudyExperiment(string Name, string Question, IReadOnlyList<StudyCell> Cells)
{
    /// <summary>What it is to show, each with the rule by which that is judged.</summary>
    public IReadOnlyList<StudyClaim> Claims { get; init; } = [];
}

/// <summary>Experiments that share settings and cells.</summary>
/// <param name="Path">The file, as it was given.</param>
/// <param name="Name">Its name.</param>
/// <param name="Experiments">In the order of the file.</param>
internal sealed partial record StudyFile(string Path, string Name, IReadOnlyList<StudyExperiment> Experiments)
{
    /// <summary>
    /// What cells can differ in, each a section of the file with named settings. The order is that of a cell's name and that in which settings
    /// are laid over each other.
    /// </summary>
    public static IReadOnlyList<string> Axes { get; } = ["data", "models", "smoothing", "remedies"];

    /// <summary>Difference of critical rhos up to which two cells count as similar, written down before the runs; null: no cells are called similar.</summary>
    public double? Margin { get; init; }

    /// <summary>Every run of the study, once, in the order in which they are done.</summary>
    public IReadOnlyList<StudyCell> Cells { get; } = [.. Experiments.SelectMany(experiment => experiment.Cells).DistinctBy(cell => cell.Hash)];

    /// <summary>What the axis of a section is called where two cells are compared.</summary>
    public static string Singular(string axis) => axis switch
    {
        "models" => "model",
        "remedies" => "remedy",
        _ => axis,
    };

    /// <summary>The runs that a pattern names: an experiment, or cells by their name, with <c>*</c> for any letters.</summary>
    /// <param name="pattern">The pattern; null for all.</param>
    public IReadOnlyList<StudyCell> Matching(string? pattern)
    {
        if (pattern is null) return Cells;
        var pieces = pattern.Split('*');
        var hashes = Experiments.SelectMany(experiment => experiment.Cells
                .Where(cell => experiment.Name == pattern || Fits(pieces, cell.Name) || Fits(pieces, cell.Id)))
            .Select(cell => cell.Hash).ToHashSet(StringComparer.Ordinal);
        if (hashes.Count > 0) return [.. Cells.Where(cell => hashes.Contains(cell.Hash))];
        var names = Experiments.Select(experiment => experiment.Name).Concat(Cells.Select(cell => cell.Name)).ToArray();
        throw UsageError.Because(
            $"--only {pattern} names no experiment and no cell of {Path}{Suggestions.DidYouMean(pattern, names)}; "
            + $"experiments are {string.Join(", ", Experiments.Select(experiment => experiment.Name))}, and a cell is for example {Cells[0].Name}");
    }

    // Whether a name is the pieces with any letters between them; the first place that a piece has leaves most room for the next.
    private static bool Fits(string[] pieces, string name)
    {
        if (pieces is [var only]) return name == only;
        var (first, last) = (pieces[0], pieces[^1]);
        if (name.Length < first.Length + last.Length || !name.StartsWith(first, StringComparison.Ordinal) || !name.EndsWith(last, StringComparison.Ordinal)) return false;
        var (at, end) = (first.Length, name.Length - last.Length);
        foreach (var piece in pieces[1..^1])
        {
            var place = name.IndexOf(piece, at, end - at, StringComparison.Ordinal);
            if (place < 0) return false;
            at = place + piece.Length;
        }

        return true;
    }

    /// <summary>Whether a name can be part of a folder's name everywhere.</summary>
    internal static bool IsName(string name) => EntryName().IsMatch(name);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._+=-]{0,59}$", RegexOptions.None, Timeout.Infinite)] // by the clock, a process that is suspended here would fail
    private static partial Regex EntryName();
}
