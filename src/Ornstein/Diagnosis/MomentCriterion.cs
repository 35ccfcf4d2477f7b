using Ornstein.Harmonics;
using Ornstein.Results;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Diagnosis;

/// <summary>
/// The largest eigenvalue of Cov(E[phi | z]) of one layer of one model, from below. A code is found on one half of the data and measured on
/// the other, halves are swapped and the two averaged: a code that was found badly has less, and none has more, so that the estimate is too low
/// by what the regression misses.
/// </summary>
internal static class MomentCriterion
{
    /// <summary>Groups of data, of which the even ones are one half: more are not needed for a standard error.</summary>
    public const int Groups = Jackknife.MostGroups;

    /// <summary>The root of the eigenvalue, and where its eigenvector lies.</summary>
    /// <param name="samples">z, double, [rows, units].</param>
    /// <param name="means">Means of q at the same rows, double, [rows, units].</param>
    /// <param name="variances">Variances of q at the same rows, double, [rows, units].</param>
    /// <param name="groups">The group of the datum of every row, from 0 to <see cref="Groups"/> - 1.</param>
    public static (Estimate Onset, FirstCode Code) Of(Tensor samples, Tensor means, Tensor variances, int[] groups)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var centre = means.mean([0L]);
        var total = (means - centre).Squared().mean([0L]).Plus(variances.mean([0L]));
        var units = (samples - centre) / total.sqrt();
        var shift = (means - centre) / total.sqrt();
        var moments = cat([shift, shift.Squared().Plus(variances / total).Minus(1).Times(Math.Sqrt(0.5))], 1);

        var perHalf = new double[2][][]; // sums of the groups of a half
        var widths = 0.0;
        for (var half = 0; half < 2; half++)
        {
            using var halfScope = NewDisposeScope();
            var code = Best(units, moments, groups, 1 - half);
            widths += code.Direction.narrow(0, units.shape[1], units.shape[1]).Squared().sum([]).item<double>() / 2;
            perHalf[half] = [.. Enumerable.Range(0, Groups).Where(g => g % 2 == half).Select(g =>
            {
                var (z, phi) = Rows(units, moments, groups, own => own == g);
                return Sums(code, z, phi);
            })];
        }

        // Without each group, and of all data.
        double Root(int without) => Math.Sqrt(Math.Max(0, Enumerable.Range(0, 2).Average(half =>
            Gain(perHalf[half].Where((_, i) => (2 * i) + half != without)))));
        return (
            Jackknife.Of([.. Enumerable.Range(0, Groups + 1).Select(g => Root(g == Groups ? -1 : g))]),
            new FirstCode { WidthShare = widths });
    }

    // What is read and with which penalty is chosen inside the half, by halves of it.
    private static CodeReadOut Best(Tensor units, Tensor moments, int[] groups, int half)
    {
        var (inside, beside) = (Rows(units, moments, groups, g => g % 4 == half), Rows(units, moments, groups, g => g % 4 == half + 2));
        var (kind, penalty, highest) = (ReadOutKind.Linear, 0, double.NegativeInfinity);
        foreach (var tried in Enum.GetValues<ReadOutKind>())
        {
            var gains = CodeReadOut.Fit(inside.Units, inside.Moments, tried)
                .Select(code => Gain([Sums(code, beside.Units, beside.Moments)])).ToArray();
            var best = Array.IndexOf(gains, gains.Max());
            if (best >= 0 && gains[best] > highest) (kind, penalty, highest) = (tried, best, gains[best]);
        }

        var all = Rows(units, moments, groups, g => g % 2 == half);
        return CodeReadOut.Fit(all.Units, all.Moments, kind)[penalty];
    }

    private static (Tensor Units, Tensor Moments) Rows(Tensor units, Tensor moments, int[] groups, Func<int, bool> wanted)
    {
        var index = tensor(Enumerable.Range(0, groups.Length).Where(row => wanted(groups[row])).Select(row => (long)row).ToArray());
        return (units.index_select(0, index), moments.index_select(0, index));
    }

    private static double[] Sums(CodeReadOut code, Tensor units, Tensor moments)
    {
        using var scope = NewDisposeScope();
        var (a, phi) = code.Read(units, moments);
        return [a.shape[0], .. new[] { a, phi, a.Squared(), a * phi }.Select(values => values.sum([]).item<double>())];
    }

    // Cov(u.phi, a)^2 / Var a; a code that reads the wrong way round counts against it, or chance alone would be a gain.
    private static double Gain(IEnumerable<double[]> parts)
    {
        var sums = parts.Aggregate(new double[5], (total, part) => [.. total.Zip(part, (x, y) => x + y)]);
        var (code, moment) = (sums[1] / sums[0], sums[2] / sums[0]);
        var (variance, covariance) = ((sums[3] / sums[0]) - (code * code), (sums[4] / sums[0]) - (code * moment));
        return variance > 0 ? covariance * Math.Abs(covariance) / variance : 0;
    }
}
