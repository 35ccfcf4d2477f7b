namespace Ornstein.Remedies;

/// <summary>
/// Aggressive updates of the encoder (He et al. 2019, "Lagging Inference Networks"): for the first epochs every step is preceded by steps that
/// move q alone, each on a batch of its own, so that q keeps up with p. The paper stops when the mutual information stops rising;
/// here the number of epochs is given, so that budgets can be compared.
/// </summary>
public sealed record AggressiveEncoder : IRemedy
{
    private static readonly AggressiveEncoder _standard = new();

    /// <summary>How configurations write it.</summary>
    public static RemedyKind Kind { get; } = new(
        "aggressive", text => new AggressiveEncoder { Updates = text.Whole(), Epochs = text.Number("epochs", _standard.Epochs) })
    {
        Form = "aggressive:UPDATES[:epochs=EPOCHS]", Value = "a whole number of updates a step", Keys = ["epochs"],
    };

    /// <summary>Updates of q before every step, at least 1.</summary>
    public int Updates { get; init; } = 5;

    /// <summary>Epochs that it lasts, above 0.</summary>
    public double Epochs { get; init; } = 5;

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <inheritdoc/>
    public WrittenRemedy? Written => new WrittenRemedy(Name, Updates).With("epochs", Epochs, _standard.Epochs);

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public bool KeepsObjective => true;

    /// <inheritdoc/>
    public long EncoderUpdates(TrainingClock clock) => Updates * Math.Min(clock.Done, (long)Math.Ceiling(Epochs * clock.StepsPerEpoch));

    /// <inheritdoc/>
    public IEnumerable<string> Unfinished(RemedyUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        if (Epochs * use.Last.StepsPerEpoch <= use.Last.Steps * (1 + ScheduleEnd.Rounding)) return [];
        return
        [
            $"aggressive updates of the encoder last {ScheduleEnd.Count(Epochs, "epoch")} and the training has {ScheduleEnd.Epochs(use.Last)}: it ends with "
                + $"{ScheduleEnd.Count(Updates, "update")} of q before every step, so results are those of their phase alone",
        ];
    }

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (Updates < 1) throw new OrnsteinException($"aggressive updates of the encoder are {Updates} a step; it must be at least 1.");
        if (!(Epochs > 0 && double.IsFinite(Epochs)))
            throw new OrnsteinException($"aggressive updates of the encoder last {Epochs} epochs; it must be above 0.");
    }
}
