using MathNet.Numerics.LinearAlgebra;

namespace Ornstein.Tests.Diagnosis;

/// <summary>
/// Coordinates of a network's output layer in which its functions are measured: a direction changes one output by a function e_k of mean square 1,
/// in natural units of that output, and the e_k are orthogonal.
/// </summary>
/// <param name="Functions">Weights and bias of every e_k, [hidden + 1, functions].</param>
/// <param name="Scale">What one unit of every output is, means and then raw widths.</param>
internal sealed record OutputDirections(Matrix<double> Functions, double[] Scale)
{
    /// <summary>Functions that hidden units give with less than this of the greatest singular value are left out: single precision drowns them.</summary>
    public const double Cut = 1e-2;

    /// <summary>Number of directions: every function in every output.</summary>
    public int Count => Functions.ColumnCount * Scale.Length;

    /// <summary>Directions of hidden units and a one, [rows, hidden + 1], whose rows have given weights.</summary>
    public static OutputDirections Of(Matrix<double> features, Vector<double> weights, double[] scale)
    {
        var eigen = features.TransposeThisAndMultiply(Matrix<double>.Build.DiagonalOfDiagonalVector(weights) * features).Evd(Symmetricity.Symmetric);
        var values = eigen.EigenValues.Select(value => value.Real).ToArray();
        var kept = Enumerable.Range(0, values.Length).Where(k => values[k] > values[^1] * Cut * Cut).ToArray();
        return new OutputDirections(
            Matrix<double>.Build.DenseOfColumnVectors(kept.Select(k => eigen.EigenVectors.Column(k) / Math.Sqrt(values[k]))), scale);
    }

    /// <summary>Parameters [hidden + 1, outputs] of coordinates, which run over functions and then over outputs.</summary>
    public Matrix<double> Parameters(Vector<double> coordinates) =>
        Functions * Matrix<double>.Build.DenseOfColumnMajor(Functions.ColumnCount, Scale.Length, [.. coordinates]) * Matrix<double>.Build.DenseOfDiagonalArray(Scale);

    /// <summary>The derivative by the coordinates, of that by the parameters [hidden + 1, outputs].</summary>
    public Vector<double> Derivative(Matrix<double> gradient) =>
        Vector<double>.Build.Dense((Functions.TransposeThisAndMultiply(gradient) * Matrix<double>.Build.DenseOfDiagonalArray(Scale)).ToColumnMajorArray());
}
