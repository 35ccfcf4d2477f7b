using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

/// <summary>Made curves whose rate is known.</summary>
public sealed class GrowthRateTests
{
    private static readonly double[] _time = [.. Enumerable.Range(0, 40).Select(i => (double)i)];

    [Theory]
    [InlineData(0.1)]
    [InlineData(-0.05)]
    public void FromCollapsed_OfAnExponential_IsItsRateWithoutError(double rate)
    {
        var found = GrowthRate.FromCollapsed([.. _time.Select(t => 1e-3 * Math.Exp(rate * t))], _time, cap: 1);
        Assert.Equal(rate, found.Value, 1e-12);
        Assert.Equal(0, found.StandardError, 1e-9);
    }

    [Fact]
    public void FromCollapsed_OfWhatSaturatesAboveTheCap_LooksAtTheGrowthAlone()
    {
        var found = GrowthRate.FromCollapsed([.. _time.Select(t => Math.Min(0.2, 1e-3 * Math.Exp(0.5 * t)))], _time, cap: 0.05);
        Assert.Equal(0.5, found.Value, 1e-12);
    }

    [Fact]
    public void FromCollapsed_InUnevenTime_IsPerUnitOfIt()
    {
        // A learning rate that falls slows both down.
        double[] time = [.. _time.Select(t => 10 * (1 - Math.Exp(-t / 10)))];
        Assert.Equal(0.2, GrowthRate.FromCollapsed([.. time.Select(t => 1e-3 * Math.Exp(0.2 * t))], time, cap: 1).Value, 1e-12);
    }

    /// <summary>
    /// Walks and measurements with noise: two standard errors hold the rate in 95 % of curves if the noise were known. It is estimated from the curve, which
    /// costs a little: at least 90 % are asked for, with three binomial errors of 400 curves (0.045), so 0.855; and not 99.9 %, or it would say nothing.
    /// </summary>
    [Theory]
    [InlineData(0.1, 0, 5)]
    [InlineData(0.1, 0, 10)]
    [InlineData(0.1, 0.1, 10)]
    [InlineData(0.1, 0, 40)]
    [InlineData(0.1, 0, 15)]
    [InlineData(0.1, 0.1, 40)]
    [InlineData(0.05, 0.2, 15)]
    public void FromCollapsed_OfANoisyCurve_HoldsTheRateWithinTwoErrors(double walk, double measurement, int epochs)
    {
        const int Curves = 400;
        var random = new Random(1);
        var inside = 0;
        for (var curve = 0; curve < Curves; curve++)
        {
            var (log, kl) = (Math.Log(1e-3), new double[epochs]);
            for (var i = 0; i < epochs; i++)
            {
                kl[i] = Math.Exp(log + (measurement * Normal(random)));
                log += 0.03 + (walk * Normal(random));
            }

            var found = GrowthRate.FromCollapsed(kl, _time[..epochs], cap: 1e9);
            if (Math.Abs(found.Value - 0.03) <= 2 * found.StandardError) inside++;
        }

        Assert.InRange((double)inside / Curves, 0.855, 0.998);
    }

    [Fact]
    public void OfStationary_OfAnExponential_IsItsRateWithoutErrorAndItsLastKl()
    {
        double[] time = [.. _time.Select(t => 10 * (1 - Math.Exp(-t / 10)))];
        var (rate, last) = GrowthRate.OfStationary([.. time.Select(t => 1e-3 * Math.Exp(0.2 * t))], time, 10, time.Length);
        Assert.Equal(0.2, rate.Value, 1e-12);
        Assert.Equal(0, rate.StandardError, 1e-9);
        Assert.Equal(1e-3 * Math.Exp(0.2 * time[^1]), last, 1e-9);
    }

    /// <summary>
    /// Noise that comes back by half at every epoch: two standard errors hold the slope in 95 % of curves if the noise were known. That its correlation is estimated from the same
    /// curve costs some: another program found 0.865 with 50 epochs and 0.937 with 400, from which three binomial errors of 400 curves are taken. The error falls as the 1.5th power of the number of epochs, where that of a walk falls as the root: by 8 to 50 from 50 epochs to 400, within a factor of 2 for chance.
    /// </summary>
    [Fact]
    public void OfStationary_OfNoiseThatComesBack_HoldsItsTrendAndIsTheSurerTheLongerItIs()
    {
        const int Curves = 400;
        var random = new Random(2);
        double ErrorOf(int epochs, double holds, Func<double[], double[], Estimate> rateOf)
        {
            var (inside, errors, time) = (0, 0.0, Enumerable.Range(0, epochs).Select(i => (double)i).ToArray());
            for (var curve = 0; curve < Curves; curve++)
            {
                var (away, kl) = (0.0, new double[epochs]);
                for (var i = 0; i < epochs; i++)
                {
                    away = (away / 2) + (0.8 * Normal(random));
                    kl[i] = 2e-5 * Math.Exp((0.001 * i) + away);
                }

                var found = rateOf(kl, time);
                if (Math.Abs(found.Value - 0.001) <= 2 * found.StandardError) inside++;
                errors += found.StandardError / Curves;
            }

            Assert.InRange((double)inside / Curves, holds - (3 * Math.Sqrt(holds * (1 - holds) / Curves)), 1);
            return errors;
        }

        static Estimate Line(double[] kl, double[] time) => GrowthRate.OfStationary(kl, time, 0, kl.Length).Rate;
        static Estimate Walk(double[] kl, double[] time) => GrowthRate.Of(kl, time, 0, kl.Length);
        Assert.InRange(ErrorOf(50, 0.865, Line) / ErrorOf(400, 0.937, Line), Math.Pow(8, 1.5) / 2, Math.Pow(8, 1.5) * 2);
        Assert.InRange(ErrorOf(50, 0.9, Walk) / ErrorOf(400, 0.9, Walk), Math.Sqrt(8) / 2, Math.Sqrt(8) * 2);
    }

