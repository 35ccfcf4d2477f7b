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
public sealed record KlWarmUp
{
    /// <summary>How the weight comes up.</summary>
    public WarmUpShape Shape { get; init; } = WarmUpShape.Linear;

    /// <summary>Epochs until the weight is 1, above 0; for <see cref="WarmUpShape.Linear"/>.</summary>
    public double Epochs { get; init; } = 10;

    /// <summary>Number of cycles, at least 1; for <see cref="WarmUpShape.Cyclic"/>.</summary>
    public int Cycles { get; init; } = 4;

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

    internal void Validate()
    {
        if (!(Epochs > 0 && double.IsFinite(Epochs))) throw new OrnsteinException($"warm-up takes {Epochs} epochs; it must be above 0.");
        if (Cycles < 1) throw new OrnsteinException($"cyclic warm-up has {Cycles} cycles; it must be at least 1.");
    }
}
