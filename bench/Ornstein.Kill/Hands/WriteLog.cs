using System.Globalization;
using Ornstein.Studies.Attempts;

namespace Ornstein.Kill.Hands;

/// <summary>A call that changed something on the server.</summary>
/// <param name="At">When, in nanoseconds.</param>
/// <param name="Process">Which process, by the name of its log.</param>
/// <param name="Call">The call.</param>
/// <param name="Path">What it changed, from the working folder.</param>
/// <param name="To">What it made of it; empty where the call has one path.</param>
internal sealed record Change(long At, string Process, string Call, string Path, string To);

/// <summary>What all processes of a case changed, in order of time.</summary>
internal static class WriteLog
{
    private const int Fields = 4;

    /// <summary>Reads the logs of a folder.</summary>
    /// <param name="logs">The folder.</param>
    /// <param name="server">The folder that lies on the server.</param>
    public static Change[] Read(string logs, string server)
    {
        string Inner(string path) => path.Length == 0 ? "" : Path.GetRelativePath(server, path);
        return
        [
            .. Directory.GetFiles(logs).SelectMany(log => File.ReadLines(log).Select(line => line.Split('\t')).Where(parts => parts.Length == Fields)
                .Select(parts => new Change(long.Parse(parts[0], CultureInfo.InvariantCulture), Path.GetFileName(log), parts[1], Inner(parts[2]), Inner(parts[3]))))
                .OrderBy(change => change.At),
        ];
    }

    /// <summary>Two processes that wrote into one run folder at the same time, in a line; null where none did.</summary>
    /// <param name="changes">What was changed.</param>
    /// <param name="folderOf">The run folder that a path lies in; null for none.</param>
    public static string? TwoAtOnce(IEnumerable<Change> changes, Func<string, string?> folderOf)
    {
        // Anybody may remove what is of no more use.
        var writes = changes.Where(change => change.Call is not ("unlink" or "rmdir") && !(change.Call == "rename" && CellAttempts.IsTrash(change.To)))
            .SelectMany(change => new[] { change.Path, change.To }.Select(folderOf).OfType<string>().Distinct().Select(folder => (Folder: folder, Change: change)));
        foreach (var folder in writes.GroupBy(write => write.Folder))
        {
            var spans = folder.GroupBy(write => write.Change.Process)
                .Select(own => (Process: own.Key, First: own.First().Change, Last: own.Last().Change)).OrderBy(span => span.First.At).ToArray();
            for (var i = 1; i < spans.Length; i++)
            {
                if (spans[i].First.At < spans[i - 1].Last.At)
                    return $"{spans[i].Process} wrote {spans[i].First.Path} while {spans[i - 1].Process} wrote {spans[i - 1].Last.Path} in {folder.Key}, {(spans[i - 1].Last.At - spans[i].First.At) / 1e6:F1} ms";
            }
        }

        return null;
    }
}
