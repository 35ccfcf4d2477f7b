using System.Text.Json;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.View.Listing;

/// <summary>The epochs of a <c>metrics.jsonl</c> that may be growing: each reading takes what has come since the last. A line that is half written is left for later.</summary>
/// <param name="path">The file; it need not be there yet.</param>
internal sealed class EpochLog(string path)
{
    private const int TailLength = 1 << 16;

    private readonly List<EpochMetrics> _epochs = [];
    private long _position;

    /// <summary>All epochs that are whole. A file that has become shorter, as that of a resumed run does, is read anew.</summary>
    /// <exception cref="OrnsteinException">A line is not that of an epoch, or the file cannot be read.</exception>
    public IReadOnlyList<EpochMetrics> Read()
    {
        try
        {
            if (!File.Exists(path)) return [];
            using var file = Open(path);
            if (file.Length < _position)
            {
                _epochs.Clear();
                _position = 0;
            }

            file.Position = _position;
            var lines = Lines(file, out var read);
            foreach (var line in lines) _epochs.Add(Parse(line, path));
            _position += read;
            return _epochs;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
    }

    /// <summary>The last epoch of a log, found from its end; null where there is none.</summary>
    /// <exception cref="OrnsteinException">The line is not that of an epoch.</exception>
    public static EpochMetrics? Last(string path)
    {
        if (!File.Exists(path)) return null;
        using var file = Open(path);
        // Lines of models with many units are long.
        for (long length = TailLength; ; length *= 4)
        {
            var isAll = length >= file.Length;
            file.Position = isAll ? 0 : file.Length - length;
            var lines = Lines(file, out _);
            if (isAll || lines.Count > 1) return lines.Count == 0 ? null : Parse(lines[^1], path); // the first may be the end of one
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static List<byte[]> Lines(FileStream file, out long read)
    {
        var bytes = new byte[file.Length - file.Position];
        file.ReadExactly(bytes);
        var lines = new List<byte[]>();
        var start = 0;
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', start)) >= 0; start = end + 1) lines.Add(bytes[start..end]);
        read = start;
        return lines;
    }

    // Numbers of single units, which are most of a line, are not shown.
    private static EpochMetrics Parse(byte[] line, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<EpochMetrics>(line, ResultJson.Line)! with { ValidationUnitKl = null, ValidationKlParts = null };
        }
        catch (JsonException error)
        {
            throw new OrnsteinException($"'{path}' holds a line that is not a record of an epoch.", error);
        }
    }
}
