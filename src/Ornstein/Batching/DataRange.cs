namespace Ornstein.Batching;

/// <summary>What the values of data are like, as far as a likelihood may mind.</summary>
/// <param name="Least">The least value as a batch can have it.</param>
/// <param name="Greatest">The greatest.</param>
/// <param name="Channels">Channels of a pixel: 1 for grey images and for what is no image.</param>
public sealed record DataRange(double Least, double Greatest, int Channels = 1)
{
    /// <summary>Whether all are grey levels, 0 to 255 over 255, as pixels are.</summary>
    public bool IsLevels { get; init; }
}
