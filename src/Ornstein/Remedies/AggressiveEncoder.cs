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

    internal void Validate()
    {
        if (Updates < 1) throw new OrnsteinException($"aggressive updates of the encoder are {Updates} a step; it must be at least 1.");
        if (!(Epochs > 0 && double.IsFinite(Epochs)))
            throw new OrnsteinException($"aggressive updates of the encoder last {Epochs} epochs; it must be above 0.");
    }
}
