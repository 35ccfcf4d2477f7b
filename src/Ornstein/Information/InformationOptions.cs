namespace Ornstein.Information;

/// <summary>How the mutual information of layers with the data is estimated.</summary>
public sealed record InformationOptions
{
    /// <summary>Data that it is measured on, at most: the first ones. The lower bound cannot exceed the logarithm of this number.</summary>
    public int Data { get; init; } = 1000;

    /// <summary>Draws S per datum of the layers that q(z_i | x) is a mixture over.</summary>
    public int Draws { get; init; } = 32;

    /// <summary>Seed of the noise; the same for all members.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (Data < 2) throw new OrnsteinException($"information data is {Data}; it must be at least 2.");
        if (Draws < 1) throw new OrnsteinException($"information draws is {Draws}; it must be at least 1.");
    }
}
