using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tensors;

/// <summary>
/// A number in arithmetic with tensors. Any <c>int</c>, <c>long</c>, <c>float</c> or <c>double</c> is one. Whole numbers stay whole, so that a tensor of
/// whole numbers stays one.
/// </summary>
/// <remarks>
/// libtorch takes numbers as native objects. TorchSharp 0.107 lets such an object (a <see cref="Scalar"/>) be freed by a collection while libtorch still reads
/// it, where another thread sets one off: a call then throws, or computes with another number. Here the object lives until the call is over, and is freed then.
/// </remarks>
public readonly record struct Number
{
    private readonly double _real;
    private readonly long _whole;
    private readonly bool _isWhole;

    private Number(long value) => (_whole, _isWhole) = (value, true);

    private Number(double value) => _real = value;

    /// <summary>A whole number.</summary>
    public static implicit operator Number(int value) => new((long)value);

    /// <summary>A whole number.</summary>
    public static implicit operator Number(long value) => new(value);

    /// <summary>A real number.</summary>
    public static implicit operator Number(float value) => new((double)value);

    /// <summary>A real number.</summary>
    public static implicit operator Number(double value) => new(value);

#pragma warning disable RS0030 // here, and in the constants of this namespace, Scalars are made: whoever calls this one disposes it after its call
    /// <summary>The native object. The caller's: to dispose when the call that it is for is over, with <c>using</c>.</summary>
    internal Scalar ToScalar()
    {
        if (_isWhole) return _whole.ToScalar();
        return _real.ToScalar();
    }
#pragma warning restore RS0030

    /// <summary>Calls libtorch with a tensor and this number, and keeps both for as long.</summary>
    internal Tensor With(Tensor x, Func<Tensor, Scalar, Tensor> call)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var number = ToScalar();
        var result = call(x, number);
        GC.KeepAlive(x);
        return result;
    }
}
