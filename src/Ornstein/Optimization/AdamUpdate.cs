using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Optimization;

/// <summary>
/// One step of Adam (Kingma and Ba 2015, algorithm 1) on a run of parameters: first and second moments, their bias corrected, and the
/// values, in one vectorised pass. A moment that has decayed to next to nothing is nothing: left alone it would stay among the numbers below the normal ones of float,
/// with which processors take many times as long, for as long as its gradient is zero, as it is where a pixel is always off.
/// </summary>
/// <param name="step">Number of the step, from 1.</param>
/// <param name="learningRate">Step size.</param>
/// <param name="options">Decays and epsilon.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly struct AdamUpdate(long step, double learningRate, AdamOptions options)
{
    // A first moment below this moves no value: times a rate over epsilon it is far below a rounding. It is small enough not to be one after a multiplication by the rate.
    private const float LeastFirst = 1e-30f;

    // The smallest normal numbers begin at 1.2e-38.
    private const float LeastSecond = 1e-37f;

    private readonly float _beta1 = (float)options.Beta1;
    private readonly float _beta2 = (float)options.Beta2;
    private readonly float _epsilon = (float)options.Epsilon;
    private readonly float _rate = (float)(learningRate / (1 - Math.Pow(options.Beta1, step)));
    private readonly float _correction = (float)(1 / (1 - Math.Pow(options.Beta2, step)));

    /// <summary>Step size over the correction of the first moment.</summary>
    public float Rate => _rate;

    /// <summary>What the second moment is multiplied by: its correction.</summary>
    public float Correction => _correction;

    /// <summary>Updates values and moments with gradients multiplied by <paramref name="factor"/>.</summary>
    public void Apply(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, float factor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var gradients = MemoryMarshal.Cast<float, Vector512<float>>(gradient)[..vectors.Length];
        var firsts = MemoryMarshal.Cast<float, Vector512<float>>(first)[..vectors.Length];
        var seconds = MemoryMarshal.Cast<float, Vector512<float>>(second)[..vectors.Length];
        var epsilon = Vector512.Create(_epsilon);
        var (leastFirst, leastSecond) = (Vector512.Create(LeastFirst), Vector512.Create(LeastSecond));
        for (var i = 0; i < vectors.Length; i++)
        {
            var g = gradients[i] * factor;
            var m = (firsts[i] * _beta1) + (g * (1 - _beta1));
            m &= Vector512.GreaterThanOrEqual(Vector512.Abs(m), leastFirst);
            var v = (seconds[i] * _beta2) + (g * g * (1 - _beta2));
            v &= Vector512.GreaterThanOrEqual(v, leastSecond);
            firsts[i] = m;
            seconds[i] = v;
            vectors[i] -= m * _rate / (Vector512.Sqrt(v * _correction) + epsilon);
        }

        for (var i = vectors.Length * Vector512<float>.Count; i < values.Length; i++)
        {
            var g = gradient[i] * factor;
            var m = (first[i] * _beta1) + (g * (1 - _beta1));
            var v = (second[i] * _beta2) + (g * g * (1 - _beta2));
            first[i] = MathF.Abs(m) >= LeastFirst ? m : 0;
            second[i] = v >= LeastSecond ? v : 0;
            values[i] -= first[i] * _rate / (MathF.Sqrt(second[i] * _correction) + _epsilon);
        }
    }
}
