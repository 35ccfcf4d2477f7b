using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>A network's parameters in one member, or in all where it takes all at once; and whether a training step asks.</summary>
public sealed class NetworkWeights
{
    private readonly StackParameters _parameters;
    private readonly IReadOnlyDictionary<string, ParameterEntry> _entries;
    private readonly TrainingMode _mode;
    private readonly string _place;
    private readonly bool _isStacked;
    private object? _kept;

    internal NetworkWeights(
        StackParameters parameters, IReadOnlyDictionary<string, ParameterEntry> entries, TrainingMode mode, string place, bool isStacked) =>
        (_parameters, _entries, _mode, _place, _isStacked) = (parameters, entries, mode, place, isStacked);

    /// <summary>Where they lie, and where the network computes.</summary>
    internal Device Device => _parameters.Device;

    /// <summary>Whether a training step asks: what the batch has may be used in the place of running means, and random numbers may be drawn.</summary>
    public bool IsTraining => _mode.Statistics is not null;

    /// <summary>
    /// Where random numbers of a training step come from: another key at every call, the same ones in the same step of the same seed.
    /// </summary>
    /// <exception cref="OrnsteinException">No training step asks, or the network takes all members at once.</exception>
    public RandomKey Key => _mode.NextKey(_place);

    /// <summary>A parameter, [shape...], or [members, shape...] where the network takes all members at once.</summary>
    /// <param name="name">Its name within the network.</param>
    /// <exception cref="OrnsteinException">The network declares none of that name.</exception>
    public Tensor this[string name]
    {
        get
        {
            var entry = Entry(name);
            var value = _parameters[entry];
            if (!_isStacked) value = value.squeeze(0);
            return entry.IsTrained ? value : value.detach();
        }
    }

    /// <summary>Notes what a training batch had, by which a running mean is moved after the step; nothing outside of training.</summary>
    /// <param name="name">The parameter, one that is not trained.</param>
    /// <param name="value">[shape...], or [members, shape...], as the parameter is; no gradient is taken of it.</param>
    public void Note(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _mode.Statistics?.Add((_parameters, Entry(name), _isStacked ? value.detach() : value.detach().unsqueeze(0)));
    }

    /// <summary>Something that the network keeps with these weights: made at the first call, disposed with them.</summary>
    public T Keep<T>(Func<T> make)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(make);
        return (T)(_kept ??= _parameters.Companion(_entries, make));
    }

    /// <summary>Makes a tensor a view of a parameter, and its gradient one of the parameter's.</summary>
    internal void Bind(string name, Tensor tensor)
    {
        var entry = Entry(name);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        tensor.requires_grad_(false);
        tensor.set_(_parameters.Block(_parameters.Values, entry).squeeze(0));
        if (!entry.IsTrained || _parameters.IsHeld) return;
        tensor.requires_grad_(true);
        tensor.grad = _parameters.Block(_parameters.Gradients, entry).squeeze(0);
    }

    /// <summary>The memory of a parameter that is not trained, as a view.</summary>
    internal Tensor Memory(string name) => _parameters.Block(_parameters.Values, Entry(name)).detach().squeeze(0);

    private ParameterEntry Entry(string name) => _entries.TryGetValue(name, out var entry) ? entry
        : throw new OrnsteinException($"the network of {_place} declares no parameter '{name}'; it has {string.Join(", ", _entries.Keys)}.");
}
