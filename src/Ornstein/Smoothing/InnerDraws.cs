using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Smoothing;

/// <summary>The inner draws eps' of one application of the operator.</summary>
/// <param name="Points">eps', [members or 1, draws, batch or 1, units].</param>
/// <param name="Weights">Weights of a quadrature, [draws, 1, 1], which sum to one; null where all are equal.</param>
internal sealed record InnerDraws(Tensor Points, Tensor? Weights)
{
    /// <summary>Number of draws.</summary>
    public long Count => Points.shape[1];

    /// <summary>
    /// The mean of the draws as the only one, which is all that an affine function needs. For independent and for antithetic draws it is
    /// drawn from its own law, N(0, 1/K) and N(0, 1/K^2) for odd K, without the K draws.
    /// </summary>
    public static InnerDraws MakeMean(SmoothingOptions options, StackNoise noise, string place, long batch, long units)
    {
        double draws = options.Draws;
        switch (options.Sampler)
        {
            case SmoothingSampler.Iid:
                return new InnerDraws(noise.Normal(place, 1, batch, units).Over(Math.Sqrt(draws)), null);
            case SmoothingSampler.Antithetic when options.Draws % 2 == 0:
                return new InnerDraws(zeros(1, 1, 1, units), null);
            case SmoothingSampler.Antithetic: // pairs cancel, and one draw is left over
                return new InnerDraws(noise.Normal(place, 1, batch, units).Over(draws), null);
            default:
                var all = Make(options, noise, place, batch, units);
                var weighted = all.Weights is null ? all.Points.mean([1L], keepdim: true) : (all.Points * all.Weights).sum([1L], keepdim: true);
                return new InnerDraws(weighted, null);
        }
    }

    /// <summary>Writes the points of independent or antithetic draws, [draws, batch, units], those of <see cref="Make"/>.</summary>
    public static void Fill(SmoothingOptions options, RandomKey key, Span<float> points)
    {
        switch (options.Sampler)
        {
            case SmoothingSampler.Iid:
                key.FillNormal(points);
                break;
            case SmoothingSampler.Antithetic:
                var half = points[..(points.Length / options.Draws * ((options.Draws + 1) / 2))];
                key.FillNormal(half);
                for (var i = half.Length; i < points.Length; i++) points[i] = -points[i - half.Length];
                break;
            default:
                throw new InvalidOperationException($"{options.Sampler} draws have no way without tensors.");
        }
    }

    /// <summary>Writes the mean of independent or antithetic draws, [batch, units], that of <see cref="MakeMean"/>.</summary>
    public static void FillMean(SmoothingOptions options, RandomKey key, Span<float> points)
    {
        if (options.Sampler == SmoothingSampler.Antithetic && options.Draws % 2 == 0)
        {
            points.Clear();
            return;
        }

        var scale = options.Sampler switch
        {
            SmoothingSampler.Iid => Math.Sqrt(options.Draws),
            SmoothingSampler.Antithetic => options.Draws,
            _ => throw new InvalidOperationException($"{options.Sampler} draws have no way without tensors."),
        };
        key.FillNormal(points);
        for (var i = 0; i < points.Length; i++) points[i] /= (float)scale;
    }

    public static InnerDraws Make(SmoothingOptions options, StackNoise noise, string place, long batch, long units)
    {
        long draws = options.Draws;
        switch (options.Sampler)
        {
            case SmoothingSampler.Iid:
                return new InnerDraws(noise.Normal(place, draws, batch, units), null);
            case SmoothingSampler.Antithetic:
                var half = noise.Normal(place, (draws + 1) / 2, batch, units);
                return new InnerDraws(cat([half, -half], 1).narrow(1, 0, draws), null);
            case SmoothingSampler.Sobol:
                return new InnerDraws(noise.Draw(place, batch, (key, rows) => SobolPoints.ScrambledNormal(key, draws, rows, units)), null);
            case SmoothingSampler.GaussHermite:
                var (points, weights) = GaussHermiteRule.Grid((int)draws, (int)units);
                return new InnerDraws(
                    noise.FromProcessor(() => points.reshape(1, points.shape[0], 1, units)), noise.FromProcessor(() => weights.reshape(-1, 1, 1)));
            default:
                throw new InvalidOperationException($"{options.Sampler} is no sampler.");
        }
    }
}
