using Ornstein.Gaussians;
using Ornstein.Information;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Information;

/// <summary>The split against closed forms and quadratures of channels whose law is known, of one layer given as its Gaussians.</summary>
public class InformationSplitTests
{
    private const int Count = 1000, Draws = 32;

    // Densities on the grid are of single precision.
    private const double Rounding = 1e-5;

    /// <summary>z = a x + e with x, e ~ N(0, 1): I = ln(1 + a^2) / 2, all of it in means.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(3)]
    public void Of_AMeanCodedChannel_HasTheClosedFormInItsMeans(double a)
    {
        using var scope = NewDisposeScope();
        var split = InformationSplit.Of(Exact(Normal("x", 1).Times(a), ones(Count, 1, dtype: ScalarType.Float64)), default);
        var exact = Math.Log(1 + (a * a)) / 2;
        AssertIs(exact, split.Information, Mixture(exact));
        AssertIs(exact, split.Means, Mixture(exact));
        AssertIs(exact, split.UnitInformation[0], Mixture(exact));
        Assert.Equal(0, split.Widths.Value, Rounding);
        Assert.Equal(0, split.UnitWidths[0].Value, Rounding);
    }

    /// <summary>z = s(x) e with ln s = -w or w: nothing in means. Among seven units that tell nothing, as a layer near its transition has.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Of_AWidthCodedChannel_HasTheQuadratureInItsWidths(double w)
    {
        using var scope = NewDisposeScope();
        var code = zeros(Count, 8, dtype: ScalarType.Float64);
        code.select(1, 3).copy_(Signs("x").Times(w));
        var split = InformationSplit.Of(Exact(zeros_like(code), code.exp()), default);
        var exact = Quadrature.Information([(0, Math.Exp(-w)), (0, Math.Exp(w))]);
        AssertIs(exact, split.Information, Mixture(exact));
        AssertIs(exact, split.Widths, Mixture(exact));
        AssertIs(exact, split.UnitWidths[3], Mixture(exact));
        Assert.Equal(0, split.Means.Value, Rounding);
        Assert.Equal(0, split.UnitInformation[0].Value, Rounding);
        if (w == 0.1) Assert.True(split.Information.StandardError < 0.001 && exact is > 0.009 and < 0.011, "0.01 nats are seen at 1,000 data");
    }

    /// <summary>Four kinds of x, of which a mean and a width tell one half each: both parts have a quadrature of their own definition.</summary>
    [Theory]
    [InlineData(0.15, 0.15)]
    [InlineData(1, 0.5)]
    public void Of_AChannelCodedInBoth_HasBothQuadratures(double a, double w)
    {
        using var scope = NewDisposeScope();
        var (mean, log) = (Signs("mean").Times(a), Signs("width").Times(w));
        var split = InformationSplit.Of(Exact(mean.unsqueeze(1), log.exp().unsqueeze(1)), default);
        var common = Math.Sqrt((Math.Exp(2 * w) + Math.Exp(-2 * w)) / 2);
        var exact = Quadrature.Information([(a, Math.Exp(w)), (-a, Math.Exp(w)), (a, Math.Exp(-w)), (-a, Math.Exp(-w))]);
        var means = Quadrature.Information([(a, common), (-a, common)]);
        AssertIs(exact, split.Information, Mixture(exact));
        AssertIs(means, split.Means, Mixture(means));
        AssertIs(exact - means, split.Widths, Mixture(exact));
        Assert.True(exact - means > 0.01 && means > 0.005, "both have something to say");
    }

