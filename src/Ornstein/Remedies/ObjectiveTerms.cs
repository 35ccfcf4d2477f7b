using Ornstein.Gaussians;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Remedies;

/// <summary>What the objective of one member reads of a pass: of the first sample of every datum of the batch. What is not asked for is not computed.</summary>
public interface IObjectiveReading
{
    /// <summary>The data, [1, rows, features].</summary>
    Tensor Data { get; }

    /// <summary>Samples of every layer, z1 first, each [1, rows, units].</summary>
    IReadOnlyList<Tensor> Samples { get; }

    /// <summary>q's Gaussian of every layer given the sample that it reads, z1 first, each [1, rows or 1, units].</summary>
    IReadOnlyList<DiagonalGaussian> Q { get; }

    /// <summary>p's Gaussian of every layer given the samples above, smoothed as it is trained, z1 first; that of the top layer is N(0, 1), of size 1.</summary>
    IReadOnlyList<DiagonalGaussian> P { get; }

    /// <summary>-log p(x | z) of every datum, nats, [1, rows].</summary>
    Tensor Reconstruction { get; }

    /// <summary>KL of every unit of every layer, p smoothed, mean over the batch, nats, z1 first, each [1, units].</summary>
    IReadOnlyList<Tensor> UnitKl { get; }

    /// <summary>q's Gaussian of a layer at any points of the layer below, of the data for z1, unsmoothed, [1, rows, units]; of models with <see cref="ModelProperty.Markov"/> alone.</summary>
    /// <param name="layer">Which layer, from 0 for z1.</param>
    /// <param name="below">Points, [1, rows, units or features].</param>
    DiagonalGaussian Infer(int layer, Tensor below);

    /// <summary>p's mean of what lies below a layer, of the data for z1, at any points of it, unsmoothed, [1, rows, units or features]; of models with <see cref="ModelProperty.Markov"/> alone.</summary>
    /// <param name="layer">Which layer, from 0 for z1.</param>
    /// <param name="z">Points, [1, rows, units].</param>
    Tensor Generate(int layer, Tensor z);

    /// <summary>What every layer's KL costs before weights and remedies, allowances counted, nats, z1 first, each [1, 1].</summary>
    IReadOnlyList<Tensor> Kl { get; }
}

/// <summary>
/// What a member's objective adds up: the reconstruction, the cost <see cref="Kl"/> of every layer times its weight, and what remedies add. Where the
/// objective is of joint samples it has no KLs, and only additions count.
/// </summary>
/// <param name="Read">What of the pass there is to read.</param>
public sealed record ObjectiveTerms(IObjectiveReading Read)
{
    private readonly IReadOnlyList<Tensor>? _kl;

    /// <summary>What every layer's KL costs before its weight, nats per datum, z1 first, each one number, [1, 1] or a shape that broadcasts with it.</summary>
    public IReadOnlyList<Tensor> Kl { get => _kl ?? Read.Kl; init => _kl = value; }

    /// <summary>What remedies add, nats per datum, [1]; null for nothing.</summary>
    public Tensor? Extra { get; private init; }

    /// <summary>Whether remedies have changed what KLs cost.</summary>
    internal bool ChangesKl => _kl is not null;

    /// <summary>The same with a term more.</summary>
    /// <param name="nats">What is added to what training minimizes, nats per datum: a tensor of one number, of any shape.</param>
    /// <exception cref="OrnsteinException">It has another number of numbers.</exception>
    public ObjectiveTerms Plus(Tensor nats)
    {
        ArgumentNullException.ThrowIfNull(nats);
        if (nats.numel() != 1) throw new OrnsteinException($"a term of the objective has {nats.numel()} numbers; it must be one, such as a mean over rows.");
        var one = nats.reshape(1);
        return this with { Extra = Extra is null ? one : Extra.Plus(one) };
    }
}
