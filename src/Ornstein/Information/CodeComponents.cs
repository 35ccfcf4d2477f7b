using Ornstein.Gaussians;
using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>
/// What q says of one layer of one member: a point per datum with the Gaussian it was drawn from, and further Gaussians of which q(z | x) is
/// the mixture.
/// </summary>
/// <param name="Points">z_n ~ Own_n, float64 [data, units].</param>
/// <param name="Own">The Gaussian of each point, float64 [data, units].</param>
/// <param name="Fresh">Independent draws of the Gaussians of each datum, each float64 [data, units]; <paramref name="Own"/> itself where it is exact.</param>
/// <param name="IsExact">Whether q(z | x) is one Gaussian.</param>
internal sealed record CodeComponents(Tensor Points, DiagonalGaussian Own, IReadOnlyList<DiagonalGaussian> Fresh, bool IsExact);
