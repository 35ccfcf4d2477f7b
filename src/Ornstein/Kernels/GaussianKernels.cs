using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>Elementwise arithmetic of diagonal Gaussians and its derivatives, on whole vectors; `add` flags say where gradients accumulate.</summary>
internal static unsafe class GaussianKernels
{
    /// <summary>Standard deviations softplus(raw) + minimum.</summary>
    public static void Positive(float* raw, float* deviation, float minimum, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            (Lanes.Softplus(Vector512.Load(raw + i)) + Vector512.Create(minimum)).Store(deviation + i);
        }
    }

    /// <summary>Gradient of raw from that of softplus(raw).</summary>
    public static void PositiveGradient(float* raw, float* deviationGradient, float* rawGradient, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            (Vector512.Load(deviationGradient + i) * Lanes.Sigmoid(Vector512.Load(raw + i))).Store(rawGradient + i);
        }
    }

    /// <summary>Standard deviations s / (s / cap + 1), below a cap (<see cref="Remedies.CommittedRate"/>).</summary>
    public static void Cap(float* deviation, float inverseCap, float* capped, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var s = Vector512.Load(deviation + i);
            (s / ((s * inverseCap) + Vector512<float>.One)).Store(capped + i);
        }
    }

    /// <summary>Their gradient: 1 / (s / cap + 1)^2.</summary>
    public static void CapGradient(float* deviation, float inverseCap, float* cappedGradient, float* gradient, bool add, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var root = (Vector512.Load(deviation + i) * inverseCap) + Vector512<float>.One;
            Lanes.Put(gradient + i, Vector512.Load(cappedGradient + i) / (root * root), add);
        }
    }

    /// <summary>z = mean + deviation * eps.</summary>
    public static void Sample(float* mean, float* deviation, float* eps, float* z, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Vector512.FusedMultiplyAdd(Vector512.Load(deviation + i), Vector512.Load(eps + i), Vector512.Load(mean + i)).Store(z + i);
        }
    }

    /// <summary>Gradients of mean and deviation from that of z.</summary>
    public static void SampleGradient(float* z, float* eps, float* mean, bool addMean, float* deviation, bool addDeviation, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var gradient = Vector512.Load(z + i);
            Lanes.Put(mean + i, gradient, addMean);
            Lanes.Put(deviation + i, gradient * Vector512.Load(eps + i), addDeviation);
        }
    }

    /// <summary>Sum of KL(N(m, s^2) || N(mu, sigma^2)), nats.</summary>
    public static double Kl(float* m, float* s, float* mu, float* sigma, int count)
    {
        var sum = default(LaneSum);
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var inverse = Vector512<float>.One / Vector512.Load(sigma + i);
            var ratio = Vector512.Load(s + i) * inverse;
            var shift = (Vector512.Load(m + i) - Vector512.Load(mu + i)) * inverse;
            sum.Add((((ratio * ratio) + (shift * shift) - Vector512<float>.One) * 0.5f) - Transcendental.Log(ratio), count - i);
        }

        return sum.Total();
    }

    /// <summary>Gradients of weight * KL(N(m, s^2) || N(mu, sigma^2)), those of mu and sigma written.</summary>
    public static void KlGradient<TWeights>(
        float* m, float* s, float* mu, float* sigma, TWeights weights, int count,
        float* mGradient, bool addM, float* sGradient, bool addS, float* muGradient, float* sigmaGradient)
        where TWeights : struct, IWeights
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var weight = weights.At(i);
            var deviation = Vector512.Load(s + i);
            var inverse = Vector512<float>.One / Vector512.Load(sigma + i);
            var ratio = deviation * inverse;
            var shift = (Vector512.Load(m + i) - Vector512.Load(mu + i)) * inverse;
            var towards = shift * inverse * weight;
            Lanes.Put(mGradient + i, towards, addM);
            Lanes.Put(sGradient + i, ((ratio * inverse) - (Vector512<float>.One / deviation)) * weight, addS);
            (-towards).Store(muGradient + i);
            ((Vector512<float>.One - (ratio * ratio) - (shift * shift)) * inverse * weight).Store(sigmaGradient + i);
        }
    }

    /// <summary>Sum of KL(N(m, s^2) || N(0, 1)), nats.</summary>
    public static double KlFromStandard(float* m, float* s, int count)
    {
        var sum = default(LaneSum);
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Vector512<float> mean = Vector512.Load(m + i), deviation = Vector512.Load(s + i);
            sum.Add((((deviation * deviation) + (mean * mean) - Vector512<float>.One) * 0.5f) - Transcendental.Log(deviation), count - i);
        }

        return sum.Total();
    }

    /// <summary>Gradients of weight * KL(N(m, s^2) || N(0, 1)).</summary>
    public static void KlFromStandardGradient<TWeights>(
        float* m, float* s, TWeights weights, int count, float* mGradient, bool addM, float* sGradient, bool addS)
        where TWeights : struct, IWeights
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var weight = weights.At(i);
            var deviation = Vector512.Load(s + i);
            Lanes.Put(mGradient + i, Vector512.Load(m + i) * weight, addM);
            Lanes.Put(sGradient + i, (deviation - (Vector512<float>.One / deviation)) * weight, addS);
        }
    }

    /// <summary>Sums over rows of KL(N(m, s^2) || N(mu, sigma^2)) of 16 columns, nats; null mu and sigma stand for N(0, 1).</summary>
    public static Vector512<float> KlOfColumns(float* m, float* s, float* mu, float* sigma, int width, int rows)
    {
        var sum = Vector512<float>.Zero;
        for (var (row, i) = (0, 0); row < rows; row++, i += width)
        {
            Vector512<float> ratio = Vector512.Load(s + i), shift = Vector512.Load(m + i);
            if (mu != null)
            {
                var inverse = Vector512<float>.One / Vector512.Load(sigma + i);
                (ratio, shift) = (ratio * inverse, (shift - Vector512.Load(mu + i)) * inverse);
            }

            sum += (((ratio * ratio) + (shift * shift) - Vector512<float>.One) * 0.5f) - Transcendental.Log(ratio);
        }

        return sum;
    }
}
