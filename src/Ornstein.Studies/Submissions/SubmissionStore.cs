using System.Globalization;
using System.Text.Json;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Studies.Submissions;

/// <summary>A cell of an element.</summary>
internal sealed record ElementCell(int Element, string Hash, string Name);

/// <summary>
/// <c>submissions/</c> of a study folder: <c>3.json</c> says what was submitted and how far that is, <c>3-TOKEN.cancelled</c> that it was taken back, <c>3/</c> has the study file as it was, the cells
/// of every element, the script, and what elements wrote, a hundred to a folder.
/// </summary>
/// <param name="study">Folder of the study.</param>
internal sealed class SubmissionStore(string study)
{
    private const int PerFolder = 100;
    private const int LongestTail = 4096;
    private readonly string _root = Path.Combine(study, "submissions");

    /// <summary>All submissions, oldest first.</summary>
    public IReadOnlyList<Submission> All() => !Directory.Exists(_root)
        ? []
        : [.. Directory.EnumerateFiles(_root, "*.json").Select(Read).OfType<Submission>().OrderBy(submission => submission.Number)];

    /// <summary>A submission by its number.</summary>
    /// <param name="number">Its number; null for the last.</param>
    public Submission Find(int? number)
    {
        var all = All();
        return all.LastOrDefault(submission => number is null || submission.Number == number)
            ?? throw UsageError.Because($"'{study}' has no submission{(number is null ? "" : $" {number}")}; make one with 'study submit'");
    }

    /// <summary>Adds a submission; false where somebody else took its number since.</summary>
    public bool TryAdd(Submission submission) =>
        ExclusiveFile.TryCreate(FileOf(submission.Number), JsonSerializer.Serialize(submission, ResultJson.Indented) + "\n");

    /// <summary>The number that the next submission gets. To be read before anything that decides what is submitted.</summary>
    public int Next => All().Select(submission => submission.Number).DefaultIfEmpty(0).Max() + 1;

    /// <summary>Writes anew how far a submission is.</summary>
    public void Update(Submission submission) => AtomicFile.WriteText(FileOf(submission.Number), JsonSerializer.Serialize(submission, ResultJson.Indented) + "\n");

    /// <summary>Marks a submission as cancelled: by a file of its own, so that whoever submits it at this moment does not undo it.</summary>
    public void Cancel(Submission submission) => ExclusiveFile.TryCreate(MarkOf(submission), $"{DateTimeOffset.Now:O}\n");

    /// <summary>Removes a submission that no scheduler took.</summary>
    public void Remove(Submission submission) => ExclusiveFile.Try(() =>
    {
        if (Directory.Exists(FolderOf(submission.Number))) Directory.Delete(FolderOf(submission.Number), recursive: true);
        File.Delete(FileOf(submission.Number));
        File.Delete(MarkOf(submission));
        foreach (var folder in new[] { _root, study })
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
    });

    /// <summary>Whether a submission was cancelled, as it is now.</summary>
    public bool IsCancelled(Submission submission) => File.Exists(MarkOf(submission));

    public string FolderOf(int number) => Path.Combine(_root, number.ToString(CultureInfo.InvariantCulture));

    public string StudyFileOf(int number) => Path.Combine(FolderOf(number), "study.json");

    public string ScriptOf(int number) => Path.Combine(FolderOf(number), "submit.sh");

    private string ElementsOf(int number) => Path.Combine(FolderOf(number), "elements.tsv");

    private string FileOf(int number) => FolderOf(number) + ".json";

    // With the token: a number whose submission came to nothing is given again.
    private string MarkOf(Submission submission) => $"{FolderOf(submission.Number)}-{submission.Token}.cancelled";

    /// <summary>The log of an element, appended to by each of its starts.</summary>
    public string LogOf(int number, int element) => Path.Combine(FolderOf(number), "logs", Shard(element), $"{element}.log");

    /// <summary>The ledger of an element: no two nodes append to one file.</summary>
    public StudyLedger LedgerOf(int number, int element) => new(Path.Combine(FolderOf(number), "ledger", Shard(element), $"{element}.jsonl"));

    /// <summary>Writes what the elements need before the first of them can start.</summary>
    public void Write(Submission submission, string studyFile, IReadOnlyList<IReadOnlyList<StudyCell>> elements, string script)
    {
        var folder = FolderOf(submission.Number);
        try
        {
            // Slurm gives up a job without a word where the folder of its log is missing.
            foreach (var shard in Enumerable.Range(0, elements.Count).Select(Shard).Distinct(StringComparer.Ordinal))
            {
                Directory.CreateDirectory(Path.Combine(folder, "logs", shard));
                Directory.CreateDirectory(Path.Combine(folder, "ledger", shard));
            }

            File.Copy(studyFile, StudyFileOf(submission.Number), overwrite: true);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the study folder", folder, error);
        }

        var lines = elements.SelectMany((cells, element) => cells.Select(cell => $"{element}\t{cell.Hash}\t{cell.Name}\n"));
        AtomicFile.WriteText(ElementsOf(submission.Number), string.Concat(lines));
        AtomicFile.WriteText(ScriptOf(submission.Number), script);
    }

    /// <summary>The cells of all elements; none where the process was killed that submitted them.</summary>
    public IReadOnlyList<ElementCell> CellsOf(int number)
    {
        if (!File.Exists(ElementsOf(number))) return [];
        return
        [
            .. File.ReadLines(ElementsOf(number)).Select(line => line.Split('\t')).Where(parts => parts.Length == 3)
                .Select(parts => int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var element) ? new ElementCell(element, parts[1], parts[2])
                    : throw new OrnsteinException($"'{ElementsOf(number)}' is damaged: '{parts[0]}' is no number of an element.")),
        ];
    }

    /// <summary>What all elements of all submissions wrote.</summary>
    public IEnumerable<StudyEntry> Entries() => !Directory.Exists(_root)
        ? []
        : Directory.EnumerateDirectories(_root).Select(folder => Path.Combine(folder, "ledger")).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.AllDirectories))
            .AsParallel().SelectMany(file => new StudyLedger(file).Read());

    /// <summary>The last line that an element wrote, of the last few thousand bytes; null where there is none.</summary>
    public string? LastLineOf(int number, int element)
    {
        try
        {
            using var file = new FileStream(LogOf(number, element), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(file.Length, LongestTail), SeekOrigin.End);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Split('\n').LastOrDefault(line => line.Trim().Length > 0)?.Trim();
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            return null;
        }
    }

    private static string Shard(int element) => (element / PerFolder).ToString("D2", CultureInfo.InvariantCulture);

    private Submission? Read(string path)
    {
        if (!int.TryParse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture, out var number) || !File.Exists(path)) return null;
        try
        {
            var submission = JsonSerializer.Deserialize<Submission>(File.ReadAllText(path), ResultJson.Indented) is { IsWhole: true } read ? read with { Number = number }
                : throw new JsonException("it lacks what a submission has.");
            return IsCancelled(submission) ? submission with { Stage = SubmissionStage.Cancelled } : submission;
        }
        catch (Exception error) when (error is JsonException || FileTrouble.IsTrouble(error))
        {
            throw new OrnsteinException($"'{path}' cannot be read as a submission: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }
}
