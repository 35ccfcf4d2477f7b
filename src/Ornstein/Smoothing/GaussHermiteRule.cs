using System.Collections.Concurrent;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Smoothing;

/// <summary>
/// Gauss-Hermite quadrature for N(0, I): exact for polynomials of degree up to 2n - 1 in each coordinate. Nodes and weights of one dimension
/// are the eigenvalues of the Jacobi matrix of the Hermite polynomials (zero diagonal, sqrt(k) beside it) and the squared first components of
/// its eigenvectors (Golub and Welsch 1969); more dimensions take the product grid.
/// </summary>
internal static class GaussHermiteRule
{
    /// <summary>Most points of a grid.</summary>
    public const int MostPoints = 4096;

    private static readonly ConcurrentDictionary<(int, int), (Tensor, Tensor)> _grids = new();

    /// <summary>Nodes and weights of one dimension.</summary>
    /// <param name="nodes">Number n of nodes, at least 1.</param>
    /// <returns>Nodes in rising order, and weights that sum to one, each [nodes].</returns>
    public static (double[] Nodes, double[] Weights) Of(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var beside = tensor(Enumerable.Range(1, nodes - 1).Select(k => Math.Sqrt(k)).ToArray(), device: CPU);
        var jacobi = nodes == 1 ? zeros(1, 1, dtype: ScalarType.Float64, device: CPU) : diag(beside, 1).Plus(diag(beside, -1));
        var (values, vectors) = linalg.eigh(jacobi);
        return (values.data<double>().ToArray(), vectors[0].Squared().contiguous().data<double>().ToArray());
    }

    /// <summary>The product grid: points float32 [nodes^units, units] and weights float32 [nodes^units]; kept for the next call.</summary>
    /// <exception cref="OrnsteinException">The grid would have more than <see cref="MostPoints"/> points.</exception>
    internal static (Tensor Points, Tensor Weights) Grid(int nodes, int units)
    {
        RequirePoints(nodes, units);
        return _grids.GetOrAdd((nodes, units), _ => Make(nodes, units));
    }

    internal static void RequirePoints(int nodes, int units)
    {
        if (Math.Pow(nodes, units) <= MostPoints) return;
        throw new OrnsteinException(
            $"Gauss-Hermite quadrature with {nodes} nodes in each of {units} units needs {Math.Pow(nodes, units):G3} points, more than "
            + $"{MostPoints}; take fewer draws, or the sampler antithetic or sobol.");
    }

    /// <summary>The product grid, made anew; the caller disposes it.</summary>
    internal static (Tensor Points, Tensor Weights) Make(int nodes, int units)
    {
        var (x, w) = Of(nodes);
        var count = (int)Math.Pow(nodes, units);
        var points = new float[count * units];
        var weights = new float[count];
        for (var i = 0; i < count; i++)
        {
            var (rest, weight) = (i, 1.0);
            for (var unit = 0; unit < units; unit++)
            {
                (rest, var node) = Math.DivRem(rest, nodes);
                points[(i * units) + unit] = (float)x[node];
                weight *= w[node];
            }

            weights[i] = (float)weight;
        }

        return (tensor(points, [count, units], device: CPU).DetachFromDisposeScope(), tensor(weights, device: CPU).DetachFromDisposeScope());
    }
}
