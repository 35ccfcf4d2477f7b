using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tensors;

/// <summary>
/// Arithmetic with numbers in the place of TorchSharp's, which is not safe where another thread sets off a collection (<see cref="Number"/>): <c>x.Times(2)</c>
/// for <c>x * 2</c>, <c>x.neg().Plus(1)</c> for <c>1 - x</c>. Sums and squares of tensors are here too, since TorchSharp's make a number inside; <c>x - y</c>,
/// <c>x * y</c>, <c>x / y</c> and <c>-x</c> do not. Results are TorchSharp's, bit for bit, and autograd differentiates them. Verbs change the tensor itself.
/// </summary>
public static class TensorArithmetic
{
#pragma warning disable RS0030 // kept for good
    private static readonly Scalar _one = 1;
    private static readonly Scalar _two = 2;
#pragma warning restore RS0030

    /// <summary>x + y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.Plus(y, _one);

    /// <summary>x + factor y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y, Number factor)
    {
        using var number = factor.ToScalar();
        return x.Plus(y, number);
    }

    /// <summary>x + term.</summary>
    [OverloadResolutionPriority(1)] // TorchSharp converts numbers to tensors too
    public static Tensor Plus(this Tensor x, Number term) => term.With(x, static (x, number) => x.add(number, _one));

    /// <summary>x - term.</summary>
    public static Tensor Minus(this Tensor x, Number term) => term.With(x, static (x, number) => x.sub(number));

    /// <summary>x times a factor.</summary>
    public static Tensor Times(this Tensor x, Number factor) => factor.With(x, static (x, number) => x.mul(number));

    /// <summary>x over a divisor.</summary>
    public static Tensor Over(this Tensor x, Number divisor) => divisor.With(x, static (x, number) => x.div(number));

    /// <summary>x to the power of an exponent.</summary>
    public static Tensor Power(this Tensor x, Number exponent) => exponent.With(x, static (x, number) => x.pow(number));

    /// <summary>x x.</summary>
    public static Tensor Squared(this Tensor x) => x.Held(static x => x.pow(_two));

    /// <summary>x + a b, elementwise.</summary>
    public static Tensor PlusProduct(this Tensor x, Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(x);
        var result = x.addcmul(a, b, _one);
        GC.KeepAlive(x);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return result;
    }

    /// <summary>The larger of x and a bound.</summary>
    public static Tensor AtLeast(this Tensor x, Number bound) => bound.With(x, static (x, number) => x.clamp_min(number));

    /// <summary>The smaller of x and a bound.</summary>
    public static Tensor AtMost(this Tensor x, Number bound) => bound.With(x, static (x, number) => x.clamp_max(number));

    /// <summary>x, or the bound that it is beyond.</summary>
    public static Tensor Between(this Tensor x, Number least, Number most)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var low = least.ToScalar();
        using var high = most.ToScalar();
        var result = x.clamp(low, high);
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>Where x is below a bound, bool of x's shape.</summary>
    public static Tensor IsBelow(this Tensor x, Number bound) => bound.With(x, static (x, number) => x.lt(number));

    /// <summary>Where x is a bound or below it, bool of x's shape.</summary>
    public static Tensor IsAtMost(this Tensor x, Number bound) => bound.With(x, static (x, number) => x.le(number));

    /// <summary>Where x is above a bound, bool of x's shape.</summary>
    public static Tensor IsAbove(this Tensor x, Number bound) => bound.With(x, static (x, number) => x.gt(number));

    /// <summary>Where x is a bound or above it, bool of x's shape.</summary>
    public static Tensor IsAtLeast(this Tensor x, Number bound) => bound.With(x, static (x, number) => x.ge(number));

    /// <summary>Where x is a number, bool of x's shape.</summary>
    public static Tensor Is(this Tensor x, Number value) => value.With(x, static (x, number) => x.eq(number));

    /// <summary>x with a number wherever <paramref name="mask"/> is true.</summary>
    public static Tensor Masked(this Tensor x, Tensor mask, Number value)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var number = value.ToScalar();
        var result = x.masked_fill(mask, number);
        GC.KeepAlive(x);
        GC.KeepAlive(mask);
        return result;
    }

    /// <summary>Adds y to x.</summary>
    /// <returns>x itself.</returns>
    public static Tensor Add(this Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        x.add_(y, _one);
        GC.KeepAlive(y);
        return x;
    }

    /// <summary>Adds a number to x.</summary>
    /// <returns>x itself.</returns>
    [OverloadResolutionPriority(1)] // TorchSharp converts numbers to tensors too
    public static Tensor Add(this Tensor x, Number term) => term.With(x, static (x, number) => x.add_(number, _one));

    /// <summary>Subtracts a number from x.</summary>
    /// <returns>x itself.</returns>
    public static Tensor Subtract(this Tensor x, Number term) => term.With(x, static (x, number) => x.sub_(number));

    /// <summary>Multiplies x by a factor.</summary>
    /// <returns>x itself.</returns>
    public static Tensor Multiply(this Tensor x, Number factor) => factor.With(x, static (x, number) => x.mul_(number));

    /// <summary>Divides x by a divisor.</summary>
    /// <returns>x itself.</returns>
    public static Tensor Divide(this Tensor x, Number divisor) => divisor.With(x, static (x, number) => x.div_(number));

    /// <summary>Writes a number everywhere into x.</summary>
    /// <returns>x itself.</returns>
    public static Tensor Fill(this Tensor x, Number value) => value.With(x, static (x, number) => x.fill_(number));

    /// <summary>Calls libtorch with a tensor, and keeps it for as long.</summary>
    internal static Tensor Held(this Tensor x, Func<Tensor, Tensor> call)
    {
        ArgumentNullException.ThrowIfNull(x);
        var result = call(x);
        GC.KeepAlive(x);
        return result;
    }

    private static Tensor Plus(this Tensor x, Tensor y, Scalar factor)
    {
        ArgumentNullException.ThrowIfNull(x);
        var result = x.add(y, factor);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return result;
    }
}
