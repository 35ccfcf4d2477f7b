using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Optimization;

/// <summary>Settings of Adam (Kingma and Ba 2015), with per-member bounds on the gradient's norm.</summary>
public sealed record AdamOptions
{
    /// <summary>Decay of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>
    /// What every second moment begins at, finite, at least 0. Bias is corrected as though it were 0, as the program of Burda et al. 2016 does: the first steps
    /// are short, until beta2^t of it is small beside the gradients' own squares. It has their unit, so that an objective summed over a batch of B data has
    /// one B^2 times that of their mean.
    /// </summary>
    public double InitialSecondMoment { get; init; }

    /// <summary>Added to the square root of the second moment, positive.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Greatest Euclidean norm of a member's gradient; a longer one is scaled to it. Null: no clipping.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Whether <see cref="ClipNorm"/> or <see cref="SkipNorm"/> is set.</summary>
    public bool BoundsGradients => (ClipNorm ?? SkipNorm) is not null;

    /// <summary>
    /// Norm of a member's gradient, before clipping, beyond which the member stays as it is in that step, values and moments, positive. Null: no step is skipped.
    /// </summary>
    public double? SkipNorm { get; init; }

    /// <summary>
    /// Decay of an exponential moving average of the parameters (<see cref="Adam.Average"/>), in (0, 1): it looks back over about 1 / (1 - decay) steps. Null: none is kept.
    /// </summary>
    public double? AverageDecay { get; init; }

    // The root of the greatest number of single precision: from here on the square of an element may be none, and would stay in its second moment for good.
    private const double Longest = 1.8e19;

    /// <summary>The norm of a gradient, infinite where it is so long that nothing could be learned from it as it is; where bounds are set, they see to it.</summary>
    internal double NormOf(double norm) => BoundsGradients || norm < Longest ? norm : double.IsNaN(norm) ? norm : double.PositiveInfinity;

    /// <summary>The same of every member's.</summary>
    internal Tensor NormOf(Tensor norms) => BoundsGradients ? norms : where(norms.IsAbove(Longest), norms.Times(double.PositiveInfinity), norms);

    /// <summary>Whether a gradient of this norm is finite and too long for a step.</summary>
    internal bool Skips(double norm) => norm > SkipNorm && double.IsFinite(norm);

    /// <summary>Whether a step is taken with a gradient of this norm.</summary>
    internal bool Takes(double norm) => double.IsFinite(norm) && !(norm > SkipNorm);

    /// <summary>The same of every member's, bool [members].</summary>
    internal Tensor Takes(Tensor norms) => SkipNorm is { } bound ? norms.isfinite() & norms.IsAtMost(bound) : norms.isfinite();

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (!(Beta1 >= 0 && (float)Beta1 < 1)) throw new OrnsteinException($"Adam's beta1 is {Beta1}; it must lie in [0, 1), also in single precision.");
        if (!(Beta2 >= 0 && (float)Beta2 < 1)) throw new OrnsteinException($"Adam's beta2 is {Beta2}; it must lie in [0, 1), also in single precision.");
        if (!(InitialSecondMoment >= 0 && float.IsFinite((float)InitialSecondMoment)))
            throw new OrnsteinException($"Adam's second moment begins at {InitialSecondMoment}; it must be 0 or more, and finite.");
        if (!((float)Epsilon > 0 && float.IsFinite((float)Epsilon))) throw new OrnsteinException($"Adam's epsilon is {Epsilon}; it must be positive and finite, also in single precision.");
        if (ClipNorm is { } clip && !(clip > 0)) throw new OrnsteinException($"clip norm is {clip}; it must be positive.");
        if (AverageDecay is { } decay && !(decay is > 0 and < 1)) throw new OrnsteinException($"the decay of the weights' average is {decay}; it must lie in (0, 1).");
        if (SkipNorm is { } skip && !(skip > 0)) throw new OrnsteinException($"skip norm is {skip}; it must be positive.");
    }
}
