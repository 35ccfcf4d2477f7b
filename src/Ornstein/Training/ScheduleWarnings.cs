using System.Text.Json;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Stacks;

namespace Ornstein.Training;

/// <summary>
/// Schedules that a training is too short for: it would end under an objective or a learning rate that is only on its way, and its numbers would
/// pass for those of the whole recipe. Remedies say it of their own schedules; when one is short, <see cref="ScheduleEnd"/> says.
/// </summary>
public static class ScheduleWarnings
{
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
        var sentences = members.SelectMany(member => member.Remedy.Parts.Select(part => (Part: part, Member: member))).GroupBy(pair => pair.Part, pair => pair.Member)
            .SelectMany(group => group.Key.Unfinished(new RemedyUse(last, [.. group.Select(member => UserOf(member, group.Key, links))])))
            .Append(LearningRate(options.LearningRate, last.Steps));
        return [.. sentences.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static RemedyUser UserOf(Member member, IRemedy part, int links) =>
        new([.. Enumerable.Range(0, links).Select(member.RhoOf)], [.. member.Remedy.Parts.Where(other => !other.Equals(part))]);

    private static string? LearningRate(LearningRateSchedule schedule, long steps)
    {
        var rate = schedule.At(steps, steps);
        if (steps < schedule.WarmupSteps)
        {
            return $"the learning rate rises over {ScheduleEnd.Count(schedule.WarmupSteps, "step")} and the training has {ScheduleEnd.Count(steps, "step")}: it ends at "
                + $"{ScheduleEnd.Text(rate)} and never reaches {ScheduleEnd.Text(schedule.Peak)}";
        }

        if (!FallsShort(schedule, rate, steps)) return null;
        var shape = JsonNamingPolicy.KebabCaseLower.ConvertName(schedule.Shape.ToString());
        return $"the {shape} learning rate has {ScheduleEnd.Count(steps - schedule.WarmupSteps, "step")} to fall in: it ends at {ScheduleEnd.Text(rate)}, not at "
            + ScheduleEnd.Text(schedule.Final());
    }

    // A warm-up that ends with the training leaves the rate no step to fall in, and that is what was asked for.
    private static bool FallsShort(LearningRateSchedule schedule, double rate, long steps)
    {
        var left = steps - schedule.WarmupSteps;
        if (left == 0) return false;
        return schedule.Shape switch
        {
            ScheduleShape.Constant => false,
            ScheduleShape.Cosine or ScheduleShape.Linear => rate >= schedule.Peak * (1 - ScheduleEnd.Rounding),
            ScheduleShape.Staged or ScheduleShape.StagedRounded => rate > schedule.Final() * (1 + ScheduleEnd.Rounding),
            _ => throw new InvalidOperationException($"{schedule.Shape} is no schedule."),
        };
    }
}
