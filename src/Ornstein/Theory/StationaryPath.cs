namespace Ornstein.Theory;

/// <summary>
/// Stationary points of a linear stack whose lowest m layers are active, by their top kappa alone. Stationarity in kappa_m gives
/// kappa_{m-1}, that in kappa_{m-1} gives kappa_{m-2}, and so on; that in kappa_1 gives the g = lambda / eta^2 they belong to. All
/// stationary points of a given g thus lie on one curve, and finding them is a search along a line. No step subtracts nearly equal
/// numbers (docs/theory.md, "The cascade").
/// </summary>
internal sealed class StationaryPath(double[] square, bool smoothsQ)
{
    /// <summary>q's part of link i: rho_i^2 where q is smoothed, else 1.</summary>
    public double Sigma(int link) => smoothsQ ? square[link] : 1;

    /// <summary>g of the stationary point with the given top kappa; infinite where there is none.</summary>
    /// <param name="kappa">On entry kappa of the last layer; on return all.</param>
    public double Descend(Span<double> kappa)
    {
        var above = kappa[^1];
        var slope = 1 / (1 + above); // derivative of twice the loss of this layer and those above by its kappa
        for (var link = kappa.Length - 2; link >= 0; link--)
        {
            var (r, sigma) = (square[link], Sigma(link));
            var sum = above + r;
            var scale = r + (slope * above * sum);
            var signal = slope * sum * sum / scale; // e = kappa^2 / ((1 + kappa)(kappa + sigma)), which is s^2 without smoothing of q
            var rest = r * (1 - (slope * sum)) / scale; // 1 - e
            if (!(rest > 0)) return double.PositiveInfinity;
            var b = signal * (1 + sigma);
            var own = (b + Math.Sqrt((b * b) + (4 * rest * signal * sigma))) / (2 * rest);
            var unexplained = r / sum;
            var q = sigma / (own + sigma);
            slope = (unexplained + ((1 - unexplained) * q * q))
                / (1 + (own * q) + (unexplained * own * own / (own + sigma)));
            kappa[link] = above = own;
        }

        return slope * (1 + above) * (1 + above);
    }

    /// <summary>KL of every layer at the best of all other parameters, nats.</summary>
    public double[] Kl(ReadOnlySpan<double> kappa)
    {
        var kl = new double[kappa.Length];
        for (var i = 0; i < kappa.Length; i++)
        {
            var own = kappa[i];
            if (i == kappa.Length - 1 || own == 0)
            {
                kl[i] = 0.5 * Math.Log(1 + own);
                continue;
            }

            var (sigma, unexplained) = (Sigma(i), square[i] / (kappa[i + 1] + square[i]));
            kl[i] = 0.5 * Math.Log(1 + (own * sigma / (own + sigma)) + (unexplained * own * own / (own + sigma)));
        }

        return kl;
    }
}
