using Ornstein.Gaussians;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>How q reads the data: which networks there are, what each reads, and the order in which layers are drawn.</summary>
internal interface IInference
{
    /// <summary>The networks that give a layer's Gaussian, z1 first: of a chain q itself, of a ladder what p is merged with.</summary>
    IReadOnlyList<GaussianNetwork> Q { get; }

    /// <summary>All networks.</summary>
    IEnumerable<PlacedNetwork> Networks { get; }

    /// <summary>Shape of what q's Gaussian of the top layer is a function of: the layer below, with skip connections the data beside it; of a ladder the data.</summary>
    Shape TopReads { get; }

    /// <summary>q's Gaussian of the top layer at points, unsmoothed, [members, rows, units].</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="points">What it reads, [members, rows, <see cref="TopReads"/>].</param>
    DiagonalGaussian Top(HierarchicalVae vae, Tensor points);

    /// <summary>What the data alone give, without samples, [members, batch, units] each: of a chain q(z1 | x), of a ladder every Gaussian that p is merged with.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    DiagonalGaussian[] FromData(HierarchicalVae vae, Tensor x);

    /// <summary>Draws every layer, one sample per datum.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="fromData">What they give (<see cref="FromData"/>).</param>
    /// <param name="noise">Where the samples and inner draws come from.</param>
    InferencePass Infer(HierarchicalVae vae, Tensor x, IReadOnlyList<DiagonalGaussian> fromData, StackNoise noise);

    /// <summary>q's Gaussians given samples, with parameters of which gradients may be held; q is not smoothed.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="parameters">Its parameters, or <see cref="StackParameters.Held"/>.</param>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="samples">z1 first, each [members, batch, units].</param>
    /// <exception cref="InvalidOperationException">q cannot be taken apart from p.</exception>
    DiagonalGaussian[] LayersAt(HierarchicalVae vae, StackParameters parameters, Tensor x, IReadOnlyList<Tensor> samples);
}
