using System.Collections.Concurrent;
using System.Numerics;
using Ornstein.Randomness;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Smoothing;

/// <summary>
/// Points of Sobol's sequence, scrambled by Owen's nested permutations. Of 2^m points, every coordinate has one in each interval of length
/// 2^-m, and few coordinates together are filled evenly too; scrambling makes each point uniform, so that a mean over them is unbiased.
/// </summary>
internal static class SobolPoints
{
    /// <summary>Most dimensions: the primitive polynomials over GF(2) of degree up to 9, and the dimension without one.</summary>
    public const int MostDimensions = 101;

    private static readonly ConcurrentDictionary<(long, long), (Tensor, Tensor)> _bases = new();
    private static readonly Lazy<(int Degree, int Coefficients)[]> _polynomials = new(() => [.. PrimitivePolynomials()]);

    /// <summary>The first points of the unscrambled sequence, as integers of <paramref name="bits"/> bits, [count][dimensions].</summary>
    /// <param name="count">Number of points, at most 2^bits.</param>
    /// <param name="dimensions">Number of dimensions, at most <see cref="MostDimensions"/>.</param>
    /// <param name="bits">Digits of each coordinate, 0 to 30.</param>
    /// <exception cref="OrnsteinException">There are too many dimensions.</exception>
    public static int[][] Digits(int count, int dimensions, int bits)
    {
        RequireDimensions(dimensions);
        var directions = Enumerable.Range(0, dimensions).Select(dimension => Directions(dimension, bits)).ToArray();
        // A coordinate is the exclusive or of the directions at the one bits of the index.
        return [.. Enumerable.Range(0, count).Select(index => directions.Select(direction =>
        {
            var value = 0;
            for (var bit = 0; index >> bit != 0; bit++) value ^= ((index >> bit) & 1) * direction[bit];
            return value;
        }).ToArray())];
    }

    internal static void RequireDimensions(int dimensions)
    {
        if (dimensions <= MostDimensions) return;
        throw new OrnsteinException($"the sampler sobol takes layers of at most {MostDimensions} units, not {dimensions}; take antithetic.");
    }

    /// <summary>Scrambled points as draws from N(0, I), float32 [draws, batch, units]: every row of the batch is scrambled by itself.</summary>
    internal static Tensor ScrambledNormal(RandomKey key, long draws, long batch, long units)
    {
        var bits = BitOperations.Log2((uint)Math.Max(1, draws - 1)) + (draws > 1 ? 1 : 0);
        var (prefixes, digits) = _bases.GetOrAdd((draws, units), _ => Base((int)draws, (int)units, bits));
        var rest = key.At("rest").Uniform(draws, batch, units);
        if (bits == 0) return Normal(rest, 0);
        // A flip for every node of each coordinate's binary tree: a point's digit is flipped by the node that its digits before it lead to.
        var flips = key.At("flips").Uniform((1L << bits) - 1, batch, units).IsBelow(0.5).to(ScalarType.Float32);
        var cell = zeros_like(rest);
        for (var bit = 0; bit < bits; bit++)
        {
            var flip = flips.gather(0, prefixes[bit].unsqueeze(1).expand(-1, batch, -1));
            var digit = (digits[bit].unsqueeze(1) - flip).abs(); // exclusive or of zeros and ones
            cell = cell.Times(2).Plus(digit);
        }

        return Normal(cell.Plus(rest).Over(1L << bits), bits);
    }

    // Uniform is in [0, 1], since rounding can give one: both ends are moved inside by half of float's resolution below one, zero by that of a cell.
    internal static Tensor Normal(Tensor uniform, int bits) => special.ndtri(uniform.Between(1e-7 / (1L << bits), 1 - 1e-7));

    // prefixes: node of the tree before each digit, int64 [bits, draws, units]; digits: float32 [bits, draws, units].
    internal static (Tensor Prefixes, Tensor Digits) Base(int draws, int units, int bits)
    {
        var points = Digits(draws, units, bits);
        var prefixes = new long[bits * draws * units];
        var digits = new float[prefixes.Length];
        var i = 0;
        for (var bit = 0; bit < bits; bit++)
        {
            foreach (var point in points)
            {
                foreach (var value in point)
                {
                    prefixes[i] = (1L << bit) - 1 + (value >> (bits - bit));
                    digits[i++] = (value >> (bits - 1 - bit)) & 1;
                }
            }
        }

        long[] shape = [bits, draws, units];
        return (tensor(prefixes, shape, device: CPU).DetachFromDisposeScope(), tensor(digits, shape, device: CPU).DetachFromDisposeScope());
    }

    // Sobol's recurrence from odd starting numbers m_i < 2^i, here drawn from a fixed key: after scrambling their choice matters little.
    private static int[] Directions(int dimension, int bits)
    {
        var m = new long[bits];
        if (dimension == 0)
        {
            Array.Fill(m, 1);
        }
        else
        {
            var (degree, coefficients) = _polynomials.Value[dimension - 1];
            var key = RandomKey.FromSeed(1951).At(dimension);
            for (var i = 0; i < bits; i++)
            {
                if (i < degree)
                {
                    m[i] = ((long)(key.At(i).Value >> 33) & (((1L << i) - 1) << 1)) | 1;
                    continue;
                }

                m[i] = m[i - degree] ^ (m[i - degree] << degree);
                for (var k = 1; k < degree; k++) m[i] ^= ((coefficients >> (degree - 1 - k)) & 1) * (m[i - k] << k);
            }
        }

        return [.. m.Select((value, i) => (int)(value << (bits - 1 - i)))];
    }

    // x^degree + ... + 1 with x a generator of the field: its powers run through all 2^degree - 1 non-zero elements.
    internal static IEnumerable<(int Degree, int Coefficients)> PrimitivePolynomials()
    {
        for (var degree = 1; degree <= 9; degree++)
        {
            for (var inner = 0; inner < 1 << (degree - 1); inner++)
            {
                var polynomial = (1 << degree) | (inner << 1) | 1;
                var (power, order) = (1, 0);
                do
                {
                    power <<= 1;
                    if ((power >> degree) == 1) power ^= polynomial;
                    order++;
                }
                while (power != 1 && order < 1 << degree);
                if (order == (1 << degree) - 1) yield return (degree, inner);
            }
        }
    }
}
