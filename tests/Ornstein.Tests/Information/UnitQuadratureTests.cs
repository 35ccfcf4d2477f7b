using Ornstein.Gaussians;
using Ornstein.Information;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Information;

/// <summary>The numbers of one unit against a quadrature of 20,000 places in double precision, of few data with several Gaussians each: other means, other widths, far from zero.</summary>
public sealed class UnitQuadratureTests
{
    private const int Count = 6, Places = 20_000;
    private const double Centre = 40;

    // Between the grid's 128 places a density of widths from 0.5 is off by less than h^2 / 12 of its second derivative: h is some 0.15, the derivative some 2.
    private const double Grid = 4e-3;

    // Between places a logarithm of a density is a straight line: off by h^2 / 8 of its second derivative, which is 4 for a width of 0.5.
    private const double Line = 0.012;

    /// <summary>
    /// A mixture of S draws is too pointed by about c / S, and one of h of them by c / h: the entropy is carried on to no bias from the whole and its two parts. With four draws or
    /// more the doubt is by how much the same from the parts and their own parts gives less.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Of_AnyNumberOfDraws_IsTheQuadratureOfTheExtrapolatedEntropies(int draws)
    {
        using var scope = NewDisposeScope();
        var (means, widths) = Drawn(draws);
        var terms = new UnitQuadrature(new UnitCodes(Codes(means, widths, isExact: draws == 1))).Of(0);
        var (low, high) = (means.SelectMany(row => row).Min() - 20, means.SelectMany(row => row).Max() + 20);
        double[] places = [.. Enumerable.Range(0, Places).Select(i => low + ((i + 0.5) * (high - low) / Places))];
        double Integral(Func<int, double> of) => Enumerable.Range(0, Places).Sum(of) * (high - low) / Places;
        double[] Mixture(int n, int from, int to) =>
            [.. places.Select(z => Enumerable.Range(from, to - from).Average(s => Density(z, means[n][s], widths[n][s])))];
        double Negentropy(double[] p) => Integral(i => p[i] > 0 ? p[i] * Math.Log(p[i]) : 0);
        // Of parts of some draws each: the mean over the parts, with its bias in units of c.
        (double Value, double Bias) Of(int n, params int[] ends) =>
            (ends.Zip(ends.Skip(1), (from, to) => Negentropy(Mixture(n, from, to))).Average(), ends.Zip(ends.Skip(1), (from, to) => 1.0 / (to - from)).Average());
        static double WithoutBias((double Value, double Bias) fine, (double Value, double Bias) coarse) =>
            fine.Value + ((fine.Value - coarse.Value) * fine.Bias / (coarse.Bias - fine.Bias));

        var half = Math.Max(1, draws / 2);
        double[][] whole = [.. Enumerable.Range(0, Count).Select(n => Mixture(n, 0, draws))];
        double[] marginal = [.. Enumerable.Range(0, Places).Select(i => whole.Average(p => p[i]))];
        var doubt = 0.0;
        for (var n = 0; n < Count; n++)
        {
            var entropy = draws == 1 ? Of(n, 0, 1).Value : WithoutBias(Of(n, 0, draws), Of(n, 0, half, draws));
            var cross = Integral(i => whole[n][i] > 0 ? whole[n][i] * Math.Log(marginal[i]) : 0);
            Assert.Equal(entropy - cross, terms.Information[n], Grid);
            if (draws >= 4) doubt += (entropy - WithoutBias(Of(n, 0, half, draws), Of(n, 0, half / 2, half, half + ((draws - half) / 2), draws))) / Count;
        }

        Assert.Equal(doubt, terms.Doubt, 3 * Grid); // of three entropies
        Assert.Equal(0, terms.ShareTooNarrow);
    }

    /// <summary>The point's density in the mixture of the fresh Gaussians, or in that of these and of the one that drew it, over its density in all data's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_CodesWithPoints_TellsWhatEveryPointSays(bool isExact)
    {
        using var scope = NewDisposeScope();
        var (means, widths) = Drawn(isExact ? 1 : 5);
        var codes = Codes(means, widths, isExact);
        var terms = new UnitQuadrature(new UnitCodes(codes)).Of(0);
        for (var n = 0; n < Count; n++)
        {
            var (z, ownMean, ownWidth) = (codes.Points[n, 0].item<double>(), codes.Own.Mean[n, 0].item<double>(), codes.Own.StandardDeviation[n, 0].item<double>());
            double Fresh(int of) => means[of].Zip(widths[of], (mean, width) => Density(z, mean, width)).Average();
            var marginal = Math.Log(Enumerable.Range(0, Count).Average(Fresh));
            var draws = means[n].Length;
            var withOwn = isExact ? Fresh(n) : ((draws * Fresh(n)) + Density(z, ownMean, ownWidth)) / (draws + 1);
            Assert.Equal(Math.Log(Fresh(n)) - marginal, terms.LowerAtPoint[n], Line);
            Assert.Equal(Math.Log(withOwn) - marginal, terms.UpperAtPoint[n], Line);
        }
    }

