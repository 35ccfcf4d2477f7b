using Ornstein.Gaussians;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>One pass through q: the Gaussian of every layer given the sample below it, and the samples, z1 first.</summary>
/// <param name="Layers">q(z_i | z_{i-1}), each [members, batch, units].</param>
/// <param name="Samples">z_i, each [members, batch, units].</param>
public sealed record InferencePass(IReadOnlyList<DiagonalGaussian> Layers, IReadOnlyList<Tensor> Samples)
{
    /// <summary>p of every layer below the top, as trained, where q needed it (a ladder); null elsewhere.</summary>
    internal IReadOnlyList<DiagonalGaussian>? Generative { get; init; }
}
