using CsCheck;
using Ornstein.Harmonics;

namespace Ornstein.Tests.Harmonics;

public class NonNegativeLeastSquaresTests
{
    // Hundredths: columns that depend on others do so exactly, or plainly not; the solver leaves out those that do to 1e-9.
    private static readonly Gen<double> _number = Gen.Int[-100, 100].Select(value => value / 100.0);

    [Fact]
    public void Solve_RandomProblems_MeetsTheKuhnTuckerConditions() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 7], _number.Array[63], _number.Array[9]).Sample(
            values =>
            {
                var (rows, columns, entries, b) = values;
                var a = new double[rows, columns];
                for (var i = 0; i < rows; i++) for (var j = 0; j < columns; j++) a[i, j] = entries[(i * 7) + j];
                var right = b[..rows];
                var x = NonNegativeLeastSquares.Solve(a, right);
                var residual = Enumerable.Range(0, rows).Select(i => right[i] - Enumerable.Range(0, columns).Sum(j => a[i, j] * x[j])).ToArray();
                for (var j = 0; j < columns; j++)
                {
                    var slope = Enumerable.Range(0, rows).Sum(i => a[i, j] * residual[i]);
                    Assert.True(x[j] >= 0);
                    Assert.True(slope <= 1e-7, $"slope {slope} at {j}");
                    Assert.Equal(0, slope * x[j], 1e-6 * (1 + x[j]));
                }
            },
            iter: 5_000, threads: 1);

    [Fact]
    public void Solve_AFeasibleLeastSquaresSolution_IsThatSolution() =>
        Assert.Equal([2.0, 3.0], NonNegativeLeastSquares.Solve(new double[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } }, [2, 3, 5]).Select(x => Math.Round(x, 12)));

    [Fact]
    public void Solve_NumbersThatAreNotFinite_AreRefused() =>
        Assert.Throws<OrnsteinException>(() => NonNegativeLeastSquares.Solve(new double[,] { { double.NaN } }, [1]));
}
