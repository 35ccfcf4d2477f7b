using System.Globalization;

namespace Ornstein.Cli.Progress;

/// <summary>The words of a progress line.</summary>
internal static class ProgressText
{
    /// <summary><c>epoch 3/20  step 1,200/9,380  loss 101.2 to 120.3  validation -104.1  20,100 images/s  1:02 elapsed, 5:40 left</c>.</summary>
    public static string Line(in TrainingProgress p) =>
        $"epoch {p.Epoch}/{p.Epochs}  step {Count(p.Step)}/{Count(p.Steps)}  {Losses(p)}{Validation(p)}  {Count((long)p.ImagesPerSecond)} images/s  "
        + $"{Time(p.Elapsed)} elapsed, {Time(p.Remaining)} left{Failed(p)}";

    public static string Losses(in TrainingProgress p) =>
        p.LowestLoss.ToString("F1", CultureInfo.InvariantCulture) is var low && p.HighestLoss.ToString("F1", CultureInfo.InvariantCulture) is var high
        && low == high
            ? $"loss {low}"
            : $"loss {low} to {high}";

    public static string Validation(in TrainingProgress p) =>
        double.IsNaN(p.Validation) ? "" : $"  validation {p.Validation.ToString("F1", CultureInfo.InvariantCulture)}";

    public static string Failed(in TrainingProgress p) => p.FailedMembers == 0 ? "" : $"  {p.FailedMembers} of {p.Members} models diverged";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : time.ToString("m\\:ss", CultureInfo.InvariantCulture);
}
