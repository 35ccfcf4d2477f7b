namespace Ornstein.Optimization;

/// <summary>Settings of Adam (Kingma and Ba 2015), with per-member clipping of the gradient's norm.</summary>
public sealed record AdamOptions
{
    /// <summary>Decay of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the square root of the second moment, positive.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Greatest Euclidean norm of a member's gradient; a longer one is scaled to it. Null: no clipping.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (!(Beta1 is >= 0 and < 1)) throw new OrnsteinException($"Adam's beta1 is {Beta1}; it must lie in [0, 1).");
        if (!(Beta2 is >= 0 and < 1)) throw new OrnsteinException($"Adam's beta2 is {Beta2}; it must lie in [0, 1).");
        if (!(Epsilon > 0)) throw new OrnsteinException($"Adam's epsilon is {Epsilon}; it must be positive.");
        if (ClipNorm is { } clip && !(clip > 0)) throw new OrnsteinException($"clip norm is {clip}; it must be positive.");
    }
}
