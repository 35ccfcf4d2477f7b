using MathNet.Numerics.LinearAlgebra;

namespace Ornstein.Tests.Diagnosis;

/// <summary>
/// The criterion of a layer whose q is one of finitely many Gaussians, without a regression: E[phi | z] is a sum over them, weighted with their
/// posterior, and its covariance an integral by quadrature.
/// </summary>
internal sealed class MixtureMoments
{
    /// <summary>Nodes in each unit. A posterior has poles beside the real axis, where an even grid converges and Gauss-Hermite nodes hardly do.</summary>
    public const int Nodes = 120;

    private readonly double[] _weights;
    private readonly double[][] _means;
    private readonly double[][] _variances;

    /// <param name="weights">Probabilities, one per Gaussian.</param>
    /// <param name="means">Their means, [Gaussians][units].</param>
    /// <param name="variances">Their variances, [Gaussians][units].</param>
    /// <param name="nodes">Nodes of the quadrature in each unit.</param>
    public MixtureMoments(double[] weights, double[][] means, double[][] variances, int nodes = Nodes)
    {
        (_weights, _means, _variances) = (weights, means, variances);
        var units = Units = means[0].Length;
        Centre = [.. Enumerable.Range(0, units).Select(j => weights.Select((w, n) => w * means[n][j]).Sum())];
        Total = [.. Enumerable.Range(0, units).Select(j =>
            weights.Select((w, n) => w * (variances[n][j] + Math.Pow(means[n][j] - Centre[j], 2))).Sum())];
        Moments = [.. weights.Select((_, n) => Phi(n))];
        Covariance = Matrix<double>.Build.Dense(2 * units, 2 * units);
        foreach (var (z, weight, _) in Points(nodes))
        {
            var given = Vector<double>.Build.Dense(Given(z));
            Covariance += weight * given.OuterProduct(given);
        }

        var eigen = Covariance.Evd(Symmetricity.Symmetric);
        (Largest, Direction) = (eigen.EigenValues[^1].Real, eigen.EigenVectors.Column((2 * units) - 1).ToArray());
    }

    public int Units { get; }

    /// <summary>E m and T, unit by unit.</summary>
    public double[] Centre { get; }

    public double[] Total { get; }

    /// <summary>phi of every Gaussian, means first.</summary>
    public double[][] Moments { get; }

    /// <summary>Cov(E[phi | z]), its largest eigenvalue, and the eigenvector.</summary>
    public Matrix<double> Covariance { get; }

    public double Largest { get; }

    public double[] Direction { get; }

    /// <summary>E[phi | z].</summary>
    public double[] Given(double[] z)
    {
        var logs = _weights.Select((w, n) => Math.Log(w) - (0.5 * z.Select((value, j) =>
            Math.Log(_variances[n][j]) + (Math.Pow(value - _means[n][j], 2) / _variances[n][j])).Sum())).ToArray();
        var most = logs.Max();
        var posterior = Array.ConvertAll(logs, value => Math.Exp(value - most));
        var sum = posterior.Sum();
        return [.. Enumerable.Range(0, 2 * Units).Select(k => posterior.Select((p, n) => p / sum * Moments[n][k]).Sum())];
    }

    /// <summary>Points z of every Gaussian with their weights, which sum to one, and the Gaussian.</summary>
    public IEnumerable<(double[] Z, double Weight, int Gaussian)> Points(int nodes)
    {
        const double End = 6.5;
        var x = Enumerable.Range(0, nodes).Select(i => End * ((2.0 * i / (nodes - 1)) - 1)).ToArray();
        var w = Array.ConvertAll(x, value => Math.Exp(-value * value / 2));
        var sum = w.Sum();
        for (var n = 0; n < _weights.Length; n++)
        {
            for (var i = 0; i < Math.Pow(nodes, Units); i++)
            {
                var (rest, weight, z) = (i, _weights[n], new double[Units]);
                for (var j = 0; j < Units; j++)
                {
                    (rest, var node) = Math.DivRem(rest, nodes);
                    z[j] = _means[n][j] + (Math.Sqrt(_variances[n][j]) * x[node]);
                    weight *= w[node] / sum;
                }

                yield return (z, weight, n);
            }
        }
    }

    private double[] Phi(int n)
    {
        var shift = Enumerable.Range(0, Units).Select(j => (_means[n][j] - Centre[j]) / Math.Sqrt(Total[j])).ToArray();
        return [.. shift, .. shift.Select((value, j) => ((value * value) + (_variances[n][j] / Total[j]) - 1) / Math.Sqrt(2))];
    }
}