    /// <summary>Means and widths that follow the noise of the layer below, and not x: a KL, and no information of any kind.</summary>
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0, 0.4)]
    [InlineData(0.4, 0.4)]
    public void Of_NoiseOfTheLayerBelow_IsNothingInAllParts(double ofMeans, double ofWidths)
    {
        using var scope = NewDisposeScope();
        DiagonalGaussian Draw(int draw) => new(Normal($"mean{draw}", 2).Times(ofMeans), Normal($"width{draw}", 2).Times(ofWidths).exp());
        var own = Draw(0);
        var codes = new CodeComponents(own.Sample(Normal("e", 2)), own, [.. Enumerable.Range(1, Draws).Select(Draw)], IsExact: false);
        var split = InformationSplit.Of(codes, default);
        // What a mixture of S draws leaves of its bias when halves have told the first order: of the order of (chi^2 / S)^2, with the mean-square
        // contingency chi^2 of a unit and the noise below it, which is about twice their nats: v for means, 2 w for log widths.
        var chi2 = 2 * ((ofMeans * ofMeans) + (2 * ofWidths * ofWidths));
        var slack = Math.Pow(chi2 / Draws, 2) * 4;
        AssertIs(0, split.Information, slack);
        AssertIs(0, split.Means, slack);
        AssertIs(0, split.Widths, slack);
        Assert.All(split.UnitInformation, unit => AssertIs(0, unit, slack));
    }

    /// <summary>
    /// Noise of the layer below so large that sixteen draws do not stand for it: what they leave is positive, up to 0.02 nats, and lies within two of its errors, so that the unit does
    /// not count as alive.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(10)]
    public void Of_LargeNoiseOfTheLayerBelow_DoesNotCountAsInformation(double variance)
    {
        using var scope = NewDisposeScope();
        DiagonalGaussian Draw(int draw) => new(Normal($"mean{draw}", 1).Times(Math.Sqrt(variance)), ones(Count, 1, dtype: ScalarType.Float64));
        var own = Draw(0);
        var codes = new CodeComponents(own.Sample(Normal("e", 1)), own, [.. Enumerable.Range(1, 16).Select(Draw)], IsExact: false);
        var split = InformationSplit.Of(codes, default);
        foreach (var number in new[] { split.Information, split.Means, split.UnitInformation[0], split.UnitMeans[0] }) Assert.InRange(Math.Abs(number.Value), 0, 2 * number.StandardError);
        Assert.InRange(split.UnitInformation[0].Value, 0.002, 0.05); // there is something to be wary of
    }

    /// <summary>q(z | x) = N(m(x) + noise of the layer below, s^2) is known again: ln(1 + a^2 / (1 + b^2)) / 2 of a unit.</summary>
    [Fact]
    public void Of_AMixtureOverTheLayerBelow_HasTheClosedForm()
    {
        using var scope = NewDisposeScope();
        const double A = 0.6, B = 0.8;
        var code = Normal("x", 1).Times(A);
        DiagonalGaussian Draw(int draw) => new(code.Plus(Normal($"below{draw}", 1).Times(B)), ones(Count, 1, dtype: ScalarType.Float64));
        var own = Draw(0);
        var split = InformationSplit.Of(
            new CodeComponents(own.Sample(Normal("e", 1)), own, [.. Enumerable.Range(1, Draws).Select(Draw)], IsExact: false), default);
        var exact = Math.Log(1 + (A * A / (1 + (B * B)))) / 2;
        var slack = Mixture(exact) + (4 * Math.Pow(B * B / Draws, 2));
        AssertIs(exact, split.Information, slack);
        AssertIs(exact, split.UnitInformation[0], slack);
        Assert.Equal(0, split.Widths.Value, Rounding);
    }

    /// <summary>Two units that both say x: ln(1 + 2 a^2) / 2, less than their sum; and two whose product of signs says it, of which neither does alone.</summary>
    [Fact]
    public void Of_UnitsThatHangTogether_IsThatOfTheLayer()
    {
        using var scope = NewDisposeScope();
        const double A = 1.2;
        var x = Normal("x", 1);
        var same = InformationSplit.Of(Exact(cat([x, x], 1).Times(A), ones(Count, 2, dtype: ScalarType.Float64)), default);
        var exact = Math.Log(1 + (2 * A * A)) / 2;
        AssertIs(exact, same.Information, Mixture(exact));
        var alone = Math.Log(1 + (A * A)) / 2;
        Assert.All(same.UnitInformation, unit => AssertIs(alone, unit, Mixture(alone)));

        // Each draw of the layer below turns both signs; x is their product.
        var sign = Signs("x");
        DiagonalGaussian Draw(int draw)
        {
            var first = Signs($"below{draw}");
            return new DiagonalGaussian(stack([first, first * sign], 1).Times(A), ones(Count, 2, dtype: ScalarType.Float64));
        }

        var own = Draw(0);
        var product = InformationSplit.Of(
            new CodeComponents(own.Sample(Normal("e", 2)), own, [.. Enumerable.Range(1, Draws).Select(Draw)], IsExact: false), default);
        Assert.All(product.UnitInformation, unit => AssertIs(0, unit, 0.005));
        Assert.True(product.Information.Value > 0.1 && product.Information.Value > 5 * product.Information.StandardError);
    }

    /// <summary>More than the data can show: the value lies between the bounds, and the error says that it may be either.</summary>
    [Fact]
    public void Of_MoreInformationThanDataCanShow_SaysHowUncertainItIs()
    {
        using var scope = NewDisposeScope();
        var split = InformationSplit.Of(Exact(Normal("x", 3).Times(1000), ones(Count, 3, dtype: ScalarType.Float64)), default);
        var (lower, upper) = (split.Bounds.Lower.Value, split.Bounds.Upper().Value);
        Assert.InRange(split.Information.Value, lower, upper);
        Assert.True(split.Information.StandardError >= (upper - lower) / 2);
    }

    /// <summary>
    /// 600 units of which each says its own part, ln 2 / 2. The Gaussian bound has independent units there and is tight: two moments of each unit from 900 data cost 1 / 900 nats.
    /// The bound by the other data is hundreds of nats above it.
    /// </summary>
    [Fact]
    public void Of_AWideLayer_IsBoundedByAGaussianOfIndependentUnits()
    {
        using var scope = NewDisposeScope();
        const int Units = 600;
        var bounds = InformationSplit.Of(Exact(Normal("x", Units), ones(Count, Units, dtype: ScalarType.Float64)), default).Bounds;
        var exact = Units * Math.Log(2) / 2;
        Assert.InRange(bounds.UpperGaussian.Value - exact, -5 * bounds.UpperGaussian.StandardError, (5 * bounds.UpperGaussian.StandardError) + (2.0 * Units / 900));
        Assert.True(bounds.UpperLeaveOneOut.Value > exact + 50);
        Assert.Equal(bounds.UpperGaussian, bounds.Upper());
        Assert.InRange(bounds.Lower.Value, 0, Math.Log(Count) + 1e-9);
    }

    private static void AssertIs(double exact, Estimate actual, double slack) =>
        Assert.True(
            Math.Abs(actual.Value - exact) < (4.5 * actual.StandardError) + slack + Rounding, $"{actual.Value} +- {actual.StandardError} of {exact}");

    // A mixture of the data in the place of q(z) is off by chi^2 / 2N, with the mean-square contingency chi^2 = e^(2I) - 1 of Gaussian numbers.
    private static double Mixture(double exact) => (Math.Exp(2 * exact) - 1) / (2 * Count);

    private static CodeComponents Exact(Tensor means, Tensor widths)
    {
        var q = new DiagonalGaussian(means, widths);
        return new CodeComponents(q.Sample(Normal("e", means.shape[1])), q, [q], IsExact: true);
    }

    private static Tensor Normal(string place, long units) => RandomKey.FromSeed(3).At(place).Normal(Count, units).to(ScalarType.Float64);

    private static Tensor Signs(string place) => Normal(place, 1).squeeze(1).sign();
}
