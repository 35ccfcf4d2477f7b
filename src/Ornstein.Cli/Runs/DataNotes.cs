using Ornstein.Cli.Progress;
using Ornstein.Data;

namespace Ornstein.Cli.Runs;

/// <summary>Says what is being fetched: a line when a file starts, and one every five seconds.</summary>
internal sealed class DataNotes(IRunProgress progress) : IProgress<DataProgress>
{
    private string? _file;
    private long _last;

    public void Report(DataProgress value)
    {
        var now = Environment.TickCount64;
        if (value.File == _file && now - _last < 5000) return;
        (_file, _last) = (value.File, now);
        var total = value.Total is { } bytes ? $" of {Megabytes(bytes)}" : string.Empty;
        progress.Note($"fetching {value.File}: {Megabytes(value.Bytes)}{total}");
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:F1} MB";
}
