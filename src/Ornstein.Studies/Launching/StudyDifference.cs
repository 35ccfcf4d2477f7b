using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Studies.Submissions;

namespace Ornstein.Studies.Launching;

/// <summary>What of a study's file was changed since it was submitted.</summary>
internal static class StudyDifference
{
    /// <summary>The first submitted cell that is no longer in the study, in words; null where all are. More cells are no difference.</summary>
    /// <param name="now">The study as its file is now.</param>
    /// <param name="submittedFile">The file as it was submitted.</param>
    /// <param name="cells">The cells that were submitted.</param>
    public static string? Of(StudyFile now, string submittedFile, IEnumerable<ElementCell> cells)
    {
        var hashes = now.Cells.Select(cell => cell.Hash).ToHashSet(StringComparer.Ordinal);
        if (cells.FirstOrDefault(cell => !hashes.Contains(cell.Hash)) is not { } gone) return null;
        var before = File.Exists(submittedFile)
            ? StudyJson.Parse(File.ReadAllText(submittedFile), now.Path).Cells.FirstOrDefault(cell => cell.Hash == gone.Hash)
            : null;
        var after = now.Experiments.SelectMany(experiment => experiment.Cells).FirstOrDefault(cell => cell.Name == gone.Name);
        if (before is null || after is null) return $"cell {gone.Name} is no longer in it";
        return SettingsDifference.First(before.Settings, after.Settings, mayResolve: false) is { } other
            ? $"cell {gone.Name} was submitted with {other.Option} {other.Before} and has {other.Now} now"
            : $"cell {gone.Name} has other settings";
    }

    /// <summary>Refuses a study that was changed under a submission.</summary>
    public static void Refuse(StudyFile study, Submission submission, SubmissionStore store, IEnumerable<ElementCell> cells)
    {
        if (Of(study, store.StudyFileOf(submission.Number), cells) is not { } difference) return;
        throw UsageError.Because($"{study.Path} changed since submission {submission.Number}: {difference}; change it back, or stop what was submitted "
            + $"with '{Product.Name} study cancel'");
    }
}
