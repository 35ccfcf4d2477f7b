using Ornstein.Data;
using Ornstein.Theory;

namespace Ornstein.Tests.Theory;

public class LinearPredictionTests
{
    private static readonly double[] _eigenvalues = [20, 5, 2.5, 1.5, 0.4, 0.3, 0.2, 0.1];

    [Fact]
    public void Of_DataThatDoNotVary_SaysSo()
    {
        var same = DataSplit.FromReals([0.1f, 3, 0.1f, 3, 0.1f, 3], 2);
        Assert.Contains("cannot say: the data do not vary", Assert.Throws<OrnsteinException>(() => DataSpectrum.Of(same)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "cannot say: the data do not vary",
            Assert.Throws<OrnsteinException>(() => LinearPrediction.At([0, 0], 1, 0.5, new LinearSmoothing())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_AtRhoOne_IsThatOfPrincipalComponents() =>
        Assert.Equal(_eigenvalues.Sum(value => 0.5 * Math.Max(0, Math.Log(value / 2))),
            LinearPrediction.At(_eigenvalues, 2, 1, new LinearSmoothing()).Kl[0], 1e-9);

    [Fact]
    public void LearnedDecoderVariance_WithoutSmoothing_IsTheMeanOfWhatHasNoUnit() =>
        Assert.Equal(0.25, LinearPrediction.LearnedDecoderVariance(_eigenvalues, 4, 1, new LinearSmoothing()), 1e-6);

    [Fact]
    public void LearnedDecoderVariance_WithSmoothing_IsSelfConsistentAndSmaller()
    {
        var two = new LinearSmoothing();
        var variance = LinearPrediction.LearnedDecoderVariance(_eigenvalues, 4, 0.5, two);
        var residual = _eigenvalues.Take(4).Sum(value => value / (1 + LinearTheory.Optimum(value / variance, 0.5, two).Kappa[0]))
            + _eigenvalues.Skip(4).Sum();
        Assert.Equal(residual / 8, variance, 1e-5);
        Assert.True(variance < 0.25);
        // The first transition is that of the fixed variance, since above it nothing has changed yet.
        Assert.Equal(0.25, LinearPrediction.LearnedDecoderVariance(_eigenvalues, 4, 1 - (0.25 / 20) + 1e-3, two), 1e-6);
    }

    [Fact]
    public void LearnedDecoderVariance_WithAUnitForEveryDirection_SaysWhy() => Assert.Contains(
        "fewer units", Assert.Throws<OrnsteinException>(() => LinearPrediction.LearnedDecoderVariance([2, 1], 2, 0.5, new())).Message);

    [Fact]
    public void At_OfBadVariance_SaysSo() => Assert.Contains(
        "positive", Assert.Throws<OrnsteinException>(() => LinearPrediction.At([2, 1], 0, 0.5, new()).Kl).Message);

    [Fact]
    public void Spectrum_OfRealNumbers_IsThatOfTheirCovariance()
    {
        // Two features with covariance [[2, 1], [1, 2]] about (1000, -3): eigenvalues 3 and 1, along (1, 1) and (1, -1).
        var (a, b) = ((float)Math.Sqrt(3), 1f);
        float[] x = [a, a, -a, -a, b, -b, -b, b];
        for (var i = 0; i < x.Length; i++) x[i] += i % 2 == 0 ? 1000 : -3;
        var spectrum = DataSpectrum.Of(DataSplit.FromReals(x, 2));
        Assert.Equal(3, spectrum[0], 1e-3);
        Assert.Equal(1, spectrum[1], 1e-3);
    }

    [Fact]
    public void Spectrum_OfPixels_IsInUnitsOfFullInk()
    {
        var bytes = new byte[2 * 10_000];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = i % 2 == 0 ? (byte)(i % 4 == 0 ? 255 : 0) : (byte)7;
        var spectrum = DataSpectrum.Of(DataSplit.FromBytes(bytes, 2));
        Assert.Equal(0.25, spectrum[0], 1e-9);
        Assert.Equal(0, spectrum[1], 1e-9);
    }

    [Fact]
    public void Spectrum_OfBadData_SaysWhatIsWrong()
    {
        Assert.Contains("at least 2", Assert.Throws<OrnsteinException>(() => DataSpectrum.Of(DataSplit.FromReals([1, 2], 2))).Message);
        Assert.Contains("not finite", Assert.Throws<OrnsteinException>(() => DataSpectrum.Of(DataSplit.FromReals([1, float.NaN], 1))).Message);
    }
}
