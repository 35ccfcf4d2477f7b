using MathNet.Numerics.LinearAlgebra;

namespace Ornstein.Diagnosis;

/// <summary>Second moments of a layer over data: of q's mean, and q's variance.</summary>
/// <param name="Covariance">C, of q's mean over the data and the layers below.</param>
/// <param name="Noise">N, the diagonal of q's mean variances, all above zero.</param>
internal sealed record Moments(Matrix<double> Covariance, Vector<double> Noise)
{
    /// <summary>From sums over data.</summary>
    public static Moments Of(double[] mean, double[] product, double[] variance, double count)
    {
        var units = mean.Length;
        return new(
            Matrix<double>.Build.Dense(units, units, (i, j) => (product[(i * units) + j] / count) - (mean[i] / count * (mean[j] / count))),
            Vector<double>.Build.Dense(units, i => variance[i] / count));
    }

    /// <summary>N^(-1/2) C N^(-1/2): rows and columns divided by the noise's standard deviations.</summary>
    public Matrix<double> Kappa() => Covariance.MapIndexed((i, j, value) => value / Math.Sqrt(Noise[i] * Noise[j]), Zeros.Include);
}

/// <summary>
/// A small linear code a of a layer above, and its best read-out r: the pair with the largest rho_eff^2 = (r.C a)^2 / (r.T r  a.(C + noise N) a), with T the diagonal of C + N
/// (docs/diagnosis.md, "The linear onset, for any networks").
/// </summary>
internal sealed class LinearCode
{
    private readonly Vector<double> _code, _readOut;
    private readonly double _noise;

    private LinearCode(Vector<double> code, Vector<double> readOut, double noise) => (_code, _readOut, _noise) = (code, readOut, noise);

    /// <summary>The best one of these moments: the first singular pair of T^(-1/2) C (C + noise N)^(-1/2).</summary>
    /// <param name="moments">Moments of some data.</param>
    /// <param name="noise">What q of the layer above reads of the noise: 1, or the squared effective rho where q is smoothed.</param>
    public static LinearCode Of(Moments moments, double noise)
    {
        var (units, kappa) = (moments.Noise.Count, moments.Kappa());
        var none = Vector<double>.Build.Dense(units, double.NaN);
        if (kappa.Enumerate().Any(value => !double.IsFinite(value))) return new(none, none, noise);
        var eigen = kappa.Evd(Symmetricity.Symmetric);
        // Rounding can leave a variance of zero a little below it.
        var along = eigen.EigenValues.Map(value => Math.Max(0, value.Real));
        var scaled = along.Map(value => value == 0 ? 0 : 1 / Math.Sqrt(value + noise));
        // In units of N.
        var response = Matrix<double>.Build.Dense(units, units, (i, j) =>
            eigen.EigenVectors[i, j] * along[j] * scaled[j] / Math.Sqrt(1 + Math.Max(0, kappa[i, i])));
        var code = eigen.EigenVectors * scaled.PointwiseMultiply(response.Svd().VT.Row(0));
        var readOut = (kappa * code).MapIndexed((i, value) => value / (1 + Math.Max(0, kappa[i, i])), Zeros.Include);
        var deviations = moments.Noise.Map(Math.Sqrt);
        return new(code.PointwiseDivide(deviations), readOut.PointwiseDivide(deviations), noise);
    }

    /// <summary>The effective rho up to which it grows, by other data's moments; 0 where they have it the other way round.</summary>
    public double Measured(Moments moments)
    {
        var through = moments.Covariance * _code;
        var read = _readOut * through;
        var own = (_code * through) + (_noise * (_code.PointwiseMultiply(_code) * moments.Noise));
        var squares = _readOut.PointwiseMultiply(_readOut);
        var total = (squares * moments.Covariance.Diagonal()) + (squares * moments.Noise);
        return double.IsNaN(read) ? double.NaN : read > 0 && own > 0 && total > 0 ? Math.Sqrt(read * read / (own * total)) : 0;
    }
}
