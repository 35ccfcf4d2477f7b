namespace Ornstein.Optimization;

/// <summary>How the learning rate falls after its warm-up.</summary>
public enum ScheduleShape
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>Half a cosine, to zero at the last step.</summary>
    Cosine,

    /// <summary>A straight line, to zero at the last step.</summary>
    Linear,

    /// <summary>
    /// Eight stages i = 0..7 at 10^(-i/7) of the peak, each three times as long as the one before (Burda et al. 2016, section 5): in the
    /// paper's 3,280 passes stage i lasts 3^i passes, in a shorter training the same share of its steps.
    /// </summary>
    Staged,

    /// <summary>
    /// The same stages at factors rounded to two digits, 1, 0.72, 0.52, 0.37, 0.27, 0.19, 0.14 and 0.1, as in the program that Burda et al. published: off
    /// those of <see cref="Staged"/> by 1.6 % at most, and by nothing in the last stage, which is two thirds of the training.
    /// </summary>
    StagedRounded,
}

/// <summary>The learning rate of every step: a linear warm-up, then a shape over the remaining steps.</summary>
public sealed record LearningRateSchedule
{
    private const int Stages = 8;
    private const long StagedPasses = 3280; // 1 + 3 + ... + 3^7

    /// <summary>Rate after the warm-up, positive.</summary>
    public double Peak { get; init; } = 1e-3;

    /// <summary>How the rate falls after the warm-up.</summary>
    public ScheduleShape Shape { get; init; } = ScheduleShape.Constant;

    /// <summary>Steps over which the rate rises from zero, at least 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>The rate of step <paramref name="step"/> (from 1) of <paramref name="steps"/>.</summary>
    public double At(long step, long steps)
    {
        if (step <= WarmupSteps) return Peak * step / WarmupSteps;
        var progress = (double)(step - 1 - WarmupSteps) / Math.Max(1, steps - WarmupSteps);
        return Shape switch
        {
            ScheduleShape.Constant => Peak,
            ScheduleShape.Cosine => Peak * (1 + Math.Cos(Math.PI * progress)) / 2,
            ScheduleShape.Linear => Peak * (1 - progress),
            ScheduleShape.Staged => Peak * Factor(Stage(step - 1 - WarmupSteps, steps - WarmupSteps)),
            ScheduleShape.StagedRounded => Peak * Math.Round(Factor(Stage(step - 1 - WarmupSteps, steps - WarmupSteps)), 2),
            _ => throw new InvalidOperationException($"{Shape} is no schedule."),
        };
    }

    /// <summary>The rate that the shape falls to.</summary>
    internal double Final() => Shape switch
    {
        ScheduleShape.Constant => Peak,
        ScheduleShape.Cosine or ScheduleShape.Linear => 0,
        ScheduleShape.Staged or ScheduleShape.StagedRounded => Peak / 10,
        _ => throw new InvalidOperationException($"{Shape} is no schedule."),
    };

    private static double Factor(int stage) => Math.Pow(10, -stage / 7.0);

    // In whole numbers: a stage begins at its very step. Stage i ends after (3^(i+1) - 1) / 2 of the passes.
    private static int Stage(long done, long steps)
    {
        var (stage, end) = (0, 1L);
        while (stage < Stages - 1 && done * StagedPasses >= end * steps) (stage, end) = (stage + 1, 3 * end + 1);
        return stage;
    }

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (!(Peak > 0 && double.IsFinite(Peak))) throw new OrnsteinException($"learning rate is {Peak}; it must be a positive number.");
        if (WarmupSteps < 0) throw new OrnsteinException($"warm-up is {WarmupSteps} steps; it must be at least 0.");
    }
}
