using TorchSharp;

namespace Ornstein.Tests.Conformance;

/// <summary>Numbers for the conformance tests: made without the library under test, compared without it.</summary>
internal static class Numbers
{
    /// <summary>Values in (-2, 2) that repeat nowhere and have no structure that a wrong stride would keep.</summary>
    public static float[] Wave(int count, double phase = 0) =>
        [.. Enumerable.Range(0, count).Select(i => (float)(2 * Math.Sin(1 + phase + 1.7 * i + 0.01 * i * i)))];

    public static torch.Tensor Tensor(float[] values, params long[] shape) => torch.tensor(values).reshape(shape);

    public static void AssertClose(IEnumerable<double> expected, torch.Tensor actual, double tolerance = 1e-5)
    {
        double[] wanted = [.. expected];
        double[] got = [.. actual.to_type(torch.ScalarType.Float64).contiguous().data<double>()];
        Assert.Equal(wanted.Length, got.Length);
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(
                Math.Abs(wanted[i] - got[i]) <= tolerance * (1 + Math.Abs(wanted[i])), $"[{i}]: expected {wanted[i]}, got {got[i]}");
    }

    /// <summary>Row-major batched matrix product [M, B, I] x [M, I, O].</summary>
    public static double[] Bmm(float[] a, float[] b, int members, int rows, int inner, int columns)
    {
        var result = new double[members * rows * columns];
        for (int m = 0; m < members; m++)
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++)
                    for (int i = 0; i < inner; i++)
                        result[((m * rows) + r) * columns + c]
                            += (double)a[((m * rows) + r) * inner + i] * b[((m * inner) + i) * columns + c];
        return result;
    }
}
