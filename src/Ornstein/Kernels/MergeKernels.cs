using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>
/// Two Gaussians N(m, s^2) and N(mu, sigma^2) merged by precision (<see cref="Models.LadderInference.Merge"/>): with a = sigma^2 / (s^2 + sigma^2), mean
/// mu + a (m - mu) and standard deviation s sqrt(a).
/// </summary>
internal static unsafe class MergeKernels
{
    /// <summary>Mean and standard deviation.</summary>
    public static void Merge(float* m, float* s, float* mu, float* sigma, float* mean, float* deviation, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Vector512<float> own = Vector512.Load(s + i), other = Vector512.Load(sigma + i), from = Vector512.Load(mu + i);
            var share = other * other / ((own * own) + (other * other));
            Vector512.FusedMultiplyAdd(share, Vector512.Load(m + i) - from, from).Store(mean + i);
            (own * Vector512.Sqrt(share)).Store(deviation + i);
        }
    }

    /// <summary>
    /// Their gradients. With A = dL/da = dL/dmean (m - mu) + dL/ddeviation s / (2 sqrt(a)): of s, dL/ddeviation sqrt(a) - 2 A a s / (s^2 + sigma^2);
    /// of sigma, 2 A (1 - a) sigma / (s^2 + sigma^2).
    /// </summary>
    public static void Gradient(
        float* m, float* s, float* mu, float* sigma, float* meanGradient, float* deviationGradient, int count,
        float* mGradient, bool addM, float* sGradient, bool addS, float* muGradient, bool addMu, float* sigmaGradient, bool addSigma)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Vector512<float> own = Vector512.Load(s + i), other = Vector512.Load(sigma + i);
            Vector512<float> ofMean = Vector512.Load(meanGradient + i), ofDeviation = Vector512.Load(deviationGradient + i);
            var inverse = Vector512<float>.One / ((own * own) + (other * other));
            var share = other * other * inverse;
            var root = Vector512.Sqrt(share);
            var ofShare = (ofMean * (Vector512.Load(m + i) - Vector512.Load(mu + i))) + (ofDeviation * own * 0.5f / root);
            Lanes.Put(mGradient + i, ofMean * share, addM);
            Lanes.Put(muGradient + i, ofMean * (Vector512<float>.One - share), addMu);
            Lanes.Put(sGradient + i, (ofDeviation * root) - (ofShare * share * own * inverse * 2), addS);
            Lanes.Put(sigmaGradient + i, ofShare * (own * own * inverse) * other * inverse * 2, addSigma);
        }
    }
}
