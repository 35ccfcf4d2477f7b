using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tensors;

/// <summary>Functions for which TorchSharp's make numbers inside (<see cref="Number"/>), with the same results bit for bit; autograd differentiates them.</summary>
public static class TensorFunctions
{
#pragma warning disable RS0030 // kept for good
    private static readonly Scalar _one = 1.0;
    private static readonly Scalar _twenty = 20.0;
#pragma warning restore RS0030

    /// <summary>log(1 + e^x), and x itself above 20.</summary>
    public static Tensor Softplus(this Tensor x) => x.Held(static x => SoftplusOf(x, _one, _twenty));

    /// <summary>x, and slope x where x is negative.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="slope">Slope of the negative half.</param>
    /// <param name="inPlace">Whether x itself is changed, and given back.</param>
    public static Tensor LeakyRelu(this Tensor x, Number slope, bool inPlace = false) =>
        inPlace ? slope.With(x, static (x, number) => x.leaky_relu_(number)) : slope.With(x, static (x, number) => x.leaky_relu(number));

    /// <summary>x, and e^x - 1 where x is negative.</summary>
    public static Tensor Elu(this Tensor x) => x.Held(static x => x.elu(_one, _one, _one));

    // The one that takes Scalars is private, and those that are not make theirs inside.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "softplus1")]
    private static extern Tensor SoftplusOf(Tensor x, Scalar beta, Scalar threshold);
}
