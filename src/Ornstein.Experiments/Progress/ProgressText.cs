using System.Globalization;
using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Progress;

/// <summary>The words of a progress line.</summary>
internal static class ProgressText
{
    private const int ShareLetters = 5; // of '100 %', so that what follows stays in its place

    /// <summary>Epoch, step, loss of the best and the worst member, validation, speed, time.</summary>
    public static string Line(in ProgressReport p) =>
        $"epoch {p.Epoch}/{p.Epochs}  step {Count(p.Step)}/{Count(p.Steps)}  {Losses(p)}{Validation(p)}  "
        + $"{Count((long)p.ImagesPerSecond)} images/s  {Time(p.Elapsed)} elapsed{(p.Remaining is { } left ? $", {Time(left)} left" : "")}{Failed(p)}";

    /// <summary>The same for one line of a screen: what matters most first, as many whole pieces as there is room for.</summary>
    /// <param name="p">How far the training is.</param>
    /// <param name="room">Letters that there is room for.</param>
    public static string Short(in ProgressReport p, int room)
    {
        double share = p.Steps > 0 ? Math.Clamp((double)p.Step / p.Steps, 0, 1) : 0;
        string?[] pieces =
        [
            string.Create(CultureInfo.InvariantCulture, $"{share:P0}"),
            p.Remaining is { } left ? $"{Time(left)} left" : null,
            $"epoch {p.Epoch}/{p.Epochs}",
            Losses(p),
            Failed(p),
            Validation(p),
            $"step {Count(p.Step)}/{Count(p.Steps)}",
            $"{Count((long)p.ImagesPerSecond)} images/s",
            $"{Time(p.Elapsed)} elapsed",
        ];
        string line = "";
        foreach (string piece in pieces.OfType<string>().Select(piece => piece.TrimStart()).Where(piece => piece.Length > 0))
        {
            string longer = line.Length == 0 ? piece.PadLeft(ShareLetters) : $"{line}  {piece}";
            if (longer.Length > room) break;
            line = longer;
        }

        return line;
    }

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

    /// <summary>A time as an estimate is told: <c>about 45 s</c>, <c>about 12 min</c>, <c>about 2 h 10 min</c>, <c>about 3 days 4 h</c>.</summary>
    public static string About(TimeSpan time)
    {
        var minutes = (long)Math.Round(Math.Min(time.TotalMinutes, 1e12));
        // Minutes of hours in fives and hours of days: more digits would say more than is known.
        var fives = (long)Math.Round(minutes / 5.0) * 5;
        var hours = (long)Math.Round(minutes / 60.0);
        return time.TotalSeconds < 120 ? $"about {Math.Max(5, (long)Math.Round(time.TotalSeconds / 5) * 5)} s"
            : minutes < 60 ? $"about {minutes} min"
            : fives < 48 * 60 ? fives % 60 == 0 ? $"about {fives / 60} h" : $"about {fives / 60} h {fives % 60} min"
            : hours % 24 == 0 ? $"about {hours / 24} days" : $"about {hours / 24} days {hours % 24} h";
    }

    public static string Time(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : time.ToString("m\\:ss", CultureInfo.InvariantCulture);
}
