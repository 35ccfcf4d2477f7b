using System.Globalization;
using Ornstein.Data;

namespace Ornstein.Experiments.Progress;

/// <summary>Progress of fetching and reading: at most a few lines a file, so that logs stay short.</summary>
/// <param name="say">Shows a line.</param>
internal sealed class FetchProgress(Action<string> say) : IProgress<DataProgress>
{
    private const int Megabyte = 1_000_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private DataProgress? _pending;
    private long _shownAt;

    public void Report(DataProgress value)
    {
        lock (_lock)
        {
            if (_pending is not null && _pending.File != value.File) Show();
            _pending = value;
            if (_shownAt == 0 || TimeProvider.System.GetElapsedTime(_shownAt) >= Interval) Show();
        }
    }

    /// <summary>Shows where the last file ended.</summary>
    public void End()
    {
        lock (_lock) Show();
    }

    private void Show()
    {
        if (_pending is not { } p) return;
        say(p.Unit == DataUnit.Pictures ? string.Create(CultureInfo.InvariantCulture, $"reading {p.File}: {p.Bytes:N0} of {p.Total:N0} pictures") : Fetching(p));
        _pending = null;
        _shownAt = TimeProvider.System.GetTimestamp();
    }

    private static string Fetching(DataProgress p)
    {
        var total = p.Total is { } t ? $" of {(double)t / Megabyte:0.00}" : "";
        return $"fetching {p.File}: {(double)p.Bytes / Megabyte:0.00}{total} MB";
    }
}
