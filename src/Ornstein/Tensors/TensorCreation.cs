using static TorchSharp.torch;

namespace Ornstein.Tensors;

/// <summary>Tensors made of numbers, in the place of TorchSharp's <c>full</c>, <c>full_like</c> and <c>arange</c> (<see cref="Number"/>).</summary>
public static class TensorCreation
{
    /// <summary>A tensor of one number.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="value">The number.</param>
    /// <param name="dtype">Its type; null for int64 where the number is whole, and the default type (float32) where it is not.</param>
    /// <param name="device">Where it lies; null for the default device.</param>
    public static Tensor Filled(ReadOnlySpan<long> shape, Number value, ScalarType? dtype = null, Device? device = null)
    {
        using var number = value.ToScalar();
        return full(shape, number, dtype, device);
    }

    /// <summary>A tensor of one number, of another's shape and type and where it lies.</summary>
    /// <param name="like">The other.</param>
    /// <param name="value">The number.</param>
    public static Tensor FilledLike(Tensor like, Number value) => value.With(like, static (like, number) => full_like(like, number));

    /// <summary>The whole numbers from <paramref name="start"/> in steps to the last below <paramref name="end"/>.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">What they stay below.</param>
    /// <param name="step">From one to the next, at least 1.</param>
    /// <param name="dtype">Their type; null for int64.</param>
    /// <param name="device">Where they lie; null for the default device.</param>
    public static Tensor Counted(long start, long end, long step = 1, ScalarType? dtype = null, Device? device = null)
    {
        Number first = start, limit = end, distance = step;
        using var from = first.ToScalar();
        using var to = limit.ToScalar();
        using var by = distance.ToScalar();
        return arange(from, to, by, dtype, device);
    }
}
