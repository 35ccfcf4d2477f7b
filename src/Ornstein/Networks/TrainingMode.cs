using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>Shared by the networks of a model: whether they are being trained, so that a batch's own statistics are used and noted.</summary>
internal sealed class TrainingMode
{
    private readonly Dictionary<string, long> _calls = new(StringComparer.Ordinal);
    private RandomKey? _key;

    /// <summary>What the batches of a training step had, as new values of running means; null while the model is evaluated.</summary>
    public List<(StackParameters Parameters, ParameterEntry Entry, Tensor Value)>? Statistics { get; set; }

    /// <summary>Begins a training step, or another pass of it.</summary>
    /// <param name="key">Where networks draw from; null where all members are taken at once.</param>
    public void Begin(RandomKey? key)
    {
        _calls.Clear();
        (_key, Statistics) = (key, Statistics ?? []);
    }

    /// <summary>Ends it.</summary>
    public void End() => (_key, Statistics) = (null, null);

    /// <summary>Where the next call at a place draws from.</summary>
    public RandomKey NextKey(string place)
    {
        if (_key is not { } key) throw new OrnsteinException($"the network of {place} draws random numbers outside of a training step, or for all members at once.");
        var call = _calls.GetValueOrDefault(place);
        _calls[place] = call + 1;
        return key.At("network").At(place).At(call);
    }
}
