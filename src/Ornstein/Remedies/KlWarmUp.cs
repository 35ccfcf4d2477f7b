namespace Ornstein.Remedies;

/// <summary>How the weight of the KLs comes up.</summary>
public enum WarmUpShape
{
    /// <summary>From 0 to 1 over the first epochs, once (Bowman et al. 2016; Sonderby et al. 2016, section 2.3).</summary>
    Linear,

    /// <summary>Again and again: in equal cycles over the whole training, each rising from 0 to 1 over its first half (Fu et al. 2019).</summary>
    Cyclic,
}

/// <summary>KL warm-up: a weight in [0, 1] on every KL of the objective, a function of the training's progress.</summary>
public sealed record KlWarmUp : IRemedy
{
    /// <summary>How configurations write a linear one.</summary>
    public static RemedyKind LinearKind { get; } = new("warm-up", text => new KlWarmUp { Epochs = text.Number() })
    {
        Form = "warm-up:EPOCHS", Value = "a number of epochs",
    };

    /// <summary>How configurations write a cyclic one.</summary>
    public static RemedyKind CyclicKind { get; } = new("cyclic", text => new KlWarmUp { Shape = WarmUpShape.Cyclic, Cycles = text.Whole() })
    {
        Form = "cyclic:CYCLES", Value = "a whole number of cycles",
    };

    /// <summary>How the weight comes up.</summary>
    public WarmUpShape Shape { get; init; } = WarmUpShape.Linear;

    /// <summary>Epochs until the weight is 1, above 0; for <see cref="WarmUpShape.Linear"/>.</summary>
    public double Epochs { get; init; } = 10;

    /// <summary>Number of cycles, at least 1; for <see cref="WarmUpShape.Cyclic"/>.</summary>
    public int Cycles { get; init; } = 4;

    /// <inheritdoc/>
    public string Name => Shape == WarmUpShape.Cyclic ? CyclicKind.Name : LinearKind.Name;

    /// <inheritdoc/>
    public WrittenRemedy? Written => new(Name, Shape == WarmUpShape.Cyclic ? Cycles : Epochs);

    /// <inheritdoc/>
    public string Role => "a warm-up of the KLs";

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public double KlWeight(int layer, TrainingClock clock) => At(clock);

    /// <summary>The weight at a moment of the training, in [0, 1]; 1 at its end.</summary>
    public double At(TrainingClock clock)
    {
        switch (Shape)
        {
            case WarmUpShape.Linear:
                return Math.Min(1, clock.Epochs / Epochs);
            case WarmUpShape.Cyclic:
                var cycle = clock.Progress * Cycles;
                return clock.Progress >= 1 ? 1 : Math.Min(1, 2 * (cycle - Math.Floor(cycle)));
            default:
                throw new InvalidOperationException($"{Shape} is no warm-up.");
        }
    }

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (!(Epochs > 0 && double.IsFinite(Epochs))) throw new OrnsteinException($"warm-up takes {Epochs} epochs; it must be above 0.");
        if (Cycles < 1) throw new OrnsteinException($"cyclic warm-up has {Cycles} cycles; it must be at least 1.");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Unfinished(RemedyUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        return use.Members.Select(member => Unfinished(use.Last, member)).OfType<string>();
    }

    private string? Unfinished(TrainingClock last, RemedyUser member)
    {
        var weight = At(last);
        var others = Enumerable.Range(0, member.Rho.Count + 1).SelectMany(layer => member.Others.Where(other => other.KlWeight(layer, last) != 1));
        var ends = $"the KLs end with a weight of {ScheduleEnd.Text(weight)}"
            + (others.FirstOrDefault() is { } other ? $" times {other.Name}" : "");
        switch (Shape)
        {
            case WarmUpShape.Linear:
                if (!ScheduleEnd.IsShort(weight, 0, 1, Epochs * last.StepsPerEpoch)) return null;
                return $"warm-up takes {ScheduleEnd.Count(Epochs, "epoch")} and the training has {ScheduleEnd.Epochs(last)}: {ends}, so results are those of "
                    + "a model trained for less";
            case WarmUpShape.Cyclic:
                // It stays at 1 for half a cycle: anything less is a cycle of fewer than two steps.
                if (weight >= 1 - ScheduleEnd.Rounding) return null;
                return $"cyclic warm-up has {ScheduleEnd.Count(Cycles, "cycle")} in {ScheduleEnd.Count(last.Steps, "step")}, too short to come up: {ends}, "
                    + "so results are those of a model trained for less";
            default:
                throw new InvalidOperationException($"{Shape} is no warm-up.");
        }
    }
}
