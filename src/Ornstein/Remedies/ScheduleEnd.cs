using System.Globalization;

namespace Ornstein.Remedies;

/// <summary>Where a remedy is used: what it needs to tell whether a training is too short for it.</summary>
/// <param name="Last">The clock of the last step, which sees the steps before it.</param>
/// <param name="Members">The members that have it.</param>
public sealed record RemedyUse(TrainingClock Last, IReadOnlyList<RemedyUser> Members);

/// <summary>A member that has a remedy.</summary>
/// <param name="Rho">Where the smoothing parameter of every link begins, lowest first.</param>
/// <param name="Others">Its other remedies.</param>
public sealed record RemedyUser(IReadOnlyList<double> Rho, IReadOnlyList<IRemedy> Others);

/// <summary>
/// When a schedule is short: a step sees the steps before it, so a ramp that ends with the training is one increment short in the last step. It is
/// short where the last step's value is off its final one by more than one step's increment, or where no step moved it at all.
/// </summary>
public static class ScheduleEnd
{
    /// <summary>What rounding may make of values and of numbers of steps, relative.</summary>
    public const double Rounding = 1e-9;

    /// <summary>Whether a ramp is short: from one value to another in a straight line over so many steps.</summary>
    /// <param name="last">Its value in the last step.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="steps">Steps that it takes, above 0.</param>
    public static bool IsShort(double last, double from, double to, double steps)
    {
        var (off, range) = (Math.Abs(to - last), Math.Abs(to - from));
        if (range == 0) return false;
        return off > (range / steps * (1 + Rounding)) || off >= range * (1 - Rounding);
    }

    /// <summary>Epochs of the whole training, in words of a warning.</summary>
    /// <param name="last">The clock of its last step.</param>
    public static string Epochs(TrainingClock last) => Text((double)last.Steps / last.StepsPerEpoch);

    /// <summary>A number of things: <c>1 step</c>, <c>2.5 epochs</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What, in the singular.</param>
    public static string Count(double count, string what) => $"{Text(count)} {what}{(count == 1 ? "" : "s")}";

    /// <summary>Numbers from the least to the greatest: <c>0.8 to 0.9</c>, or one where they are the same.</summary>
    /// <param name="values">At least one.</param>
    public static string Range(IReadOnlyCollection<double> values)
    {
        var (low, high) = (Text(values.Min()), Text(values.Max()));
        return low == high ? low : $"{low} to {high}";
    }

    /// <summary>A number in three digits or so.</summary>
    /// <param name="value">The number.</param>
    public static string Text(double value) => value.ToString(Math.Abs(value) < 1 ? "G3" : "0.###", CultureInfo.InvariantCulture);
}
