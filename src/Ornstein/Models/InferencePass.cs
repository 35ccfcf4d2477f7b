using Ornstein.Gaussians;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>One pass through q: the Gaussian of every layer given the sample below it, and the samples, z1 first.</summary>
/// <param name="Layers">q(z_i | z_{i-1}), each [members, batch, units].</param>
/// <param name="Samples">z_i, each [members, batch, units].</param>
public sealed record InferencePass(IReadOnlyList<DiagonalGaussian> Layers, IReadOnlyList<Tensor> Samples)
{
    /// <summary>p of every layer below the top, as trained, where q needed it (a ladder); null elsewhere.</summary>
    internal IReadOnlyList<DiagonalGaussian>? Generative { get; init; }

    /// <summary>One pass of the data of several, one after the other, without <see cref="Generative"/>.</summary>
    internal static InferencePass Join(IReadOnlyList<InferencePass> parts)
    {
        if (parts is [var only]) return only;
        Tensor Of(Func<InferencePass, Tensor> tensor) => cat([.. parts.Select(tensor)], 1);
        return new(
            [.. parts[0].Layers.Select((_, i) => new DiagonalGaussian(
                Of(part => part.Layers[i].Mean), Of(part => part.Layers[i].StandardDeviation.expand_as(part.Layers[i].Mean))))],
            [.. parts[0].Samples.Select((_, i) => Of(part => part.Samples[i]))]);
    }

    /// <summary>The Gaussians and samples alone; those that were made in a scope are kept beyond it.</summary>
    internal InferencePass KeepBeyond(DisposeScope scope)
    {
        Tensor Kept(Tensor tensor)
        {
            if (scope.Contains(tensor)) scope.MoveToOuter(tensor);
            return tensor;
        }

        return new(
            [.. Layers.Select(layer => new DiagonalGaussian(Kept(layer.Mean), Kept(layer.StandardDeviation)))], [.. Samples.Select(Kept)]);
    }
}
