using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace Ornstein.Data;

/// <summary>
/// Data with known answers: x ~ N(0, diag(lambda)), for the exact results of linear models. Every block of rows is moved and scaled to have
/// mean 0 and covariance diag(lambda) exactly: what linear models reach depends on these alone, and so has no sampling error.
/// </summary>
internal static class GaussianData
{
    private const int LeastBlock = 500;
    private const double Least = 1e-30; // of an eigenvalue: single precision holds its root, and the squares of the data
    private static readonly double[] Default = [20, 5, 2.5, 1.5];

    public static Dataset Make(DataOptions options)
    {
        var eigenvalues = options.Eigenvalues ?? Default;
        if (eigenvalues.Length == 0 || Array.Exists(eigenvalues, e => !(e >= Least && e <= 1 / Least)))
        {
            throw new OrnsteinException(
                $"The eigenvalues of gaussian (--eigenvalues) must be one or more numbers between {Least} and {1 / Least}, such as 20,5,2.5,1.5.");
        }

        var train = Draw(eigenvalues, options.GaussianTrain, "train", Mix(options.GaussianSeed, 0));
        // A generator of its own: the test part does not depend on the size of the training part.
        var test = Draw(eigenvalues, options.GaussianTest, "test", Mix(options.GaussianSeed, 1));
        return new Dataset
        {
            Name = "gaussian",
            Kind = PixelKind.Real,
            Shape = null,
            Train = train,
            Test = test,
            Attribution = FormattableString.Invariant(
                $"Made here: N(0, diag({string.Join(", ", eigenvalues.Select(value => value.ToString(CultureInfo.InvariantCulture)))})), seed {options.GaussianSeed}; no licence needed."),
        };
    }

    private static DataSplit Draw(double[] eigenvalues, int count, string part, int seed)
    {
        var features = eigenvalues.Length;
        if (count < 1 || (long)count * features > Array.MaxLength / sizeof(float))
        {
            throw new OrnsteinException(
                $"The number of gaussian {part} data must lie between 1 and {Array.MaxLength / sizeof(float) / features}, not {count}.");
        }

        var random = new Random(seed);
        var deviations = Array.ConvertAll(eigenvalues, Math.Sqrt);
        var reals = new float[count * features];
        for (var row = 0; row < count; row++)
        {
            var x = reals.AsSpan(row * features, features);
            // Box-Muller: two independent normals from two uniforms.
            for (var j = 0; j < features; j += 2)
            {
                var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
                var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
                x[j] = (float)(radius * cos);
                if (j + 1 < features) x[j + 1] = (float)(radius * sin);
            }
        }

        var block = Math.Max(LeastBlock, 4 * features);
        for (var start = 0; start < count; start += block)
        {
            var rows = Math.Min(block, count - start);
            Standardise(reals.AsSpan(start * features, rows * features), deviations);
        }

        return DataSplit.FromReals(reals, features);
    }

    // y = (x - mean) T with T^t S T = diag(deviations^2), S the covariance of the rows: T = L^-t diag(deviations), S = L L^t.
    // Too few rows for a covariance are only scaled.
    private static void Standardise(Span<float> rows, double[] deviations)
    {
        var features = deviations.Length;
        if (rows.Length / features <= features)
        {
            for (var i = 0; i < rows.Length; i++) rows[i] = (float)(deviations[i % features] * rows[i]);
            return;
        }

        var x = Matrix<double>.Build.DenseOfRowMajor(rows.Length / features, features, rows.ToArray().Select(value => (double)value));
        var mean = x.ColumnSums() / x.RowCount;
        x = Matrix<double>.Build.DenseOfRowVectors(x.EnumerateRows().Select(row => row - mean));
        var factor = x.TransposeThisAndMultiply(x).Divide(x.RowCount).Cholesky().Factor;
        // T^t = diag(deviations) L^-1 acts on the columns of x^t.
        var y = factor.Solve(x.Transpose());
        for (var i = 0; i < rows.Length; i++) rows[i] = (float)(deviations[i % features] * y[i % features, i / features]);
    }

    // System.Random takes 31 bits: spread the 64 of the seed over them.
    private static int Mix(long seed, ulong part)
    {
        var z = unchecked(((ulong)seed * 2) + part + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (int)(z >> 33);
    }
}
