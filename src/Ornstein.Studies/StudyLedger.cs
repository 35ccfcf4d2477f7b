using System.Text;
using System.Text.Json;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Studies;

/// <summary>What happened to a cell.</summary>
internal enum StudyEvent
{
    Started,
    Finished,
    Failed,
    Interrupted,
}

/// <summary>A line of the ledger.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="Event">What happened.</param>
/// <param name="Cell">The cell's name.</param>
/// <param name="Hash">The cell's hash.</param>
/// <param name="Seconds">Time since the cell was started in this process; null for a start.</param>
/// <param name="Reason">Why it failed, in one line; else null.</param>
internal sealed record StudyEntry(DateTimeOffset Time, StudyEvent Event, string Cell, string Hash, double? Seconds = null, string? Reason = null);

/// <summary>
/// <c>ledger.jsonl</c>: what was started, finished and failed, a line each, only ever appended to. It says when and why; whether a cell is done
/// is said by its run folder.
/// </summary>
/// <param name="path">The file; need not exist.</param>
internal sealed class StudyLedger(string path)
{
    /// <summary>Every entry, oldest first; a line that a killed process or a full disk cut short is passed over.</summary>
    public IReadOnlyList<StudyEntry> Read()
    {
        if (!File.Exists(path)) return [];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return [.. reader.ReadToEnd().Split('\n').Select(Parse).OfType<StudyEntry>()];
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
    }

    /// <summary>Appends an entry, which is on the disk when this returns.</summary>
    public void Append(StudyEntry entry)
    {
        try
        {
            var line = JsonSerializer.Serialize(entry, ResultJson.Line) + "\n";
            AtomicFile.Append(path, Encoding.UTF8.GetBytes(IsCut() ? "\n" + line : line));
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write", path, error);
        }
    }

    // Whether a process died, or a disk was full, in the middle of the last line.
    private bool IsCut()
    {
        if (!File.Exists(path)) return false;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length == 0) return false;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private static StudyEntry? Parse(string line)
    {
        if (line.Length == 0) return null;
        try
        {
            return JsonSerializer.Deserialize<StudyEntry>(line, ResultJson.Line) is { Cell: not null, Hash: not null } entry ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
