using MathNet.Numerics.LinearAlgebra;
using Ornstein.Smoothing;
using Ornstein.Tests.Theory;
using static TorchSharp.torch;

namespace Ornstein.Tests.Diagnosis;

/// <summary>
/// The growth rate that theory gives a collapsed layer, if a and b are what the hidden units of q2 span, and f and g what those of p1 span: by
/// quadrature, without the objective or a gradient. In natural scale the second variation is that of docs/theory.md, step 4. With p1 at its best it
/// is E (a^2 + 2 b^2) (1 - lambda mu) / 2 for the fastest code, where lambda is the largest eigenvalue of the covariance of E[phi | z] projected on q2's
/// functions, and mu that of L' R^-1 L: R is the energy that smoothing leaves of p1's functions, L their coefficients of h_1 (and of h_2). If p1 could be
/// any function, mu would be 1 / r_1 for codes in means, and 1 / min(r_1, r_2) for all.
/// </summary>
internal sealed class NetworkCriterion
{
    private const int NodesAbove = 40;

    private readonly OutputDirections _directions; // of p1
    private readonly CollapsedModel _model;
    private readonly Matrix<double> _coefficients; // of h_1 and h_2, [functions, 2]

    public NetworkCriterion(CollapsedModel model, MixtureMoments moments)
    {
        _model = model;
        _directions = model.Directions("p1");
        var points = moments.Points(moments.Units == 1 ? MixtureMoments.Nodes : MixtureMoments.Nodes / 3).ToArray();
        var read = model.Features("q2", tensor(points.SelectMany(point => point.Z).ToArray(), [points.Length, moments.Units])) * model.Directions("q2").Functions;
        var weighted = Scaled(read, [.. points.Select(point => point.Weight)]);
        var told = Matrix<double>.Build.DenseOfRows(points.Select(point => moments.Moments[point.Gaussian])).TransposeThisAndMultiply(weighted);
        Lambda = Largest(told * read.TransposeThisAndMultiply(weighted).Solve(told.Transpose()));
        var (z, w) = GaussHermiteRule.Of(NodesAbove);
        _coefficients = Scaled(Functions(z), w).TransposeThisAndMultiply(
            Matrix<double>.Build.DenseOfRows(z.Select(value => new[] { value, ((value * value) - 1) / Math.Sqrt(2) })));
    }

    /// <summary>The largest eigenvalue of Cov(E[phi | z]) as far as q2's hidden units reach.</summary>
    public double Lambda { get; }

    /// <summary>lambda mu - 1.</summary>
    public double Growth(double rho, bool onlyMeans)
    {
        var (z, w) = GaussHermiteRule.Of(NodesAbove);
        var (inner, v) = GaussHermiteRule.Of(CollapsedModel.InnerNodes);
        var smooth = inner.Select((e, i) => v[i] * Functions([.. z.Select(value => (rho * value) + (Math.Sqrt((1 - rho) * (1 + rho)) * e))])).Aggregate((x, y) => x + y);
        var told = onlyMeans ? _coefficients.SubMatrix(0, _coefficients.RowCount, 0, 1) : _coefficients;
        return (Lambda * Largest(told.TransposeThisAndMultiply(smooth.TransposeThisAndMultiply(Scaled(smooth, w)).Solve(told)))) - 1;
    }

    /// <summary>Where it is zero: it falls with rho, as R rises.</summary>
    public double Critical(bool onlyMeans)
    {
        var (low, high) = (0.1, 1.0);
        while (high - low > 1e-5)
        {
            var middle = (low + high) / 2;
            (low, high) = Growth(middle, onlyMeans) > 0 ? (middle, high) : (low, middle);
        }

        return low;
    }

    private Matrix<double> Functions(double[] above) => _model.Features("p1", tensor(above, [above.Length, 1])) * _directions.Functions;

    private static Matrix<double> Scaled(Matrix<double> rows, double[] weights)
    {
        var all = rows.Clone();
        for (var row = 0; row < weights.Length; row++) all.SetRow(row, rows.Row(row) * weights[row]);
        return all;
    }

    private static double Largest(Matrix<double> matrix) => ((matrix + matrix.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues[^1].Real;
}
