using Ornstein.Experiments.Settings;
using Ornstein.Runs;

namespace Ornstein.Studies;

/// <summary>
/// Cells that name the same data, cut and binarized alike, must have had the same: where a folder's content changed between two of them their numbers
/// do not compare.
/// </summary>
internal static class StudyData
{
    private static readonly Setting[] _settings = [.. SettingsSchema.Run.Where(setting => setting.Declaration.Group == SettingGroup.Data)];

    /// <summary>Refuses data that differ from those of cells that are done.</summary>
    /// <param name="study">The study.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="cell">The cell that is about to be trained.</param>
    /// <param name="found">Its data.</param>
    /// <exception cref="OrnsteinException">Names the other cell and both data.</exception>
    public static void RequireSame(StudyFile study, StudyFolder folder, StudyCell cell, RunFingerprint found)
    {
        foreach (var other in study.Cells.Where(other => other.Hash != cell.Hash && Key(other) == Key(cell)))
        {
            if (Of(folder.Of(other))?.DifferenceTo(found) is { } difference) throw Changed(cell, other, difference);
        }
    }

    /// <summary>Refuses results of different data under the same name, for a report.</summary>
    /// <exception cref="OrnsteinException">Names two cells and the data of both.</exception>
    public static void RequireSame(StudyFile study, StudyFolder folder)
    {
        foreach (var alike in study.Cells.Select(cell => (Cell: cell, Data: Of(folder.Of(cell)))).Where(entry => entry.Data is not null).GroupBy(entry => Key(entry.Cell)))
        {
            var first = alike.First();
            foreach (var other in alike.Skip(1))
            {
                if (first.Data!.DifferenceTo(other.Data!) is { } difference) throw Changed(other.Cell, first.Cell, difference);
            }
        }
    }

    private static string Key(StudyCell cell) => string.Join('\n', _settings.Select(setting => SettingText.Format(setting.Property.GetValue(cell.Settings))));

    private static RunFingerprint? Of(RunFolder folder) => File.Exists(folder.Phase) && File.Exists(folder.Config) ? SettingsJson.ReadFacts(folder.Config).Fingerprint : null;

    private static OrnsteinException Changed(StudyCell cell, StudyCell other, string difference) => new(
        $"cell {cell.Id} has other data than cell {other.Id}, which names the same '{cell.Settings.Data}': {difference}. Put the data back, or remove the "
        + "results of the one that is wrong.");
}
