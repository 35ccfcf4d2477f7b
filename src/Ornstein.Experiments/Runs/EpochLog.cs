using System.Text.Json;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Experiments.Runs;

/// <summary>The epochs of a <c>metrics.jsonl</c> that may be growing: each reading takes what has come since the last. A line that is half written is left for later.</summary>
/// <param name="path">The file; it need not be there yet.</param>
internal sealed class EpochLog(string path)
{
    private const int TailLength = 1 << 16;

    private readonly List<EpochMetrics> _epochs = [];
    private long _position;
    private byte[]? _last;

    /// <summary>All epochs that are whole. A file in which what was read no longer stands, as that of a resumed run, is read anew.</summary>
    /// <exception cref="OrnsteinException">A line is not that of an epoch, or the file cannot be read.</exception>
    public IReadOnlyList<EpochMetrics> Read()
    {
        try
        {
            if (!File.Exists(path)) return [];
            using var file = Open(path);
            if (_position > 0 && !IsContinued(file)) (_position, _last) = (0, null);
            file.Position = _position;
            var lines = Lines(file, out var read);
            // All or none: a line that is none must not bring those before it again and again.
            EpochMetrics[] epochs = [.. lines.Select(line => Parse(line, path))];
            if (_position == 0) _epochs.Clear();
            if (epochs.Length > 0) MetricsLog.RequireAlike(epochs, path, _epochs.Count > 0 ? _epochs[0].Loss.Length : epochs[0].Loss.Length);
            _epochs.AddRange(epochs);
            _position += read;
            if (lines.Count > 0) _last = lines[^1];
            return _epochs;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
    }

    /// <summary>The last epoch of a log, found from its end; null where there is none.</summary>
    /// <exception cref="OrnsteinException">The line is not that of an epoch, or the file cannot be read.</exception>
    public static EpochMetrics? Last(string path)
    {
        try
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
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
    }

    // Whether the last line that was read still stands where it stood: a resumed run cuts the file, and it may have grown again since.
    private bool IsContinued(FileStream file)
    {
        if (_last is null || file.Length < _position) return false;
        var before = new byte[_last.Length + 1];
        file.Position = _position - before.Length;
        file.ReadExactly(before);
        return before[^1] == '\n' && before.AsSpan(0, _last.Length).SequenceEqual(_last);
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
            return MetricsLog.Parse(line) with { ValidationUnitKl = null, ValidationKlParts = null };
        }
        catch (JsonException error)
        {
            throw new OrnsteinException($"'{path}' holds a line that is not a record of an epoch.", error);
        }
    }
}
