using Ornstein.Studies;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Status;

namespace Ornstein.View.Documents;

/// <summary>The cells of a study with their states.</summary>
/// <param name="Id">Its folder below the one that is shown.</param>
/// <param name="Name">Its name.</param>
/// <param name="Trouble">Why its cells are not known, or what could not be asked; null for nothing.</param>
/// <param name="Experiments">Each with how many of its cells are in which state.</param>
/// <param name="Cells">Cells, each once.</param>
internal sealed record StudyDocument(string Id, string Name, string? Trouble, StudyExperimentDocument[] Experiments, StudyCellDocument[] Cells)
{
    /// <summary>Reads it. The study's file lies beside its folder under the same name, as <c>study run</c> has it where nothing else is said.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="path">Its folder.</param>
    /// <param name="read">Reads its file.</param>
    public static StudyDocument Of(string id, string path, Func<string, StudyFile> read)
    {
        var file = path + ".json";
        if (!File.Exists(file)) return new StudyDocument(id, Path.GetFileName(path), $"the file of this study is not beside its folder ({Path.GetFileName(file)}): its runs are in the list, its experiments are not known", [], []);
        var status = StudyStatus.Of(read(file), new StudyFolder(path));
        return new StudyDocument(
            id, status.Study, status.Trouble,
            [.. status.Experiments.Select(each => new StudyExperimentDocument(each.Experiment, each.Cells, each.Done, each.Running, each.Failed, each.Waiting, each.Lost))],
            [
                .. status.Experiments.SelectMany(each => each.Each).DistinctBy(cell => cell.Hash, StringComparer.Ordinal).Select(cell => new StudyCellDocument(
                    cell.Cell, cell.Stage, cell.Epochs, cell.OfEpochs, cell.Reason, $"{(id == "." ? "" : id + "/")}{Path.GetRelativePath(path, FolderOf(cell, path)).Replace('\\', '/')}")),
            ]);
    }

    // What has no result yet is trained elsewhere.
    private static string FolderOf(CellStatus cell, string study)
    {
        var attempts = new CellAttempts(study, cell.Hash);
        return !Directory.Exists(cell.Folder) && attempts.Numbers() is [.., var last] ? attempts.FolderOf(last).Path : cell.Folder;
    }
}

/// <summary>How far an experiment is.</summary>
internal sealed record StudyExperimentDocument(string Name, int Cells, int Done, int Running, int Failed, int Waiting, int Lost);

/// <summary>How far a cell is; <paramref name="Run"/> names its run.</summary>
internal sealed record StudyCellDocument(string Name, CellStage Stage, int Epochs, int OfEpochs, string? Reason, string Run);
