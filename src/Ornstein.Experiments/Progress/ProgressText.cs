using System.Globalization;
using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Progress;

/// <summary>The words of a progress line.</summary>
internal static class ProgressText
{
    /// <summary>Epoch, step, loss of the best and the worst member, validation, speed, time.</summary>
    public static string Line(in ProgressReport p) =>
        $"epoch {p.Epoch}/{p.Epochs}  step {Count(p.Step)}/{Count(p.Steps)}  {Losses(p)}{Validation(p)}  "
        + $"{Count((long)p.ImagesPerSecond)} images/s  {Time(p.Elapsed)} elapsed, {Time(p.Remaining)} left{Failed(p)}";

    public static string Losses(in ProgressReport p)
    {
        string low = TableNumber.Text(p.LowestLoss, "F1");
        string high = TableNumber.Text(p.HighestLoss, "F1");
        return low == high ? $"loss {low}" : $"loss {low} to {high}";
    }

    public static string Validation(in ProgressReport p) =>
        double.IsNaN(p.Validation) ? "" : $"  validation {TableNumber.Text(p.Validation, "F1")}";

    public static string Failed(in ProgressReport p) => p.FailedMembers == 0 ? "" : $"  {p.FailedMembers} of {p.Members} models diverged";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : time.ToString("m\\:ss", CultureInfo.InvariantCulture);
}
