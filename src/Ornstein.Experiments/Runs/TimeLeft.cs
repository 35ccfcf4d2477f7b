namespace Ornstein.Experiments.Runs;

/// <summary>
/// The time that a run has left: by its estimate at first, and by the pace of its latest steps once some have been taken. The time before the first
/// step is in no pace, since code is compiled in it, and neither is the time that a stopped process or a suspended machine stood still.
/// </summary>
/// <param name="estimate">What was found out before the training; null for nothing.</param>
internal sealed class TimeLeft(RunEstimate? estimate)
{
    // A pace holds once it is over so many seconds and steps, or over more seconds where steps are long.
    private const double Seconds = 5, LongSeconds = 30;
    private const int Steps = 20;

    // It is of the later half of all steps, and of no more than is needed to see a change soon and the measurements between epochs as well.
    private const double WindowSeconds = 60, WindowEpochs = 2;

    // Within an epoch nothing takes so many seconds, and so many times as long as a step on average: it stood still. Between epochs it may be a measurement.
    private const double StillSeconds = 60, StillSteps = 100;

    private readonly (long Step, double Seconds)[] _marks = new (long Step, double Seconds)[256];
    private int _count;
    private long _spacing = 1;
    private double? _estimatedStep;
    private (long Step, double Seconds) _last;
    private double _still;

    /// <summary>The time left after a step.</summary>
    /// <param name="elapsed">Time since the training began or went on.</param>
    /// <param name="step">Steps taken.</param>
    /// <param name="steps">All steps.</param>
    /// <param name="epochs">All epochs.</param>
    /// <returns>The time, with what follows the training where the estimate knows it; null where nothing is known yet.</returns>
    public TimeSpan? After(TimeSpan elapsed, long step, long steps, int epochs)
    {
        var perEpoch = steps / Math.Max(1.0, epochs);
        var now = Moving(elapsed.TotalSeconds, step, perEpoch);
        if (_count == 0 && estimate is { Training: > 0 }) _estimatedStep = estimate.Training / Math.Max(1, steps - step + 1);
        if (_count == 0 || step >= _marks[_count - 1].Step + _spacing) Mark(step, now);
        var (first, taken) = (_marks[0], step - _marks[0].Step);
        var isSteady = now - first.Seconds >= Seconds && (taken >= Steps || now - first.Seconds >= LongSeconds);
        var pace = (isSteady ? null : _estimatedStep) ?? Pace(step, now, perEpoch);
        return pace is { } each ? TimeSpan.FromSeconds(Math.Min(1e9, ((steps - step) * each) + (estimate?.Afterwards ?? 0))) : null;
    }

    // Seconds that it did not stand still.
    private double Moving(double elapsed, long step, double perEpoch)
    {
        var now = elapsed - _still;
        var (gap, taken) = (now - _last.Seconds, _last.Step - _marks[0].Step);
        if (_count > 0 && taken > 0 && _last.Step % perEpoch != 0 && gap > Math.Max(StillSeconds, StillSteps * (_last.Seconds - _marks[0].Seconds) / taken))
        {
            _still += gap;
            now -= gap;
        }

        _last = (step, now);
        return now;
    }

    // Seconds of a step; null before the second that is told of.
    private double? Pace(long step, double now, double perEpoch)
    {
        var half = _marks[0].Step + ((step - _marks[0].Step) / 2);
        var begin = 0;
        for (var i = 1; i < _count; i++)
        {
            var isRecent = now - _marks[i].Seconds < WindowSeconds || step - _marks[i].Step < WindowEpochs * perEpoch;
            if (_marks[i].Step > half && isRecent) break;
            begin = i;
        }

        return step > _marks[begin].Step ? (now - _marks[begin].Seconds) / (step - _marks[begin].Step) : null;
    }

    // Every second mark goes where there is no room left: later marks are as far apart.
    private void Mark(long step, double now)
    {
        if (_count == _marks.Length)
        {
            for (var i = 0; i < _count / 2; i++) _marks[i] = _marks[2 * i];
            (_count, _spacing) = (_count / 2, 2 * _spacing);
        }

        _marks[_count++] = (step, now);
    }
}
