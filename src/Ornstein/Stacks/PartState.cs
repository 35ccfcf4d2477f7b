using Ornstein.Gaussians;
using static TorchSharp.torch;

namespace Ornstein.Stacks;

/// <summary>Values of a part's own parameters in every member, and whether a training step asks.</summary>
public sealed class PartState
{
    private readonly Func<string, Tensor> _values;
    private readonly Action<string, Tensor>? _note;

    /// <param name="values">Gives a parameter by name, [members, shape...].</param>
    /// <param name="note">Takes what a training batch had; null outside of training.</param>
    public PartState(Func<string, Tensor> values, Action<string, Tensor>? note) => (_values, _note) = (values, note);

    /// <summary>Of a part without parameters of its own.</summary>
    public static PartState None { get; } = new(name => throw new OrnsteinException($"no parameter '{name}' is declared."), null);

    /// <summary>Whether a training step asks: a running mean is moved then, and what the batch had may be used in its place.</summary>
    public bool IsTraining => _note is not null;

    /// <summary>A parameter, [members, shape...].</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="OrnsteinException">It was not declared.</exception>
    public Tensor this[string name] => _values(name);

    /// <summary>
    /// q's Gaussian of the top layer, [members, rows, units], at points of what it reads, [members, rows, ...]: unsmoothed, within the limits of remedies, with
    /// gradients to points and networks. Priors have it; null for others.
    /// </summary>
    public Func<Tensor, DiagonalGaussian>? TopPosterior { get; init; }

    /// <summary>Notes what a training batch had, by which the running mean of that name is moved; nothing outside of training.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">[members, shape...], of which no gradient is taken.</param>
    public void Note(string name, Tensor value) => _note?.Invoke(name, value);
}
