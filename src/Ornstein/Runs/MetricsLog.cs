using System.Text;
using System.Text.Json;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Runs;

/// <summary>The lines of <c>metrics.jsonl</c>, one per epoch, appended as they come.</summary>
internal sealed class MetricsLog
{
    private readonly string _path;

    /// <summary>The log at a path, cut back to a length: what a resumed run will write again is dropped.</summary>
    /// <exception cref="OrnsteinException">The file cannot be written, or is shorter than the checkpoint says.</exception>
    public MetricsLog(string path, long length = 0)
    {
        _path = path;
        Trouble(() =>
        {
            using var file = new FileStream(path, length == 0 ? FileMode.OpenOrCreate : FileMode.Open, FileAccess.Write);
            if (file.Length < length)
            {
                throw new OrnsteinException($"'{path}' has {file.Length} bytes where its checkpoint says {length}; it was cut since.");
            }

            FolderLock.RequireFor(Path.GetFullPath(path)); // loading data takes long enough to lose it
            file.SetLength(length);
        });
        Length = length;
    }

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Appends an epoch.</summary>
    /// <exception cref="OrnsteinException">The file cannot be written.</exception>
    public void Append(EpochMetrics metrics) => Trouble(() =>
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(metrics, ResultJson.Line) + "\n");
        FolderLock.RequireFor(Path.GetFullPath(_path));
        using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite); // whoever reads meanwhile must not end the run
        file.Write(line);
        file.Flush(flushToDisk: true);
        Length += line.Length;
    });

    /// <summary>Every epoch of a log; empty where there is no file.</summary>
    /// <param name="path">The log.</param>
    /// <param name="models">Number of models of the run; null where that is not known.</param>
    /// <exception cref="OrnsteinException">A line is not as this log writes it, or it is that of another run.</exception>
    public static IReadOnlyList<EpochMetrics> Read(string path, int? models = null)
    {
        if (!File.Exists(path)) return [];
        try
        {
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            var epochs = new List<EpochMetrics>();
            while (file.ReadLine() is { } line) epochs.Add(Parse(line));
            if (epochs.Count > 0) RequireAlike(epochs, path, models ?? epochs[0].Loss.Length);
            return epochs;
        }
        catch (JsonException error)
        {
            throw new OrnsteinException($"'{path}' holds a line that is not a record of an epoch.", error);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
    }

    /// <summary>The epoch of a line.</summary>
    /// <exception cref="JsonException">It is not as this log writes it.</exception>
    internal static EpochMetrics Parse(ReadOnlySpan<byte> line) => Whole(JsonSerializer.Deserialize<EpochMetrics>(line, ResultJson.Line));

    /// <summary>Throws where epochs are not all of so many models and of as many layers as the first.</summary>
    internal static void RequireAlike(IReadOnlyList<EpochMetrics> epochs, string path, int models)
    {
        var (first, other) = (epochs[0], epochs.FirstOrDefault(epoch => epoch.Loss.Length != models || epoch.Kl.Length != epochs[0].Kl.Length));
        if (other is null) return;
        throw new OrnsteinException($"'{path}' has an epoch of {other.Loss.Length} models with {other.Kl.Length} layers, and the run has {models} with {first.Kl.Length}.");
    }

    private static EpochMetrics Parse(string line) => Whole(JsonSerializer.Deserialize<EpochMetrics>(line, ResultJson.Line));

    private static EpochMetrics Whole(EpochMetrics? epoch) => ResultShape.IsWhole(epoch) ? epoch! : throw new JsonException("an epoch has a number for every model and layer");

    private void Trouble(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write", _path, error);
        }
    }
}