    /// <summary>A point 100 widths from all fresh Gaussians of its datum: their densities are below what a double holds, and their logarithms are not.</summary>
    [Fact]
    public void Of_APointWhereTheFreshDensitiesVanish_HasTheirLogarithm()
    {
        using var scope = NewDisposeScope();
        const double Width = 0.01;
        double[][] means = [[0, 0.005], [1, 1.005]], widths = [[Width, Width], [Width, Width]];
        var own = new DiagonalGaussian(tensor(new double[] { 1, 1 }, 2, 1), ones(2, 1, dtype: ScalarType.Float64).Times(Width));
        var terms = new UnitQuadrature(new UnitCodes(new CodeComponents(own.Mean, own, Fresh(means, widths), IsExact: false))).Of(0);
        double LogDensity(double mean) => -0.5 * Math.Pow((1 - mean) / Width, 2) - Math.Log(Width * Math.Sqrt(2 * Math.PI));
        // The second is less than the first by e^-50.
        var fresh = LogDensity(0.005) - Math.Log(2);
        var marginal = Math.Log((Math.Exp(LogDensity(1)) + Math.Exp(LogDensity(1.005))) / 4);
        Assert.Equal(fresh - marginal, terms.LowerAtPoint[0], 0.05);
        Assert.Equal(LogDensity(1) - Math.Log(3) - marginal, terms.UpperAtPoint[0], 0.05);
    }

    /// <summary>Draws are kept in single precision, and several units lie side by side: each is that of its own numbers.</summary>
    [Fact]
    public void Of_UnitsSideBySideInSinglePrecision_AreThoseOfTheirOwnColumns()
    {
        using var scope = NewDisposeScope();
        var columns = Enumerable.Range(0, 3).Select(unit => Drawn(4, unit)).ToArray();
        Tensor Column(IEnumerable<double> values) => tensor(values.Select(value => (double)(float)value).ToArray(), Count, 1);
        DiagonalGaussian Draw(int s, int unit) => new(Column(columns[unit].Means.Select(row => row[s])), Column(columns[unit].Widths.Select(row => row[s])));
        CodeComponents Of(int[] units, ScalarType type)
        {
            DiagonalGaussian Joined(int s) => new(cat([.. units.Select(unit => Draw(s, unit).Mean)], 1).to(type), cat([.. units.Select(unit => Draw(s, unit).StandardDeviation)], 1).to(type));
            var own = Joined(0) is var q ? new DiagonalGaussian(q.Mean.to(ScalarType.Float64), q.StandardDeviation.to(ScalarType.Float64)) : default;
            return new CodeComponents(own.Mean.clone(), own, [.. Enumerable.Range(0, 4).Select(Joined)], IsExact: false);
        }

        var together = new UnitQuadrature(new UnitCodes(Of([0, 1, 2], ScalarType.Float32)));
        for (var unit = 0; unit < 3; unit++)
        {
            var alone = new UnitQuadrature(new UnitCodes(Of([unit], ScalarType.Float64))).Of(0);
            var side = together.Of(unit);
            Assert.Equal(alone.Information, side.Information);
            Assert.Equal(alone.LowerAtPoint, side.LowerAtPoint);
            Assert.Equal(alone.UpperAtPoint, side.UpperAtPoint);
        }
    }

    private static (double[][] Means, double[][] Widths) Drawn(int draws, int seed = 3)
    {
        var random = new Random(seed);
        double[][] means = new double[Count][], widths = new double[Count][];
        for (var n = 0; n < Count; n++)
        {
            var mean = Centre + (2 * random.NextDouble());
            means[n] = [.. Enumerable.Range(0, draws).Select(_ => mean + (1.5 * random.NextDouble()))];
            widths[n] = [.. Enumerable.Range(0, draws).Select(_ => 0.5 + random.NextDouble())];
        }

        return (means, widths);
    }

    // Each datum's point lies 0.7 widths above the mean of its own Gaussian.
    private static CodeComponents Codes(double[][] means, double[][] widths, bool isExact)
    {
        var fresh = Fresh(means, widths);
        var own = isExact ? fresh[0] : new DiagonalGaussian(fresh[0].Mean.Plus(0.3), fresh[0].StandardDeviation.Times(0.8));
        return new CodeComponents(own.Mean.Plus(own.StandardDeviation.Times(0.7)), own, fresh, isExact);
    }

    private static DiagonalGaussian[] Fresh(double[][] means, double[][] widths)
    {
        Tensor Column(double[][] rows, int s) => tensor(rows.Select(row => row[s]).ToArray(), rows.Length, 1);
        return [.. Enumerable.Range(0, means[0].Length).Select(s => new DiagonalGaussian(Column(means, s), Column(widths, s)))];
    }

    private static double Density(double z, double mean, double width) => Math.Exp(-0.5 * Math.Pow((z - mean) / width, 2)) / (width * Math.Sqrt(2 * Math.PI));
}
