using Ornstein.Data;
using Ornstein.Smoothing;
using Ornstein.Theory;

namespace Ornstein.Tests.Theory;

/// <summary>Where theory ends: what it refuses, what is out of reach of few draws, and data that are read in parts. Mutations of the code found these without a test.</summary>
public class TheoryLimitsTests
{
    private static readonly LinearSmoothing _flat = new() { Layers = 1 }, _noDraws = new() { Draws = 0 };

    [Fact]
    public void EveryEntrance_ForADepthOrDrawsOutOfRange_SaysSo()
    {
        Action<LinearSmoothing>[] entrances =
        [
            smoothing => LinearTheory.Optimum(3, 0.5, smoothing),
            smoothing => LinearTheory.Optimum(3, [0.5], smoothing),
            smoothing => Cascade.Transitions(3, smoothing),
            smoothing => LinearPrediction.At([3], 1, 0.5, smoothing),
        ];
        Assert.All(entrances, entrance =>
        {
            Assert.Contains("the depth is 1; smoothing needs 2 to 16 stochastic layers", Message(() => entrance(_flat)), StringComparison.Ordinal);
            Assert.Contains("draws is 0; smoothing needs at least 1 inner draw", Message(() => entrance(_noDraws)), StringComparison.Ordinal);
        });
        new LinearSmoothing { Layers = 16 }.Validate();
        Assert.Contains("the depth is 17", Message(() => new LinearSmoothing { Layers = 17 }.Validate()), StringComparison.Ordinal);
        new LinearSmoothing { Sampler = SmoothingSampler.Sobol }.Validate(); // exact smoothing has no draws that could be Sobol's
        Assert.Contains("the sampler sobol has no theory here", Message(() => new LinearSmoothing { Draws = 8, Sampler = SmoothingSampler.Sobol }.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_OutOfRange_AreNamed()
    {
        Assert.All(new[] { double.NaN, -0.1, double.PositiveInfinity }, ratio =>
            Assert.Contains("it must be a number from 0", Message(() => LinearTheory.Optimum(ratio, 0.5, new LinearSmoothing())), StringComparison.Ordinal));
        Assert.Contains("there are 1 rhos for 2 links", Message(() => LinearTheory.Optimum(3, [0.5], new LinearSmoothing { Layers = 3 })), StringComparison.Ordinal);
        Assert.Contains("rho is 1.5", Message(() => LinearTheory.Onset(2, 1.5)), StringComparison.Ordinal);
        Assert.Contains("a variance is -1", Message(() => LinearPrediction.LearnedDecoderVariance([3, -1], 1, 0.5, new LinearSmoothing())), StringComparison.Ordinal);
        Assert.Contains("the data have 4097 features; a spectrum is computed for at most 4096",
            Message(() => DataSpectrum.Of(DataSplit.FromReals(new float[2 * 4097], 4097))), StringComparison.Ordinal);
    }

    /// <summary>K draws leave 1/K of a linear function's variance at rho 0, so that no effective rho below the root of 1/K is reached; one draw never smooths.</summary>
    [Fact]
    public void RhoOfEffective_BelowWhatDrawsReach_IsNone()
    {
        var four = new LinearSmoothing { Draws = 4 };
        Assert.Equal(0, four.RhoOfEffective(0.5));
        Assert.Null(four.RhoOfEffective(0.49));
        Assert.Equal(1, four.RhoOfEffective(1));
        Assert.All(new[] { 0.1, 0.7, 0.95 }, rho => Assert.Equal(rho, four.RhoOfEffective(Math.Sqrt(four.EffectiveSquare(rho)))!.Value, 1e-12));
        Assert.Null(new LinearSmoothing { Draws = 1 }.RhoOfEffective(1));
    }

    /// <summary>docs/theory.md: the collapsed state is unstable up to 1 - 1/g, and at every rho stable for g up to 1.</summary>
    [Fact]
    public void Onset_OfTwoLevels_IsNoneUpToOne()
    {
        Assert.Null(TwoLevelTheory.Onset(1));
        Assert.Null(TwoLevelTheory.Onset(0.5));
        Assert.Equal(0.2, TwoLevelTheory.Onset(1.25)!.Value, 1e-12);
    }

    /// <summary>
    /// Layer 2 leaves zero at rho 1 - 1/g (docs/theory.md) by a gain of the second order in what is left to there: 1e-8 before it the gain is 1e-16 nats, less than an objective
    /// of 2 nats has digits for.
    /// </summary>
    [Theory]
    [InlineData(1e-5)]
    [InlineData(1e-7)]
    [InlineData(1e-8)]
    public void Optimum_AtTheEdgeOfALayer_IsTheDeeperStateBelowItAlone(double distance)
    {
        const double ratio = 20, critical = 1 - (1 / ratio);
        Assert.Equal(2, LinearTheory.Optimum(ratio, critical - distance, new LinearSmoothing()).ActiveLayers);
        Assert.Equal(1, LinearTheory.Optimum(ratio, critical + distance, new LinearSmoothing()).ActiveLayers);
    }

    /// <summary>So large a ratio has its layer active up to the last rhos that are tried before 1.</summary>
    [Theory]
    [InlineData(5e3)]
    [InlineData(5e5)]
    [InlineData(1e7)]
    public void Transitions_OfALayerThatEndsJustBeforeOne_AreAtOneLessOneOverG(double ratio) =>
        Assert.Equal(1 - (1 / ratio), Cascade.Transitions(ratio, new LinearSmoothing()).Single().CriticalRho!.Value, 1e-8);

    /// <summary>A direction counts in a layer if the optimum of its own has that layer active.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.6)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    public void At_AnyRho_CountsTheDirectionsThatEveryLayerHas(double rho)
    {
        double[] eigenvalues = [40, 12, 3, 1.2, 0.9, 0.2];
        var three = new LinearSmoothing { Layers = 3 };
        var prediction = LinearPrediction.At(eigenvalues, 1, rho, three);
        Assert.Equal(Enumerable.Range(1, 3).Select(layer => eigenvalues.Count(value => LinearTheory.Optimum(value, rho, three).ActiveLayers >= layer)), prediction.ActiveDirections);
        if (rho == 1) Assert.Equal([4, 0, 0], prediction.ActiveDirections); // principal components: those above the decoder's variance
    }

    /// <summary>Without smoothing it is the mean of what has no unit (Tipping and Bishop 1999, equation 8), wherever that lies among the values that are tried.</summary>
    [Theory]
    [InlineData(0, 15.5)]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void LearnedDecoderVariance_WithoutSmoothing_IsThatOfPrincipalComponents(int units, double expected) =>
        Assert.Equal(expected, LinearPrediction.LearnedDecoderVariance([50, 8, 3, 1], units, 1, new LinearSmoothing()), 1e-5);

    /// <summary>More rows than are read at once, far from the origin: the covariance is that of a plain loop over all of them.</summary>
    [Fact]
    public void Spectrum_OfMoreRowsThanAreReadAtOnce_IsThatOfAllRows()
    {
        const int rows = 4096 + 4096 + 77;
        var random = new Random(5);
        float[] numbers = [.. Enumerable.Range(0, rows).SelectMany(row => (float[])[100 + (float)(3 * random.NextDouble()), row < 4096 ? -50 : -48 + (float)random.NextDouble()])];
        double Mean(Func<int, double> of) => Enumerable.Range(0, rows).Average(of);
        var (first, second) = (Mean(i => numbers[2 * i]), Mean(i => numbers[(2 * i) + 1]));
        double Covariance(int i, int j) => Mean(row => (numbers[(2 * row) + i] - (i == 0 ? first : second)) * (numbers[(2 * row) + j] - (j == 0 ? first : second)));
        var (a, b, c) = (Covariance(0, 0), Covariance(1, 1), Covariance(0, 1));
        var half = Math.Sqrt(Math.Pow((a - b) / 2, 2) + (c * c));
        double[] spectrum = DataSpectrum.Of(DataSplit.FromReals(numbers, 2));
        Assert.Equal(((a + b) / 2) + half, spectrum[0], 1e-9);
        Assert.Equal(((a + b) / 2) - half, spectrum[1], 1e-9);
    }

    private static string Message(Action action) => Assert.Throws<OrnsteinException>(action).Message;
}
