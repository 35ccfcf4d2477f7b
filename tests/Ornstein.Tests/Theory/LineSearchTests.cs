using Ornstein.Theory;

namespace Ornstein.Tests.Theory;

/// <summary>Roots and extrema of functions whose roots and extrema are known.</summary>
public class LineSearchTests
{
    /// <summary>To the last bits: a root is bracketed until no number lies between.</summary>
    [Fact]
    public void Roots_OfTheSine_AreMultiplesOfPi()
    {
        var roots = LineSearch.Roots(Math.Sin, 1, 10, 0.5);
        Assert.Equal(3, roots.Count);
        Assert.All(roots.Index(), root => Assert.Equal((root.Index + 1) * Math.PI, root.Item, 4e-15));
    }

    /// <summary>Two roots between neighbours of the grid, about a least and about a greatest value, which lies on the grid or beside it.</summary>
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(-1, 1.0)]
    [InlineData(1, 1.03)]
    [InlineData(-1, 0.97)]
    public void Roots_CloserThanTheStep_AreFound(int sign, double middle)
    {
        const double Half = 0.002;
        var roots = LineSearch.Roots(x => sign * (((x - middle) * (x - middle)) - (Half * Half)), 0.5, 2, 0.1);
        Assert.Equal(2, roots.Count);
        // f changes by 2 Half for each unit of x about a root, and carries rounding of about 1e-16 x.
        Assert.Equal(middle - Half, roots[0], 1e-12);
        Assert.Equal(middle + Half, roots[1], 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Roots_OfAFunctionThatAllButTouchesZero_AreNone(int sign) =>
        Assert.Empty(LineSearch.Roots(x => sign * (((x - 1) * (x - 1)) + 1e-9), 0.5, 2, 0.1));

    /// <summary>Where f has no value there is no root, and what lies beside is found.</summary>
    [Fact]
    public void Roots_OfAFunctionWithoutAValueSomewhere_AreThoseWhereItHasOne()
    {
        var roots = LineSearch.Roots(x => Math.Abs(x - 1) < 0.15 ? double.NaN : x - 2.25, 0, 3, 0.1);
        Assert.Contains(roots, root => Math.Abs(root - 2.25) < 1e-12);
        Assert.DoesNotContain(roots, root => root is < 0.8 or (> 1.2 and < 2.2) or > 2.3);
    }

    [Fact]
    public void Roots_OfAnyFunction_AskForItAtTheEndsAndNotBeyond()
    {
        var asked = new List<double>();
        Assert.Empty(LineSearch.Roots(x => { asked.Add(x); return x; }, 1, 2, 0.3));
        Assert.Equal([1, 1.25, 1.5, 1.75, 2], asked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Root_OfALine_IsExact(int slope) => Assert.Equal(1.0 / 3, LineSearch.Root(x => slope * (x - (1.0 / 3)), -1, 1), 1e-16);

    /// <summary>A corner is found to the last bits, a smooth minimum to the root of them: about it f does not change.</summary>
    [Fact]
    public void Minimum_OfACornerAndOfAParabola_IsFound()
    {
        Assert.Equal(1.0 / 3, LineSearch.Minimum(x => Math.Abs(x - (1.0 / 3)), -2, 1), 1e-15);
        Assert.Equal(1.0 / 3, LineSearch.Minimum(x => 1 + ((x - (1.0 / 3)) * (x - (1.0 / 3))), -2, 1), 4e-8);
        Assert.Equal(-2, LineSearch.Minimum(x => x, -2, 1), 1e-14);
        Assert.Equal(1, LineSearch.Minimum(x => -x, -2, 1), 1e-14);
    }
}
