using Ornstein.Gaussians;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>
/// What q says of one layer of one member: a point per datum with the Gaussian it was drawn from, and further Gaussians of which q(z | x) is
/// the mixture.
/// </summary>
/// <param name="Points">z_n ~ Own_n, float64 [data, units].</param>
/// <param name="Own">The Gaussian of each point, float64 [data, units].</param>
/// <param name="Fresh">
/// Independent draws of the Gaussians of each datum, each [data, units], float64, or float32 to take half the memory; <paramref name="Own"/> itself where it is exact.
/// </param>
/// <param name="IsExact">Whether q(z | x) is one Gaussian.</param>
internal sealed record CodeComponents(Tensor Points, DiagonalGaussian Own, IReadOnlyList<DiagonalGaussian> Fresh, bool IsExact)
{
    /// <summary>
    /// The same codes with one width for each unit, the root mean square of its widths over data and draws: points keep their means and their
    /// noise in units of the width.
    /// </summary>
    public CodeComponents WithCommonWidths()
    {
        var width = stack(Fresh.Select(MeanSquareWidth), 0).mean([0L]).sqrt();
        DiagonalGaussian Widened(DiagonalGaussian q) => new(q.Mean, width.expand_as(q.Mean));
        var points = Own.Mean.Plus((Points - Own.Mean) / Own.StandardDeviation * width);
        return new CodeComponents(points, Widened(Own), [.. Fresh.Select(Widened)], IsExact);
    }

    // A draw at a time: of wide layers, all draws in double precision would take as much as the codes themselves, twice.
    private static Tensor MeanSquareWidth(DiagonalGaussian fresh)
    {
        using var scope = NewDisposeScope();
        return fresh.StandardDeviation.to(ScalarType.Float64).Squared().mean([0L]).MoveToOuterDisposeScope();
    }
}
