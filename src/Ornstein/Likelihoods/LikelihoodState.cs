using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>Values of a likelihood's own parameters in every member, and whether a training step asks.</summary>
public sealed class LikelihoodState
{
    private readonly Func<string, Tensor> _values;
    private readonly Action<string, Tensor>? _note;

    /// <param name="values">Gives a parameter by name, [members, 1].</param>
    /// <param name="note">Takes what a training batch had; null outside of training.</param>
    public LikelihoodState(Func<string, Tensor> values, Action<string, Tensor>? note) => (_values, _note) = (values, note);

    /// <summary>Of a likelihood without parameters of its own.</summary>
    public static LikelihoodState None { get; } = new(name => throw new OrnsteinException($"the likelihood declares no parameter '{name}'."), null);

    /// <summary>Whether a training step asks: a running mean is moved then, and what the batch had may be used in its place.</summary>
    public bool IsTraining => _note is not null;

    /// <summary>A parameter, [members, 1].</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="OrnsteinException">It was not declared.</exception>
    public Tensor this[string name] => _values(name);

    /// <summary>Notes what a training batch had, by which the running mean of that name is moved; nothing outside of training.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">[members, 1], of which no gradient is taken.</param>
    public void Note(string name, Tensor value) => _note?.Invoke(name, value);
}
