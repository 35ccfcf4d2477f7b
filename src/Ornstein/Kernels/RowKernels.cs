using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>Log-densities summed row by row; up to 15 numbers beyond a matrix are read and left out.</summary>
internal static unsafe class RowKernels
{
    /// <summary>sums[r] += sign * log N(z; mean, deviation^2), summed over the row, nats.</summary>
    /// <param name="z">Points, [rows, width].</param>
    /// <param name="mean">Means, [rows, width]; null for N(0, 1).</param>
    /// <param name="deviation">Standard deviations, [rows, width]; null for N(0, 1).</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="sign">1 or -1.</param>
    /// <param name="sums">What is added to, [rows].</param>
    public static void AddLogDensity(float* z, float* mean, float* deviation, int width, int rows, float sign, float* sums)
    {
        var constant = width * 0.5f * MathF.Log(2 * MathF.PI);
        for (var row = 0; row < rows; row++)
        {
            var sum = Vector512<float>.Zero;
            for (var j = 0; j < width; j += Lanes.Count)
            {
                var eps = Vector512.Load(z + j);
                var logs = Vector512<float>.Zero;
                if (mean != null)
                {
                    var s = Vector512.Load(deviation + j);
                    eps = (eps - Vector512.Load(mean + j)) / s;
                    logs = Transcendental.Log(s);
                }

                sum += Lanes.First((eps * eps * 0.5f) + logs, width - j);
            }

            sums[row] -= sign * (Vector512.Sum(sum) + constant);
            z += width;
            if (mean == null) continue;
            mean += width;
            deviation += width;
        }
    }

    /// <summary>sums[r] += log p(x) of binary data, nats; <paramref name="samples"/> rows after one another belong to the same row of x.</summary>
    public static void AddBernoulli(float* logits, float* x, int width, int rows, int samples, float* sums)
    {
        for (var row = 0; row < rows; row++, logits += width)
        {
            var data = x + ((nint)(row / samples) * width);
            var sum = Vector512<float>.Zero;
            for (var j = 0; j < width; j += Lanes.Count)
            {
                var logit = Vector512.Load(logits + j);
                var softplus = Vector512.Max(logit, Vector512<float>.Zero)
                    + Transcendental.Log1P(Transcendental.ExpOfNegative(-Vector512.Abs(logit)));
                sum += Lanes.First(softplus - (logit * Vector512.Load(data + j)), width - j);
            }

            sums[row] -= Vector512.Sum(sum);
        }
    }

    /// <summary>sums[r] += log N(x; mean, variance I), nats; <paramref name="samples"/> rows after one another belong to the same row of x.</summary>
    public static void AddGaussian(float* mean, float* x, double variance, int width, int rows, int samples, float* sums)
    {
        var constant = (float)(0.5 * width * Math.Log(2 * Math.PI * variance));
        for (var row = 0; row < rows; row++, mean += width)
        {
            var data = x + ((nint)(row / samples) * width);
            var sum = Vector512<float>.Zero;
            for (var j = 0; j < width; j += Lanes.Count)
            {
                var difference = Vector512.Load(mean + j) - Vector512.Load(data + j);
                sum += Lanes.First(difference * difference, width - j);
            }

            sums[row] -= (float)(Vector512.Sum(sum) / (2 * variance)) + constant;
        }
    }
}
