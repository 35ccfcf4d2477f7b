namespace Ornstein.Probes;

/// <summary>How labels are read from samples of a layer.</summary>
public sealed record ProbeOptions
{
    /// <summary>Training data that probes are fitted to, at most: the first ones.</summary>
    public int Data { get; init; } = 10_000;

    /// <summary>Neighbours that vote.</summary>
    public int Neighbours { get; init; } = 10;

    /// <summary>Ridge penalty per datum on the weights of standardised samples.</summary>
    public double Penalty { get; init; } = 1e-3;

    /// <summary>Seed of the noise; the same for all members.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (Data < 1) throw new OrnsteinException($"probe data is {Data}; it must be at least 1.");
        if (Neighbours < 1) throw new OrnsteinException($"neighbours is {Neighbours}; it must be at least 1.");
        if (!(Penalty > 0 && double.IsFinite(Penalty))) throw new OrnsteinException($"probe penalty is {Penalty}; it must be a positive number.");
    }
}
