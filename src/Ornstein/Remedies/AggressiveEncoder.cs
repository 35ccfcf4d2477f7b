namespace Ornstein.Remedies;

/// <summary>
/// Aggressive updates of the encoder (He et al. 2019, "Lagging Inference Networks"): for the first epochs every step is preceded by steps that
/// move q alone, each on a batch of its own, so that q keeps up with p. The paper stops when the mutual information stops rising;
/// here the number of epochs is given, so that budgets can be compared.
/// </summary>
public sealed record AggressiveEncoder
{
    /// <summary>Updates of q before every step, at least 1.</summary>
    public int Updates { get; init; } = 5;

    /// <summary>Epochs that it lasts, above 0.</summary>
    public double Epochs { get; init; } = 5;

    /// <summary>Which update of q the n-th before a step is, from 1; 0 where there is none.</summary>
    /// <param name="clock">The moment of the step.</param>
    /// <param name="n">From 1.</param>
    internal long NumberOfUpdate(TrainingClock clock, int n) => n > Updates || clock.Epochs >= Epochs ? 0 : (clock.Done * (Updates + 1)) + n;

    /// <summary>Which update of q a step is, from 1.</summary>
    /// <param name="clock">The moment of the step.</param>
    internal long NumberOfStep(TrainingClock clock)
    {
        var preceded = (long)Math.Ceiling(Epochs * clock.StepsPerEpoch); // steps that have updates before them
        return clock.Done + 1 + (Updates * Math.Min(clock.Done + 1, preceded));
    }

    internal void Validate()
    {
        if (Updates < 1) throw new OrnsteinException($"aggressive updates of the encoder are {Updates} a step; it must be at least 1.");
        if (!(Epochs > 0 && double.IsFinite(Epochs)))
            throw new OrnsteinException($"aggressive updates of the encoder last {Epochs} epochs; it must be above 0.");
    }
}
