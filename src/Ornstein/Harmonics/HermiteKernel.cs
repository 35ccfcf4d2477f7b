using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Harmonics;

/// <summary>
/// K_k(x, y) = sum over |a| = k of h_a(x) h_a(y), the projection on the normalised Hermite polynomials of degree k in d dimensions, so that
/// W_k = E f(e) f(e') K_k(e, e') for independent e, e'. Its generating function is Mehler's kernel,
/// <code>sum_k r^k K_k = (1 - r^2)^(-d/2) exp( (r c - r^2 q / 2) / (1 - r^2) ),   c = x.y,  q = |x|^2 + |y|^2</code>
/// whose logarithmic derivative gives (1 - r^2)^2 M' = (c + (d - q) r + c r^2 - d r^3) M and so, by powers of r,
/// <code>(k+1) K_{k+1} = c K_k + (d - q + 2 (k - 1)) K_{k-1} + c K_{k-2} - (d + k - 3) K_{k-3},   K_0 = 1</code>
/// No binomials and no sums over multi-indices: four multiplications a degree in any dimension.
/// </summary>
internal static class HermiteKernel
{
    /// <summary>K_0 to K_degree at many pairs.</summary>
    /// <param name="degree">Highest degree, at least 0.</param>
    /// <param name="dimension">Dimension d of x and y, at least 1.</param>
    /// <param name="inner">x.y, any shape.</param>
    /// <param name="squares">|x|^2 + |y|^2, the same shape.</param>
    public static IReadOnlyList<Tensor> UpTo(int degree, int dimension, Tensor inner, Tensor squares)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(degree);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(squares);
        var kernels = new List<Tensor> { ones_like(inner) };
        for (var k = 0; k < degree; k++)
        {
            var next = inner * kernels[k];
            if (k >= 1) next = next.Plus(squares.neg().Plus(dimension + (2 * (k - 1))) * kernels[k - 1]);
            if (k >= 2) next = next.Plus(inner * kernels[k - 2]);
            if (k >= 3) next -= kernels[k - 3].Times(dimension + k - 3);
            kernels.Add(next.Over(k + 1));
        }

        return kernels;
    }
}
