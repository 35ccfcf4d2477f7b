namespace Ornstein.Harmonics;

/// <summary>Where and how finely a function of a Gaussian is sampled to find its degree profile.</summary>
public sealed record HarmonicsOptions
{
    /// <summary>Highest degree k whose energy W_k is reported, 1 to 8.</summary>
    public int Degrees { get; init; } = 4;

    /// <summary>Independent great circles per datum, 3 to 1000: one to leave out while two are compared.</summary>
    public int Circles { get; init; } = 4;

    /// <summary>Points on a circle, an even number from 8 to 64; the noise stability is known at cos(2 pi l / points).</summary>
    public int Points { get; init; } = 16;

    /// <summary>Whether gradients are taken for Stein's estimate of W_1 and for sum k W_k. Only for functions without jumps.</summary>
    public bool Gradients { get; init; } = true;

    /// <summary>Evaluations of the function per datum.</summary>
    public int Evaluations => Circles * Points;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (Degrees is < 1 or > 8) throw new OrnsteinException($"degrees is {Degrees}; it must be 1 to 8.");
        if (Circles is < 3 or > 1000) throw new OrnsteinException($"circles is {Circles}; it must be 3 to 1000.");
        if (Points is < 8 or > 64 || Points % 2 != 0) throw new OrnsteinException($"points is {Points}; it must be an even number from 8 to 64.");
    }
}
