using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>Negative log-likelihoods of data and their gradients, in one pass over the network's outputs.</summary>
internal static unsafe class LikelihoodKernels
{
    /// <summary>
    /// Sum of -log p(x) = softplus(logit) - x logit, nats; where <paramref name="gradient"/> is not null it receives
    /// weight * (sigmoid(logit) - x).
    /// </summary>
    public static double Bernoulli(float* logits, float* x, int count, float weight, float* gradient)
    {
        var sum = default(LaneSum);
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Vector512<float> logit = Vector512.Load(logits + i), value = Vector512.Load(x + i);
            var e = Transcendental.ExpOfNegative(-Vector512.Abs(logit));
            sum.Add(Vector512.Max(logit, Vector512<float>.Zero) + Transcendental.Log1P(e) - (value * logit), count - i);
            if (gradient != null) Lanes.PutFirst(gradient + i, (Lanes.SigmoidOf(logit, e) - value) * weight, count - i);
        }

        return sum.Total();
    }

    /// <summary>
    /// Sum of (x - mean)^2; where <paramref name="gradient"/> is not null it receives weight * (mean - x).
    /// </summary>
    public static double SquaredError(float* mean, float* x, int count, float weight, float* gradient)
    {
        var sum = default(LaneSum);
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var difference = Vector512.Load(mean + i) - Vector512.Load(x + i);
            sum.Add(difference * difference, count - i);
            if (gradient != null) Lanes.PutFirst(gradient + i, difference * weight, count - i);
        }

        return sum.Total();
    }
}
