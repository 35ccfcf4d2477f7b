using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Likelihoods;

/// <summary>A mixture of whole pixels, against the formula number by number and against what its own probabilities say.</summary>
public class ColourMixtureLikelihoodTests
{
    private const int Components = 3, Pixels = 2, Rows = 4;

    private static readonly ColourMixtureLikelihood _likelihood = new(Components);

    /// <summary>In double, where the difference of two sigmoids still has ten digits.</summary>
    [Fact]
    public void LogProbability_AnyPixel_IsTheFormula()
    {
        using var scope = NewDisposeScope();
        var output = Output(1, 0.7);
        byte[] levels = [.. Enumerable.Range(0, Rows * 3 * Pixels).Select(i => (byte)(i switch { 0 => 0, 3 => 255, 7 => 0, 20 => 255, _ => (i * 37) % 256 }))];
        var given = _likelihood.LogProbability(Data(levels, Rows), output, PartState.None)[0].data<double>().ToArray();
        var planes = output.reshape(Rows, 10, Components, Pixels);
        for (var row = 0; row < Rows; row++)
        {
            var expected = 0.0;
            for (var pixel = 0; pixel < Pixels; pixel++)
            {
                double Plane(int plane, int component) => planes[row, plane, component, pixel].item<double>();
                int Level(int channel) => levels[(row * 3 * Pixels) + (channel * Pixels) + pixel];
                double Signed(int channel) => (2 * Level(channel) / 255.0) - 1;
                var (sum, shares) = (0.0, Enumerable.Range(0, Components).Sum(k => Math.Exp(Plane(0, k))));
                for (var k = 0; k < Components; k++)
                {
                    double[] means =
                    [
                        Plane(1, k), Plane(2, k) + (Math.Tanh(Plane(7, k)) * Signed(0)),
                        Plane(3, k) + (Math.Tanh(Plane(8, k)) * Signed(0)) + (Math.Tanh(Plane(9, k)) * Signed(1)),
                    ];
                    var mass = Math.Exp(Plane(0, k)) / shares;
                    for (var channel = 0; channel < 3; channel++) mass *= Mass(Level(channel), means[channel], Math.Exp(Plane(4 + channel, k)));
                    sum += mass;
                }

                expected += Math.Log(sum);
            }

            Assert.Equal(expected, given[row], 1e-8);
        }
    }

    /// <summary>For a level of red, over all of green and blue: what a mixture of red alone gives.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(130)]
    [InlineData(255)]
    public void LogProbability_OverAllGreenAndBlue_SumsToRed(int red)
    {
        using var scope = NewDisposeScope();
        var output = Output(1, 1)[.., ..1, ..].reshape(1, 1, 10, Components, Pixels)[.., .., .., .., ..1].reshape(1, 1, -1);
        var green = TensorCreation.Counted(0, 256, dtype: ScalarType.Float64).Over(255);
        var total = 0.0;
        for (var level = 0; level < 256; level++)
        {
            using var inner = NewDisposeScope();
            var x = stack([TensorCreation.FilledLike(green, red / 255.0), TensorCreation.FilledLike(green, level / 255.0), green], -1).unsqueeze(0);
            total += _likelihood.LogProbability(x, output.expand(1, 256, -1), PartState.None).exp().sum([]).item<double>();
        }

        var planes = output.reshape(1, 1, 10, Components);
        var alone = stack([planes.select(2, 0), planes.select(2, 1), planes.select(2, 4)], 2).reshape(1, 1, -1);
        var expected = new LogisticMixtureLikelihood(Components).LogProbability(TensorCreation.Filled([1, 1, 1], red / 255.0, ScalarType.Float64), alone, PartState.None).exp().item<double>();
        Assert.Equal(1, total / expected, 1e-10);
    }

    [Fact]
    public void LogProbability_Gradient_IsThatOfDifferences()
    {
        using var scope = NewDisposeScope();
        byte[] levels = [.. Enumerable.Range(0, Rows * 3 * Pixels).Select(i => (byte)(i * 23 % 256))];
        LikelihoodGradient.Check(_likelihood, Data(levels, Rows), Output(2, 1));
    }