    /// <summary>
    /// By hand: d = 1, 0, 2, 1 over t = 1, 2, 1, 2 is a rate of 4/6, and leaves 1/3, -4/3, 4/3, -1/3. So c_0 = (34/9) / 3, c_1 = (-24/9) / 3 + c_0 / 4 = -31/54, and
    /// SE^2 = (4 (c_0 + 2 c_1) - 2 c_1) / 36 = (12/27 + 31/27) / 36, by Student's quantile of 3 degrees of freedom: 3.18245 instead of 1.95996.
    /// </summary>
    [Fact]
    public void Of_EpochsFromAfterTheFirst_IsWhatTheFormulaSays()
    {
        double[] logs = [9, 7, 0, 1, 1, 3, 4, double.NaN], time = [3, 9, 10, 11, 13, 14, 16, 30];
        var found = GrowthRate.Of([.. logs.Select(log => 1e-3 * Math.Exp(log))], time, 2, 7);
        Assert.Equal(2.0 / 3, found.Value, 1e-12);
        Assert.Equal(3.18245 / 1.95996 * Math.Sqrt(43.0 / (27 * 36)), found.StandardError, 1e-5);
        Assert.Equal(Estimate.None, GrowthRate.Of([.. logs.Select(Math.Exp)], time, 2, 6)); // four
    }

    /// <summary>
    /// Newey and West's variance as the sum over all pairs of epochs, with weights that fall to zero at a distance of one more than the root of their number; and the 97.5 % quantile of Kiefer and Vogelsang
    /// (2005), table 1, Bartlett: 1.9600 + 2.9694 b + 0.4160 b^2 - 0.5324 b^3, b that distance in parts of the whole.
    /// </summary>
    [Theory]
    [InlineData(9, 4)]
    [InlineData(14, 5)]
    [InlineData(100, 11)]
    public void OfStationary_OfAnyCurve_HasTheErrorOfItsAutocorrelation(int count, int reach)
    {
        const int From = 3;
        var random = new Random(4);
        double[] time = [.. Enumerable.Range(0, From + count).Select(i => 20 + i + (0.5 * random.NextDouble()))];
        double[] logs = [.. Enumerable.Range(0, From + count).Select(_ => Normal(random))];
        var (t, y) = (time[From..], logs[From..]);
        var (sumT, sumY, sumTt, sumTy) = (t.Sum(), y.Sum(), t.Sum(v => v * v), t.Zip(y, (a, b) => a * b).Sum());
        var slope = ((count * sumTy) - (sumT * sumY)) / ((count * sumTt) - (sumT * sumT));
        var intercept = (sumY - (slope * sumT)) / count;
        var variance = 0.0;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var weight = Math.Max(0, 1 - (Math.Abs(i - j) / (double)reach));
                variance += weight * (t[i] - (sumT / count)) * (t[j] - (sumT / count)) * (y[i] - intercept - (slope * t[i])) * (y[j] - intercept - (slope * t[j]));
            }
        }

        var b = (double)reach / count;
        var quantile = 1.96 + (2.9694 * b) + (0.416 * b * b) - (0.5324 * b * b * b);
        var (rate, last) = GrowthRate.OfStationary([.. logs.Select(log => 1e-3 * Math.Exp(log))], time, From, From + count);
        Assert.Equal(slope, rate.Value, 1e-9);
        Assert.Equal(quantile / 1.96 * Math.Sqrt(variance) / (sumTt - (sumT * sumT / count)), rate.StandardError, 1e-9);
        Assert.Equal(1e-3 * Math.Exp(intercept + (slope * t[^1])), last, 1e-9);
    }

    [Fact]
    public void FromCollapsed_WithoutWhatItNeeds_IsNone()
    {
        double[] rising = [.. _time.Select(t => 1e-3 * Math.Exp(0.1 * t))];
        Assert.Equal(Estimate.None, GrowthRate.FromCollapsed(rising[..4], _time[..4], cap: 1)); // too few
        Assert.Equal(Estimate.None, GrowthRate.FromCollapsed([.. rising.Select(kl => kl + 1)], _time, cap: 0.05)); // not collapsed to begin with
        Assert.Equal(Estimate.None, GrowthRate.FromCollapsed([], [], cap: 1));
        Assert.Equal(Estimate.None, GrowthRate.FromCollapsed([.. rising.Select((kl, i) => i == 2 ? double.NaN : kl)], _time, cap: 1)); // diverged
        Assert.Equal(Estimate.None, GrowthRate.FromCollapsed(rising, new double[rising.Length], cap: 1)); // no time
        Assert.Equal((Estimate.None, double.NaN), GrowthRate.OfStationary(rising[..4], _time[..4], 0, 4));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
