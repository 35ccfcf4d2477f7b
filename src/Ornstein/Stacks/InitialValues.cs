using Ornstein.Randomness;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Stacks;

/// <summary>What a parameter begins with: a pure function of a member's seed.</summary>
public sealed class InitialValues
{
    private readonly double _value;
    private readonly Func<RandomKey, string, long[], Tensor>? _draw; // key of the seed's initial values, name and shape of the parameter

    private InitialValues(double value, Func<RandomKey, string, long[], Tensor>? draw) => (_value, _draw) = (value, draw);

    /// <summary>The same number everywhere.</summary>
    public static implicit operator InitialValues(double value) => Constant(value);

    /// <summary>The same number everywhere.</summary>
    public static InitialValues FromDouble(double value) => Constant(value);

    /// <summary>The same number everywhere.</summary>
    public static InitialValues Constant(double value) => new(value, null);

    /// <summary>Uniform in [middle - bound, middle + bound).</summary>
    public static InitialValues Uniform(double bound, double middle = 0) => bound == 0 ? Constant(middle) : new(
        middle, (key, name, shape) => key.At(name).Uniform(shape).Times(2 * bound).Minus(bound - middle));

    /// <summary>Drawn by a function of one's own.</summary>
    /// <param name="draw">Gives the parameter's numbers, in its shape, from a key of the seed and the parameter.</param>
    public static InitialValues Drawn(Func<RandomKey, Tensor> draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        return new InitialValues(0, (key, name, _) => draw(key.At(name)));
    }

    /// <summary>Of a network that makes all its parameters at once.</summary>
    /// <param name="draw">Gives a parameter's numbers from a key of the seed alone.</param>
    internal static InitialValues OfNetwork(Func<RandomKey, Tensor> draw) => new(0, (key, _, _) => draw(key));

    /// <summary>Writes the values of the members of one seed.</summary>
    /// <param name="target">[members, shape...].</param>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="members">Which members have it.</param>
    internal void Fill(Tensor target, string name, long seed, IEnumerable<int> members)
    {
        if (_draw is null && _value == 0) return;
        using var values = _draw?.Invoke(RandomKey.FromSeed(seed).At("initial"), name, target.shape[1..]);
        foreach (var member in members)
        {
            if (values is null) target[member].Fill(_value);
            else target[member].copy_(values);
        }
    }
}
