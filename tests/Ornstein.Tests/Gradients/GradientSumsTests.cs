using Ornstein.Gradients;
using Ornstein.Networks;
using Ornstein.Results;
using Ornstein.Stacks;

namespace Ornstein.Tests.Gradients;

/// <summary>The parts of a gradient's variance, against made gradients whose parts are known.</summary>
public class GradientSumsTests
{
    private const int Members = 2, Batches = 3, Draws = 4;

    /// <summary>
    /// Gradients of independent normals: mu_i + d_i + e_i with known lengths and variances. Estimates are without bias, so that the mean of 2,000 measurements lies within five standard
    /// errors, which the measurements themselves give.
    /// </summary>
    [Fact]
    public void AddTo_MadeGradients_FindsTheirParts()
    {
        const int Times = 2000;
        var layout = Layout();
        var (sums, random) = (new GradientSums(layout, Members), new Random(1));
        Assert.Equal(["q1", "p0"], sums.Networks);
        double[] mean = [0.5, 2], data = [0.3, 0.7], noise = [1.5, 0.1]; // per number, by member
        int[] sizes = [5, 7];                                            // of q1 and p0
        var seen = new List<GradientTotals>();
        for (var time = 0; time < Times; time++)
        {
            sums.Clear();
            for (var batch = 0; batch < Batches; batch++)
            {
                var ofBatch = Made(random, layout, member => Math.Sqrt(data[member]));
                for (var draw = 0; draw < Draws; draw++)
                {
                    var ofDraw = Made(random, layout, member => Math.Sqrt(noise[member]));
                    var constant = Made(null, layout, member => mean[member]);
                    sums.AddDraw([.. constant.Select((value, i) => value + ofBatch[i] + ofDraw[i])]);
                }

                sums.EndBatch();
            }

            var totals = GradientTotals.None(sums.Networks, Members);
            sums.AddTo(totals);
            Assert.Equal(1, totals.Count);
            seen.Add(totals);
        }

        for (var network = 0; network < 2; network++)
        {
            for (var member = 0; member < Members; member++)
            {
                var (i, j) = (network, member);
                Near(sizes[i] * mean[j] * mean[j], seen.Select(totals => totals.SquaredMean[i][j]));
                Near(sizes[i] * data[j], seen.Select(totals => totals.DataVariance[i][j]));
                Near(sizes[i] * noise[j], seen.Select(totals => totals.NoiseVariance[i][j]));
            }
        }
    }

    [Fact]
    public void Means_OfTwoMeasurements_AreTheirMeansAndARatio()
    {
        var totals = GradientTotals.None(["q1"], 1);
        (totals.SquaredMean[0][0], totals.DataVariance[0][0], totals.NoiseVariance[0][0], totals.Count) = (6, 3, 1, 2);
        var moments = Assert.Single(totals.Means(values => [.. values]));
        Assert.Equal(("q1", 3.0, 1.5, 0.5), (moments.Network, moments.SquaredMean[0], moments.DataVariance[0], moments.NoiseVariance[0]));
        Assert.Equal(1.5, moments.SignalToNoise[0]);
        Assert.True(double.IsNaN(new GradientMoments("q1", [1], [-1], [0.5]).SignalToNoise[0]));
        totals.Clear();
        Assert.Equal((0, 0), (totals.Count, totals.SquaredMean[0][0]));
    }

    internal static void Near(double expected, IEnumerable<double> estimates)
    {
        double[] all = [.. estimates];
        var mean = all.Average();
        var error = Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1.0) / all.Length);
        Assert.InRange(mean, expected - (5 * error) - 1e-9, expected + (5 * error) + 1e-9);
    }

    private static ParameterLayout Layout()
    {
        var layout = new ParameterLayout();
        layout.Add("q1.output.weight", new Shape(2, 2), 0);
        layout.Add("q1.output.bias", 1, 0);
        layout.Add("p0.output.weight", 7, 0);
        return layout;
    }

    // Of normals with a standard deviation, or the constant itself where there is no randomness.
    private static float[] Made(Random? random, ParameterLayout layout, Func<int, double> size)
    {
        var values = new float[layout.Length * Members];
        foreach (var segment in Ornstein.Optimization.SegmentPlan.Of(layout))
        {
            for (var member = 0; member < Members; member++)
            {
                for (var i = 0; i < segment.Count; i++) values[segment.OffsetIn(Members, member) + i] = (float)(size(member) * (random is null ? 1 : Normal(random)));
            }
        }

        return values;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
