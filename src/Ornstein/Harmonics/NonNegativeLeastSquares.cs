using MathNet.Numerics.LinearAlgebra;

namespace Ornstein.Harmonics;

/// <summary>min |A x - b| over x >= 0 by the active-set method of Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23).</summary>
internal static class NonNegativeLeastSquares
{
    /// <summary>The minimiser.</summary>
    /// <param name="a">A, rows x columns.</param>
    /// <param name="b">b, rows.</param>
    /// <exception cref="OrnsteinException">A number is not finite.</exception>
    public static double[] Solve(double[,] a, double[] b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (!b.All(double.IsFinite) || !a.Cast<double>().All(double.IsFinite))
        {
            throw new OrnsteinException("least squares of numbers that are not finite.");
        }

        // Columns of unit length: otherwise one that is merely short would look as if it depended on the others.
        var given = Matrix<double>.Build.DenseOfArray(a);
        var lengths = given.ColumnNorms(2);
        var matrix = Matrix<double>.Build.Dense(given.RowCount, given.ColumnCount, (i, j) => lengths[j] > 0 ? given[i, j] / lengths[j] : 0);
        var right = Vector<double>.Build.Dense((double[])b.Clone());
        var x = Vector<double>.Build.Dense(matrix.ColumnCount);
        var passive = new List<int>();
        var refused = new HashSet<int>(); // columns that depend on the passive ones: their slope is rounding
        // Slopes below this are rounding.
        var tolerance = 1e-13 * matrix.FrobeniusNorm() * right.L2Norm();
        for (var round = 0; round < 10 * matrix.ColumnCount; round++)
        {
            var slope = matrix.TransposeThisAndMultiply(right - (matrix * x));
            var enter = Enumerable.Range(0, x.Count).Except(passive).Except(refused).Where(j => slope[j] > tolerance).DefaultIfEmpty(-1).MaxBy(j => j < 0 ? 0 : slope[j]);
            if (enter < 0) break;
            passive.Add(enter);
            if (Descend(matrix, right, x, passive)) refused.Clear();
            else refused.Add(enter);
        }

        return [.. x.Select((value, j) => lengths[j] > 0 ? value / lengths[j] : 0)];
    }

    // Least squares on the passive columns; columns whose coefficient would turn negative leave on the way there.
    private static bool Descend(Matrix<double> matrix, Vector<double> right, Vector<double> x, List<int> passive)
    {
        var entered = passive[^1];
        while (passive.Count > 0)
        {
            if (passive.Count > matrix.RowCount)
            {
                passive.Remove(entered);
                return false;
            }

            var columns = Matrix<double>.Build.DenseOfColumnVectors(passive.Select(matrix.Column));
            var qr = columns.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin);
            var diagonal = qr.R.Diagonal().PointwiseAbs();
            var solution = qr.Solve(right);
            if (!(diagonal.Minimum() > 1e-9 * diagonal.Maximum()) || !solution.All(double.IsFinite))
            {
                passive.Remove(entered);
                return false;
            }

            if (solution.All(value => value > 0))
            {
                x.Clear();
                for (var i = 0; i < passive.Count; i++) x[passive[i]] = solution[i];
                return true;
            }

            // The first coefficients to reach zero leave; the others stay, however small the step there.
            double StepOf(int i) => solution[i] > 0 ? double.PositiveInfinity
                : x[passive[i]] > 0 ? x[passive[i]] / (x[passive[i]] - solution[i]) : 0;
            var step = Enumerable.Range(0, passive.Count).Min(StepOf);
            var leaving = Enumerable.Range(0, passive.Count).Where(i => StepOf(i) <= step).Select(i => passive[i]).ToArray();
            for (var i = 0; i < passive.Count; i++) x[passive[i]] += step * (solution[i] - x[passive[i]]);
            foreach (var j in leaving) x[j] = 0;
            passive.RemoveAll(j => leaving.Contains(j));
            if (leaving.Contains(entered)) return passive.Count > 0 && Descend(matrix, right, x, passive);
        }

        return false;
    }
}
