using System.Runtime.Intrinsics;
using CsCheck;
using MathNet.Numerics;
using Ornstein.Kernels;

namespace Ornstein.Tests.Kernels;

public class TranscendentalTests
{
    private const double Relative = 2e-7; // two units in the last place and what the polynomials leave

    [Fact]
    public void ExpOfNegative_AnyX_IsTheExponential() => Gen.Single[-87, 0].Sample(
        x => Assert.Equal(1, First(Transcendental.ExpOfNegative, x) / Math.Exp(x), Relative), iter: 20_000, threads: 1);

    [Fact]
    public void Log_AnyPositiveX_IsTheLogarithm() => Gen.OneOf(Gen.Single[1e-30f, 1e30f], Gen.Single[0.5f, 2], Gen.Double[-30, 30].Select(e => (float)Math.Pow(10, e))).Sample(
        x =>
        {
            var truth = Math.Log(x);
            Assert.Equal(truth, First(Transcendental.Log, x), Relative * Math.Max(0.3, Math.Abs(truth)));
        },
        iter: 20_000, threads: 1);

    [Fact]
    public void Log1P_AnyXUpToOne_IsTheLogarithm() => Gen.OneOf(Gen.Single[0, 1], Gen.Double[-40, 0].Select(e => (float)Math.Pow(10, e))).Sample(
        x =>
        {
            var truth = SpecialFunctions.Log1p((double)x);
            Assert.Equal(truth, First(Transcendental.Log1P, x), Relative * truth);
        },
        iter: 20_000, threads: 1);

    [Theory]
    [InlineData(0f, 1)]
    [InlineData(-1000f, 1e-30)] // practically zero
    [InlineData(float.NaN, double.NaN)]
    public void ExpOfNegative_Edges_StayWhatTheyAre(float x, double expected)
    {
        var value = First(Transcendental.ExpOfNegative, x);
        if (double.IsNaN(expected)) Assert.True(float.IsNaN(value));
        else Assert.Equal(expected, value, 1e-30);
    }

    [Fact]
    public void Log_OfWhatIsNoNumber_IsNotFinite()
    {
        Assert.Equal(0, First(Transcendental.Log, 1));
        Assert.True(float.IsNaN(First(Transcendental.Log, float.NaN)));
        Assert.False(float.IsFinite(First(Transcendental.Log, float.PositiveInfinity)));
    }

    [Fact]
    public void Lanes_AnyX_AreTheFunctionsOfTheirNames() => Gen.OneOf(Gen.Single[-30, 30], Gen.Single[-1, 1]).Sample(
        x =>
        {
            double value = x;
            Assert.Equal(1, First(Lanes.Softplus, x) / (Math.Max(value, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(value)))), 5e-7);
            Assert.Equal(1, First(Lanes.Sigmoid, x) * (1 + Math.Exp(-value)), 5e-7);
            Assert.Equal(Math.Tanh(value), First(Lanes.Tanh, x), 2e-7);
            Assert.Equal(SpecialFunctions.Erfc(-value / Math.Sqrt(2)) / 2, First(Lanes.NormalCdf, x), 3e-7); // 1.5e-7 of the formula itself
        },
        iter: 20_000, threads: 1);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(40)]
    public void First_SomeLanes_KeepsThoseAndClearsTheRest(int count)
    {
        var kept = Lanes.First(Vector512.Create(float.NaN), count);
        for (var i = 0; i < Lanes.Count; i++) Assert.Equal(i < count, float.IsNaN(kept[i]));
    }

    private static float First(Func<Vector512<float>, Vector512<float>> function, float x) => function(Vector512.Create(x))[0];
}
