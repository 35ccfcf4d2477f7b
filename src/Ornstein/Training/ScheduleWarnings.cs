using System.Globalization;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Stacks;

namespace Ornstein.Training;

/// <summary>
/// Schedules that a training is too short for: it would end under an objective or a learning rate that is only on its way, and its numbers would
/// pass for those of the whole recipe. A step sees the steps before it, so a ramp that ends with the training is one increment short in the last
/// step. A schedule is short where the last step's value is off its final one by more than one step's increment, or where no step moved it at all.
/// </summary>
public static class ScheduleWarnings
{
    private const double Rounding = 1e-9; // of values, and of numbers of steps

    /// <summary>A sentence for every schedule that is short, with the value that the training ends with; none where all come to their end.</summary>
    /// <param name="members">Members of the stack; what several of them share is said once.</param>
    /// <param name="links">Links of the model, its layers less one.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch, at least 1.</param>
    /// <returns>Without a full stop.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<Member> members, int links, TrainingOptions options, int stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepsPerEpoch);
        var last = new TrainingClock(((long)options.Epochs * stepsPerEpoch) - 1, stepsPerEpoch, (long)options.Epochs * stepsPerEpoch);
        var remedies = members.Select(member => member.Remedy).Distinct().ToArray();
        var sentences = remedies.SelectMany(remedy => new[] { WarmUp(remedy, last), Cooldown(remedy.FreeBits, last), Encoder(remedy.Aggressive, last) })
            .Concat(members.Where(member => member.Remedy.Annealing is not null)
                .GroupBy(member => AnnealingOf(member.Remedy.Annealing!)).Select(group => Annealing([.. group], links, last)))
            .Append(LearningRate(options.LearningRate, last.Steps));
        return [.. sentences.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whether a ramp is short: from one value to another in a straight line over so many steps.</summary>
    /// <param name="last">Its value in the last step.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="steps">Steps that it takes, above 0.</param>
    internal static bool IsShort(double last, double from, double to, double steps)
    {
        var (off, range) = (Math.Abs(to - last), Math.Abs(to - from));
        if (range == 0) return false;
        return off > (range / steps * (1 + Rounding)) || off >= range * (1 - Rounding);
    }

    private static string? WarmUp(Remedy remedy, TrainingClock last)
    {
        if (remedy.WarmUp is not { } warmUp) return null;
        var weight = warmUp.At(last);
        var ends = $"the KLs end with a weight of {Text(weight)}{(remedy.Beta.All(beta => beta == 1) ? "" : " times beta")}";
        switch (warmUp.Shape)
        {
            case WarmUpShape.Linear:
                if (!IsShort(weight, 0, 1, warmUp.Epochs * last.StepsPerEpoch)) return null;
                return $"warm-up takes {Count(warmUp.Epochs, "epoch")} and the training has {EpochsOf(last)}: {ends}, so results are those of a model "
                    + "trained for less";
            case WarmUpShape.Cyclic:
                // It stays at 1 for half a cycle: anything less is a cycle of fewer than two steps.
                if (weight >= 1 - Rounding) return null;
                return $"cyclic warm-up has {Count(warmUp.Cycles, "cycle")} in {Count(last.Steps, "step")}, too short to come up: {ends}, so results are "
                    + "those of a model trained for less";
            default:
                throw new InvalidOperationException($"{warmUp.Shape} is no warm-up.");
        }
    }

    private static string? Cooldown(FreeBits? bits, TrainingClock last)
    {
        if (bits is null || bits.Cooldown == 0) return null;
        var nats = bits.At(last);
        if (!IsShort(nats, bits.Nats, 0, bits.Cooldown * last.Steps)) return null;
        return $"the cooldown of free bits is {Text(bits.Cooldown)} of {Count(last.Steps, "step")}, less than one: they end at {Text(nats)} nats, "
            + "so the objective itself is not trained";
    }

    private static string? Encoder(AggressiveEncoder? encoder, TrainingClock last)
    {
        if (encoder is null || encoder.Epochs * last.StepsPerEpoch <= last.Steps * (1 + Rounding)) return null;
        return $"aggressive updates of the encoder last {Count(encoder.Epochs, "epoch")} and the training has {EpochsOf(last)}: it ends with "
            + $"{Count(encoder.Updates, "update")} of q before every step, so results are those of their phase alone";
    }

    // Members that differ in where they begin are one cause.
    private static string? Annealing(Member[] members, int links, TrainingClock last)
    {
        var annealing = members[0].Remedy.Annealing!;
        var (ends, finals) = (new List<double>(), new List<double>());
        foreach (var member in members)
        {
            for (var link = 0; link < links; link++)
            {
                var (rho, final, (from, until)) = (member.RhoOf(link, links, last), annealing.FinalOf(link), annealing.Interval(link, links));
                if (!IsShort(rho, member.RhoOf(link), final, (until - from) * last.Steps)) continue;
                ends.Add(rho);
                finals.Add(final);
            }
        }

        if (ends.Count == 0) return null;
        var moves = annealing.ByEpoch ? "moves from epoch to epoch and " : "";
        return $"annealed rho {moves}is not at its end in the last step: the training ends with rho {Range(ends)}, and results are measured at {Range(finals)}";
    }

    // A remedy's lists are equal where their numbers are.
    private static (string To, double Until, AnnealingOrder Order, bool ByEpoch) AnnealingOf(RhoAnnealing annealing) =>
        (string.Join(' ', annealing.To.Select(rho => rho.ToString("R", CultureInfo.InvariantCulture))), annealing.Until, annealing.Order, annealing.ByEpoch);

    private static string? LearningRate(LearningRateSchedule schedule, long steps)
    {
        var rate = schedule.At(steps, steps);
        if (steps < schedule.WarmupSteps)
        {
            return $"the learning rate rises over {Count(schedule.WarmupSteps, "step")} and the training has {Count(steps, "step")}: it ends at "
                + $"{Text(rate)} and never reaches {Text(schedule.Peak)}";
        }

        if (!FallsShort(schedule, rate, steps)) return null;
        var shape = schedule.Shape.ToString().ToLowerInvariant();
        return $"the {shape} learning rate has {Count(steps - schedule.WarmupSteps, "step")} to fall in: it ends at {Text(rate)}, not at "
            + Text(schedule.Final());
    }

    // A warm-up that ends with the training leaves the rate no step to fall in, and that is what was asked for.
    private static bool FallsShort(LearningRateSchedule schedule, double rate, long steps)
    {
        var left = steps - schedule.WarmupSteps;
        if (left == 0) return false;
        return schedule.Shape switch
        {
            ScheduleShape.Constant => false,
            ScheduleShape.Cosine or ScheduleShape.Linear => rate >= schedule.Peak * (1 - Rounding),
            ScheduleShape.Staged => rate > schedule.Final() * (1 + Rounding),
            _ => throw new InvalidOperationException($"{schedule.Shape} is no schedule."),
        };
    }

    private static string EpochsOf(TrainingClock last) => Text((double)last.Steps / last.StepsPerEpoch);

    private static string Count(double count, string what) => $"{Text(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Range(List<double> values)
    {
        var (low, high) = (Text(values.Min()), Text(values.Max()));
        return low == high ? low : $"{low} to {high}";
    }

    private static string Text(double value) => value.ToString(Math.Abs(value) < 1 ? "G3" : "0.###", CultureInfo.InvariantCulture);
}