    /// <summary>
    /// Two narrow components far apart, each with couplings of its own: which one a pixel has can be seen, and its green and blue are where its own red and green put them, but for
    /// the width and the rounding to a level.
    /// </summary>
    [Fact]
    public void Sample_NarrowComponents_AreChosenForThePixelAndCoupled()
    {
        const int Count = 4000;
        using var scope = NewDisposeScope();
        var two = new ColourMixtureLikelihood(2);
        double[][] planes = // logit, means, log scales, couplings
        [
            [0.4, -0.4], [-0.6, 0.5], [0.1, -0.2], [0, 0.1], [-3, -3], [-7, -7], [-7, -7], [0.5, -0.4], [0.3, 0.2], [-0.5, 0.6],
        ];
        var output = tensor(planes.SelectMany(plane => plane).ToArray()).to(ScalarType.Float32).reshape(1, 1, -1).expand(1, Count, -1).contiguous();
        var drawn = two.Sample(output, PartState.None, StackNoise.Shared(RandomKey.FromSeed(4)), "x");
        Assert.Equal([1, Count, 3], drawn.shape);
        var values = drawn.data<float>().ToArray();
        var first = 0;
        for (var i = 0; i < Count; i++)
        {
            var (red, green, blue) = (Signed(values[3 * i]), Signed(values[(3 * i) + 1]), Signed(values[(3 * i) + 2]));
            var k = red < 0 ? 0 : 1;
            if (k == 0) first++;
            // A scale of e^-7 puts all but e^-8 outside of 9 e^-7, a hundredth; half a level is 1/255.
            Assert.Equal(planes[2][k] + (Math.Tanh(planes[7][k]) * red), green, 0.013);
            Assert.Equal(planes[3][k] + (Math.Tanh(planes[8][k]) * red) + (Math.Tanh(planes[9][k]) * green), blue, 0.013);
        }

        var share = Math.Exp(0.4) / (Math.Exp(0.4) + Math.Exp(-0.4));
        Assert.Equal(share, (double)first / Count, 5 * Math.Sqrt(share * (1 - share) / Count));
    }

    /// <summary>Far from black and white, where the cut changes nothing: of 20,000 draws, five standard errors.</summary>
    [Fact]
    public void Mean_FarFromTheEnds_IsThatOfTheDraws()
    {
        const int Count = 20_000;
        using var scope = NewDisposeScope();
        var planes = Output(3, 0.2).reshape(1, Rows, 10, Components, Pixels)[.., ..1];
        planes[.., .., 4..7].Subtract(3.5);
        var output = planes.reshape(1, 1, -1).to(ScalarType.Float32);
        var drawn = _likelihood.Sample(output.expand(1, Count, -1).contiguous(), PartState.None, StackNoise.Shared(RandomKey.FromSeed(5)), "x")[0];
        var (mean, error) = (drawn.mean([0L]).data<float>().ToArray(), drawn.std(0).Over(Math.Sqrt(Count)).data<float>().ToArray());
        var expected = _likelihood.Mean(output).flatten().data<float>().ToArray();
        Assert.Equal(3 * Pixels, expected.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], mean[i], 5 * error[i]);
    }

    [Fact]
    public void OutputOf_AMean_GivesItBack()
    {
        using var scope = NewDisposeScope();
        double[] mean = [0.01, 0.2, 0.5, 0.75, 0.99, 0.4];
        var output = _likelihood.OutputOf(mean);
        Assert.Equal(_likelihood.Outputs(6), output.Length);
        Assert.All(_likelihood.Mean(tensor(output).reshape(1, 1, -1)).flatten().data<double>().ToArray().Zip(mean), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
    }

    [Fact]
    public void Validate_DataWithoutThreeChannels_AreRefused()
    {
        var options = new ModelOptions { Data = 784, Likelihood = new ColourMixtureLikelihood() };
        Assert.Contains("images with 3 channels, and a datum is 784", Assert.Throws<OrnsteinException>(options.Validate).Message, StringComparison.Ordinal);
        Assert.Contains("datum is 1x30x30", Assert.Throws<OrnsteinException>((options with { Data = new Shape(1, 30, 30) }).Validate).Message, StringComparison.Ordinal);
        (options with { Data = new Shape(3, 8, 8) }).Validate();
        Assert.Contains("2 or more", Assert.Throws<OrnsteinException>(new ColourMixtureLikelihood(1).Validate).Message, StringComparison.Ordinal);
    }

    // Of a level's bin, whose ends reach to infinity.
    private static double Mass(int level, double mean, double scale)
    {
        double Below(double edge) => 1 / (1 + Math.Exp(-(edge - mean) / scale));
        var value = (2 * level / 255.0) - 1;
        return (level == 255 ? 1 : Below(value + (1 / 255.0))) - (level == 0 ? 0 : Below(value - (1 / 255.0)));
    }

    private static double Signed(float level) => (2 * level) - 1;

    private static Tensor Data(byte[] levels, int rows) => tensor(levels).to(ScalarType.Float64).Over(255).reshape(1, rows, -1);

    // Scales of about e^-1, so that no mass is far below the others.
    private static Tensor Output(long seed, double spread)
    {
        var planes = RandomKey.FromSeed(seed).At("output").Normal(1, Rows, _likelihood.Outputs(3 * Pixels)).to(ScalarType.Float64).Times(spread).reshape(1, Rows, 10, Components, Pixels);
        planes[.., .., 4..7].Subtract(1);
        return planes.reshape(1, Rows, -1);
    }
}
