using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Smoothing;

public class SobolPointsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Digits_OfAPowerOfTwo_FillEveryCoordinateEvenly(int bits)
    {
        var points = SobolPoints.Digits(1 << bits, SobolPoints.MostDimensions, bits);
        for (var dimension = 0; dimension < SobolPoints.MostDimensions; dimension++)
        {
            Assert.Equal(Enumerable.Range(0, 1 << bits), points.Select(point => point[dimension]).Order());
        }
    }

    [Fact]
    public void Digits_OfTheFirstTwoDimensions_AreANetInEveryShapeOfBox()
    {
        // A (0, 4, 2)-net: each of the 16 boxes of a by 2^4/a cells holds one of 16 points.
        var points = SobolPoints.Digits(16, 2, 4);
        for (var wide = 0; wide <= 4; wide++)
        {
            var boxes = points.Select(point => (point[0] >> wide, point[1] >> (4 - wide))).Distinct();
            Assert.Equal(16, boxes.Count());
        }
    }

    /// <summary>
    /// Two coordinates of polynomials of degrees d and e are a (t, m, 2)-net with t at most d + e - 2 (Niederreiter 1987): each box of a by 2^(m - t) / a cells
    /// holds 2^t of 2^m points. Numbers by another recurrence are none.
    /// </summary>
    [Fact]
    public void Digits_OfTwoDimensions_FillEveryBoxThatTheirPolynomialsAllow()
    {
        const int Bits = 9, Dimensions = 14;
        int[] degrees = [1, .. SobolPoints.PrimitivePolynomials().Select(polynomial => polynomial.Degree)]; // the dimension without one is filled as by one of degree 1
        var points = SobolPoints.Digits(1 << Bits, Dimensions, Bits);
        for (var first = 0; first < Dimensions; first++)
        {
            for (var second = first + 1; second < Dimensions; second++)
            {
                var digits = Bits - (degrees[first] + degrees[second] - 2);
                for (var along = 0; along <= digits; along++)
                {
                    var boxes = points.GroupBy(point => (point[first] >> (Bits - along), point[second] >> (Bits - digits + along))).Select(box => box.Count());
                    Assert.All(boxes, count => Assert.Equal(1 << (Bits - digits), count));
                }
            }
        }
    }

    /// <summary>There are phi(2^d - 1) / d primitive polynomials of degree d, phi by Euler; x has order 2^d - 1 modulo each, and no smaller one.</summary>
    [Fact]
    public void PrimitivePolynomials_OfEveryDegree_AreAllThatThereAre()
    {
        var polynomials = SobolPoints.PrimitivePolynomials().ToArray();
        Assert.Equal(SobolPoints.MostDimensions - 1, polynomials.Distinct().Count());
        int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
        Assert.All(Enumerable.Range(1, 9), degree =>
        {
            var order = (1 << degree) - 1;
            Assert.Equal(Enumerable.Range(1, order).Count(i => Gcd(i, order) == 1) / degree, polynomials.Count(each => each.Degree == degree));
        });
        foreach (var (degree, inner) in polynomials)
        {
            var polynomial = (1 << degree) + (2 * inner) + 1;
            int Times(int a, int b) => Enumerable.Range(0, degree).Where(bit => (b >> bit) % 2 == 1).Aggregate(0, (sum, bit) => sum ^ Reduced(a << bit));
            int Reduced(int value)
            {
                for (var bit = 2 * degree; bit >= degree; bit--) value ^= ((value >> bit) % 2) * (polynomial << (bit - degree));
                return value;
            }

            int Power(int exponent) => Enumerable.Range(0, exponent).Aggregate(1, (power, _) => Times(power, Reduced(2)));
            var order = (1 << degree) - 1;
            Assert.Equal(1, Power(order));
            Assert.All(Enumerable.Range(2, order).Where(prime => order % prime == 0), divisor => Assert.True(divisor == 1 || order / divisor == order || Power(order / divisor) != 1));
        }
    }

    /// <summary>The quantiles of N(0, 1) at 1e-7 / 2^bits, and near 1 - 1e-7, which float rounds to 1 - 2^-23: 5.17.</summary>
    [Theory]
    [InlineData(0, -5.1993)]
    [InlineData(3, -5.5733)]
    public void Normal_AtTheEndsOfTheInterval_IsFinite(int bits, double least)
    {
        using var scope = NewDisposeScope();
        var ends = SobolPoints.Normal(tensor(new[] { 0f, 0.5f, 1f }, device: CPU), bits).data<float>().ToArray();
        Assert.Equal(least, ends[0], 1e-3);
        Assert.Equal(0, ends[1], 1e-6);
        Assert.InRange(ends[2], 5.1, 5.3);
    }

    [Theory]
    [InlineData(8, 3)]
    [InlineData(5, 4)]
    public void Base_OfEveryDigit_NamesTheNodeThatTheDigitsBeforeItLeadTo(int draws, int bits)
    {
        const int Units = 3;
        var (prefixes, digits) = SobolPoints.Base(draws, Units, bits);
        using (prefixes)
        using (digits)
        {
            var points = SobolPoints.Digits(draws, Units, bits);
            for (var bit = 0; bit < bits; bit++)
            {
                for (var draw = 0; draw < draws; draw++)
                {
                    for (var unit = 0; unit < Units; unit++)
                    {
                        var written = Convert.ToString(points[draw][unit], 2).PadLeft(bits, '0');
                        Assert.Equal(written[bit] - '0', digits[bit, draw, unit].item<float>());
                        Assert.Equal(Convert.ToInt32("1" + written[..bit], 2) - 1, prefixes[bit, draw, unit].item<long>()); // nodes level by level
                    }
                }
            }
        }
    }

    [Fact]
    public void Digits_BeyondTheMostDimensions_SaysWhatWouldBeRight()
    {
        var error = Assert.Throws<OrnsteinException>(() => SobolPoints.Digits(8, SobolPoints.MostDimensions + 1, 3));
        Assert.Contains("antithetic", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 3)]
    [InlineData(5, 2)]
    [InlineData(1, 4)]
    public void ScrambledNormal_AnyNumberOfDraws_HasTheLawOfANormal(int draws, int units)
    {
        const int Batch = 20_000;
        using var scope = NewDisposeScope();
        var eps = SobolPoints.ScrambledNormal(RandomKey.FromSeed(1), draws, Batch, units).to(ScalarType.Float64);
        Assert.Equal([draws, Batch, units], eps.shape);
        // Each draw of each unit by itself over independent rows: moments within six standard errors.
        foreach (var (power, moment, variance) in new[] { (1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0) })
        {
            var tolerance = 6 * Math.Sqrt(variance / Batch);
            Assert.All(
                eps.Power(power).mean([1L]).reshape(-1).data<double>().ToArray(), sample => Assert.InRange(sample, moment - tolerance, moment + tolerance));
        }
    }

    [Fact]
    public void ScrambledNormal_EightDraws_PutsOneIntoEachEighthOfEveryCoordinate()
    {
        using var scope = NewDisposeScope();
        var uniform = special.ndtr(SobolPoints.ScrambledNormal(RandomKey.FromSeed(2), 8, 50, 6));
        var cells = uniform.Times(8).floor().to(ScalarType.Int64).transpose(0, 2).contiguous().data<long>().ToArray().Chunk(8);
        Assert.All(cells, coordinate => Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], coordinate.Order()));
    }

    [Fact]
    public void ScrambledNormal_ASumOfSmoothFunctions_HasFarLessErrorThanIidDraws()
    {
        using var scope = NewDisposeScope();
        const int Batch = 2000, Draws = 8;
        // E sin(e + c) = exp(-1/2) sin c, and its variance is (1 - exp(-2) cos 2c) / 2 - exp(-1) sin^2 c.
        const double C = 0.3;
        double Error(Tensor eps) => eps.Plus(C).sin().sum([2L]).mean([0L]).Minus(4 * Math.Exp(-0.5) * Math.Sin(C)).Squared().mean().sqrt().item<float>();
        var sobol = Error(SobolPoints.ScrambledNormal(RandomKey.FromSeed(3), Draws, Batch, 4));
        var iid = Error(RandomKey.FromSeed(4).Normal(Draws, Batch, 4));
        var variance = ((1 - (Math.Exp(-2) * Math.Cos(2 * C))) / 2) - (Math.Exp(-1) * Math.Pow(Math.Sin(C), 2));
        var expected = Math.Sqrt(4 * variance / Draws);
        Assert.Equal(expected, iid, 6 * expected / Math.Sqrt(2 * Batch)); // standard error of a root mean square
        Assert.True(sobol < iid / 2, $"Sobol {sobol}, iid {iid}");
    }
}
