using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Harmonics;

/// <summary>
/// What the evaluations of a function on its circles say about it, datum by datum: every statistic is an unbiased estimate, summed over
/// outputs, that data are averaged over.
/// </summary>
internal sealed class CircleStatistics(HarmonicsOptions options)
{
    /// <summary>Stab at lags 0 to points / 2, each with the same unknown constant added.</summary>
    public int Lags => (options.Points / 2) + 1;

    /// <summary>Place of |E f|^2 with the constant of the lags, from products of the means of different circles.</summary>
    public int MeanProduct => Lags;

    /// <summary>Place of |f|^2 as it is: the scale to which rounding is relative.</summary>
    public int MeanSquare => Lags + 1;

    /// <summary>Place of W_1 by Stein's identity, |E grad f|^2.</summary>
    public int Stein => Lags + 2;

    /// <summary>Place of E |grad f|^2 = sum k W_k.</summary>
    public int GradientEnergy => Lags + 3;

    /// <summary>Place of W_1 by the Hermite kernel; further degrees follow.</summary>
    public int Kernel => Lags + 4;

    public int Count => Kernel + options.Degrees;

    /// <summary>All statistics, float64 [members, data, statistics].</summary>
    /// <param name="eps">The points, [1, circles * points, data, units].</param>
    /// <param name="outputs">f, [members, circles * points, data, outputs].</param>
    /// <param name="gradients">Gradients of v.f for a random sign vector v of each datum, shape of the points with members, or null.</param>
    public Tensor Of(Tensor eps, Tensor outputs, Tensor? gradients)
    {
        var (members, data, units) = (outputs.shape[0], outputs.shape[2], outputs.shape[3]);
        // The data first; everything below is per datum. Where only the raw square needs the mean, it is taken off: float32 has few digits.
        var f = outputs.to(ScalarType.Float64).permute(0, 2, 1, 3); // [members, data, N, outputs]
        var raw = f.Squared().sum([-1L]).mean([-1L]);
        var u = f - f.mean([2L], keepdim: true);
        var circles = u.reshape(members, data, options.Circles, options.Points, units);
        var columns = new List<Tensor>();
        for (var lag = 0; lag < Lags; lag++) columns.Add((circles * circles.roll(lag, 3)).sum([-1L]).mean([2L, 3L]));
        var means = circles.mean([3L]); // [members, data, circles, outputs]
        columns.Add(AcrossCircles(means));
        columns.Add(raw);
        if (gradients is null)
        {
            columns.Add(TensorCreation.FilledLike(raw, double.NaN));
            columns.Add(TensorCreation.FilledLike(raw, double.NaN));
        }
        else
        {
            var g = gradients.to(ScalarType.Float64).permute(0, 2, 1, 3);
            columns.Add(AcrossCircles(g.reshape(members, data, options.Circles, options.Points, -1).mean([3L])));
            columns.Add(g.Squared().sum([-1L]).mean([-1L]));
        }

        return cat([stack(columns, -1), KernelEnergies(eps, u, means)], -1);
    }

    // Mean over pairs of different circles of the inner products of their means: the mean over all splits into independent halves.
    private Tensor AcrossCircles(Tensor means) =>
        (means.sum([2L]).Squared().sum([-1L]) - means.Squared().sum([-1L, -2L])).Over(options.Circles * (options.Circles - 1.0));

    // Mean of (f(e) - c).(f(e') - c) K_k(e, e') over pairs of different circles, c the mean over all other circles: c is independent of the
    // pair, so degrees k >= 1 stay unbiased, and without its mean f is less noisy. u has mean zero, so c = -(U_a + U_b) / (circles - 2).
    private Tensor KernelEnergies(Tensor eps, Tensor u, Tensor means)
    {
        var e = eps.select(0, 0).to(ScalarType.Float64).permute(1, 0, 2); // [data, N, units]
        var norms = e.Squared().sum([-1L], keepdim: true);
        var kernels = HermiteKernel.UpTo(
            options.Degrees, (int)e.shape[2], matmul(e, e.transpose(-1, -2)), norms.Plus(norms.transpose(-1, -2)));
        var own = means.unsqueeze(3).expand(-1, -1, -1, options.Points, -1).reshape(u.shape); // U of each point's circle
        var cross = matmul(u, own.transpose(-1, -2));
        var (toOwn, square) = ((u * own).sum([-1L], keepdim: true), own.Squared().sum([-1L], keepdim: true));
        var others = options.Circles - 2.0;
        var products = matmul(u, u.transpose(-1, -2))
            .Plus(toOwn.Plus(toOwn.transpose(-1, -2)).Plus(cross).Plus(cross.transpose(-1, -2)).Over(others))
            .Plus(square.Plus(square.transpose(-1, -2)).Plus(matmul(own, own.transpose(-1, -2)).Times(2)).Over(others * others));
        var circle = tensor(Enumerable.Range(0, options.Evaluations).Select(evaluation => evaluation / options.Points).ToArray());
        var apart = circle.unsqueeze(0).ne(circle.unsqueeze(1)).to(ScalarType.Float64);
        products *= apart / apart.sum([]);
        return stack(kernels.Skip(1).Select(kernel => (products * kernel).sum([-1L, -2L])), -1);
    }
}
