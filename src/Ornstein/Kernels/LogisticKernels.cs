using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>
/// Grey levels under logistic distributions cut into bins (<see cref="Likelihoods.DiscretizedLogistic"/> is the same with tensors). Of a row there are the means of all
/// features, then the logs of their scales. Up to 15 numbers beyond a row are read and left out.
/// </summary>
internal static unsafe class LogisticKernels
{
    private const float Half = 1f / 255, LeastLogScale = -7;

    /// <summary>-log p of a row, nats; where <paramref name="gradient"/> is not null it receives weight times the gradient by <paramref name="output"/>.</summary>
    public static double NegativeLogMass(float* output, float* x, int features, float weight, float* gradient)
    {
        var sum = default(LaneSum);
        for (var i = 0; i < features; i += Lanes.Count)
        {
            sum.Add(NegativeLogMass(Vector512.Load(x + i), Vector512.Load(output + i), Vector512.Load(output + features + i), out var mean, out var logScale), features - i);
            if (gradient == null) continue;
            Lanes.PutFirst(gradient + i, mean * weight, features - i);
            Lanes.PutFirst(gradient + features + i, logScale * weight, features - i);
        }

        return sum.Total();
    }

    // With u and v the upper and lower end of a level's bin, from the mean and in scales, p is sigma(u) sigma(-v) (1 - e^-(u - v)).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> NegativeLogMass(
        Vector512<float> x, Vector512<float> mean, Vector512<float> logScale, out Vector512<float> byMean, out Vector512<float> byLogScale)
    {
        Vector512<float> one = Vector512<float>.One, zero = Vector512<float>.Zero;
        var clamped = Vector512.Max(logScale, Vector512.Create(LeastLogScale));
        var e = Transcendental.ExpOfNegative(-Vector512.Abs(clamped));
        var inverse = Vector512.ConditionalSelect(Vector512.LessThan(clamped, zero), one / e, e);
        var centred = (x * 2) - one - mean;
        Vector512<float> u = (centred + Vector512.Create(Half)) * inverse, v = (centred - Vector512.Create(Half)) * inverse;
        Vector512<float> isHighest = Vector512.GreaterThan(x, Vector512.Create(1 - (Half / 2))), isLowest = Vector512.LessThan(x, Vector512.Create(Half / 2));
        Vector512<float> ofU = Transcendental.ExpOfNegative(-Vector512.Abs(u)), ofV = Transcendental.ExpOfNegative(-Vector512.Abs(v));
        var upper = Vector512.Max(-u, zero) + Transcendental.Log1P(ofU);
        var lower = Vector512.Max(v, zero) + Transcendental.Log1P(ofV);
        Vector512<float> byU = -Lanes.SigmoidOf(-u, ofU), byV = Lanes.SigmoidOf(v, ofV);
        var width = inverse * (2 * Half);
        var mass = OneLessExp(width);
        var log = Vector512.ConditionalSelect(isHighest | isLowest, zero, Transcendental.Log(mass));
        (upper, byU) = (Vector512.ConditionalSelect(isHighest, zero, upper), Vector512.ConditionalSelect(isHighest, zero, byU));
        (lower, byV) = (Vector512.ConditionalSelect(isLowest, zero, lower), Vector512.ConditionalSelect(isLowest, zero, byV));
        var byWidth = Vector512.ConditionalSelect(isHighest | isLowest, zero, width * (one - mass) / mass);
        byMean = -(byU + byV) * inverse;
        byLogScale = Vector512.ConditionalSelect(Vector512.LessThan(logScale, Vector512.Create(LeastLogScale)), zero, byWidth - (byU * u) - (byV * v));
        return upper + lower - log;
    }

    // 1 - e^-x for positive x, by its series where a difference would lose digits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> OneLessExp(Vector512<float> x)
    {
        var y = Vector512.FusedMultiplyAdd(x, Vector512.Create(-1f / 720), Vector512.Create(1f / 120));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(-1f / 24));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(1f / 6));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(-0.5f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512<float>.One) * x;
        y = Vector512.Max(y, Vector512.Create(1.2e-38f));
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(0.25f)), y, Vector512<float>.One - Transcendental.ExpOfNegative(-x));
    }
}
