using System.Globalization;
using Ornstein.Results;

namespace Ornstein.Experiments.Progress;

/// <summary>The words of a measurement's progress, with the time that its part has left by the speed that it had so far.</summary>
/// <param name="clock">What tells the time.</param>
internal sealed class MeasurementLine(TimeProvider clock)
{
    private (string Name, long Start, double Share) _part = ("", 0, 0); // as it was first heard of
    private double _last;

    /// <summary>Such as <c>information: 25 %, 0:30 left</c>; without a time until something of it can be known.</summary>
    public string Of(MeasurementProgress progress)
    {
        // A part of the same name may follow, of other models: its share begins again.
        if (progress.Part != _part.Name || progress.Share < _last) _part = (progress.Part, clock.GetTimestamp(), progress.Share);
        _last = progress.Share;
        var (done, before) = (progress.Share - _part.Share, clock.GetElapsedTime(_part.Start));
        var left = done > 0 ? $", {ProgressText.Time(before * ((1 - progress.Share) / done))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{progress.Part}: {progress.Share:P0}{left}");
    }
}
