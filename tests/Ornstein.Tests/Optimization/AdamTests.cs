using CsCheck;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Optimization;

public class AdamTests
{
    [Fact]
    public void Step_AnyShapesAndGradients_FollowsKingmaAndBa() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 4], Gen.Double[1e-4, 1e-1], Gen.Bool).Sample(
            values =>
            {
                var (rows, columns, members, rate, clip) = values;
                using var parameters = Parameters(members, rows, columns);
                using var adam = new Adam(parameters, new AdamOptions { ClipNorm = clip ? 0.5 : null });
                var active = Enumerable.Repeat(true, members).ToArray();
                var expected = parameters.Values.data<float>().ToArray().Select(value => (double)value).ToArray();
                var (m, v) = (new double[expected.Length], new double[expected.Length]);
                for (var step = 1; step <= 4; step++)
                {
                    var gradient = Gradient(parameters, step);
                    Reference(parameters, expected, gradient, m, v, step, rate, clip ? 0.5 : double.PositiveInfinity);
                    adam.Step(step, rate, active);
                }

                var values32 = parameters.Values.data<float>().ToArray();
                for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], values32[i], 1e-4 * rate * 4 + 1e-6);
                Assert.All(parameters.Gradients.data<float>().ToArray(), value => Assert.Equal(0, value));
            },
            iter: 30, threads: 1);

    /// <summary>
    /// Each setting against the formulas in double. Values are off by a few roundings of a float, 6e-8, of themselves, at most 2, and of updates, each a few
    /// rates at most where no second moment begins far below the gradients' squares.
    /// </summary>
    [Theory]
    [InlineData(0.99, 0.999, 1, 1e-4)] // as the program of Burda et al.
    [InlineData(0.99, 0.999, 0.0025, 5e-6)]
    [InlineData(0.9, 0.9, 0, 1e-2)]
    [InlineData(0, 0, 3, 1e-8)]
    public void Step_AnySettings_FollowsTheReferenceInDouble(double beta1, double beta2, double begin, double epsilon)
    {
        const double Rate = 0.01;
        const int Steps = 50;
        var options = new AdamOptions { Beta1 = beta1, Beta2 = beta2, InitialSecondMoment = begin, Epsilon = epsilon };
        using var parameters = Parameters(2, 7, 5);
        using var copy = Parameters(2, 7, 5);
        using var adam = new Adam(parameters, options);
        using var inTensors = new Adam(copy, options, isByTensors: true);
        double[] expected = [.. parameters.Values.data<float>().ToArray()];
        var (m, v) = (new double[expected.Length], Enumerable.Repeat(begin, expected.Length).ToArray());
        for (var step = 1; step <= Steps; step++)
        {
            var gradient = Gradient(parameters, step);
            Gradient(copy, step);
            Reference(parameters, expected, gradient, m, v, step, Rate, double.PositiveInfinity, options);
            adam.Step(step, Rate, [true, true]);
            inTensors.Step(step, Rate, [true, true]);
        }

        var tolerance = Steps * ((2 * 6e-8) + (10 * 6e-8 * Rate)) + (Rate * 1e-4); // beta as a float: its correction is off by 3e-8 / 1e-3 at the first step
        foreach (var values in new[] { parameters.Values, copy.Values })
        {
            var numbers = values.data<float>().ToArray();
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], numbers[i], tolerance);
        }
    }

    [Fact]
    public void Step_SecondMomentBeginsAboveZero_FirstStepsAreShort()
    {
        double Moved(double begin)
        {
            using var parameters = Parameters(1, 4, 4);
            using var adam = new Adam(parameters, new AdamOptions { InitialSecondMoment = begin });
            var before = parameters.Values.data<float>().ToArray();
            Gradient(parameters, 1);
            adam.Step(1, 0.1, [true]);
            return parameters.Values.data<float>().ToArray().Zip(before, (now, then) => Math.Abs(now - then)).Max();
        }

        Assert.Equal(0.1, Moved(0), 1e-6);
        // m / (1 - beta1) = g, and the root of (0.999 + 0.001 g^2) / 0.001, which is above 31.
        Assert.InRange(Moved(1), 1e-4, 0.1 * 4 / 31.6);
    }

    /// <summary>A pixel that is always off has no gradient, and its moments decay for ever: numbers below the normal ones of float would slow every step to come.</summary>
    [Fact]
    public void Step_NoGradientForLong_MomentsAreZeroAndNeverBelowTheNormalNumbers()
    {
        using var parameters = Parameters(1, 7, 5);
        using var adam = new Adam(parameters, new AdamOptions { Beta2 = 0.9 });
        Gradient(parameters, 1);
        for (var step = 1; step <= 1000; step++) // 0.9^1000 is 1e-46
        {
            adam.Step(step, 1e-3, [true]);
            Assert.All(Moments(adam), moment => Assert.False(float.IsSubnormal(moment)));
        }

        Assert.All(Moments(adam), moment => Assert.Equal(0, moment));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(1e39)] // infinite as a float
    public void Validate_SecondMomentOutOfRange_Throws(double begin) => Assert.Contains(
        "second moment begins at", Assert.Throws<OrnsteinException>(() => new AdamOptions { InitialSecondMoment = begin }.Validate()).Message, StringComparison.Ordinal);

    /// <summary>1e20 squared is no float: such a burst is what a bound is there for, and not the end of a member.</summary>
    [Theory]
    [InlineData(1e6, false)]
    [InlineData(1e6, true)]
    [InlineData(null, false)] // without a bound its second moment would be infinite for good, and the parameter would stand still in silence
    [InlineData(null, true)]
    public void Step_AGradientWhoseSquareIsNoFloat_IsNotTaken(double? skip, bool isByTensors)
    {
        using var parameters = Parameters(2, 20, 5);
        using var adam = new Adam(parameters, new AdamOptions { SkipNorm = skip }, isByTensors);
        var before = Blocks(parameters);
        Gradient(parameters, 1);
        parameters.Memory(parameters.Gradients, parameters.Layout.Entries[0])[3] = 1e20f; // member 0
        adam.Step(1, 0.1, [true, true]);
        Assert.Equal(skip is null ? double.PositiveInfinity : 1e20, adam.GradientNorms[0], 1e14);
        var after = Blocks(parameters);
        Assert.Equal(before[0], after[0]);
        Assert.NotEqual(before[1], after[1]);
    }

    [Fact]
    public void Validate_NumbersThatSinglePrecisionDoesNotHave_Throws()
    {
        foreach (var options in new[]
                 {
                     new AdamOptions { Beta1 = 0.99999999 }, new AdamOptions { Beta2 = 0.99999999 }, new AdamOptions { Epsilon = 1e-46 },
                     new AdamOptions { Epsilon = double.PositiveInfinity },
                 })
        {
            Assert.Throws<OrnsteinException>(options.Validate);
        }

        new AdamOptions { Beta1 = 0, Beta2 = 0.9999999, Epsilon = 1e-30 }.Validate();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Step_AMembersGradientIsNotFinite_LeavesThatMemberAloneAndMovesTheOthers(float bad)
    {
        using var parameters = Parameters(3, 20, 5);
        using var adam = new Adam(parameters, new AdamOptions());
        var before = Blocks(parameters);
        Gradient(parameters, 1);
        parameters.Memory(parameters.Gradients, parameters.Layout.Entries[0])[100 + 7] = bad; // member 1
        adam.Step(1, 0.1, [true, true, true]);
        var after = Blocks(parameters);
        Assert.False(double.IsFinite(adam.GradientNorms[1]));
        Assert.Equal(before[1], after[1]);
        Assert.NotEqual(before[0], after[0]);
        Assert.All(after[0].Concat(after[2]), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Step_AMemberIsNotActive_LeavesItAlone()
    {
        using var parameters = Parameters(2, 3, 3);
        using var adam = new Adam(parameters, new AdamOptions());
        var before = Blocks(parameters);
        Gradient(parameters, 1);
        adam.Step(1, 0.1, [true, false]);
        Assert.Equal(before[1], Blocks(parameters)[1]);
        Assert.NotEqual(before[0], Blocks(parameters)[0]);
    }

    [Fact]
    public void Step_LargeBuffer_MeasuresTheNormOfEveryMember()
    {
        using var parameters = Parameters(2, 300, 700); // several pieces of work a member
        using var adam = new Adam(parameters, new AdamOptions());
        using var guard = no_grad();
        parameters.Block(parameters.Gradients, parameters.Layout.Entries[0])[1].Fill(2);
        adam.Step(1, 1e-3, [true, true]);
        Assert.Equal(0, adam.GradientNorms[0]);
        Assert.Equal(2 * Math.Sqrt(300 * 700), adam.GradientNorms[1], 1e-6 * adam.GradientNorms[1]);
    }

    [Fact]
    public void Step_AfterDisposal_Throws()
    {
        using var parameters = Parameters(1, 3, 3);
        var adam = new Adam(parameters, new AdamOptions());
        adam.Dispose();
        Assert.Throws<ObjectDisposedException>(() => adam.Step(1, 0.1, [true]));
    }

    private static StackParameters Parameters(int members, int rows, int columns)
    {
        var layout = new ParameterLayout();
        layout.Add("a.weight", new Shape(rows, columns), InitialValues.Uniform(1));
        layout.Add("a.bias", columns, InitialValues.Constant(0));
        return new StackParameters(layout, [.. Enumerable.Range(0, members).Select(seed => new Member(1, seed))]);
    }

    private static float[] Moments(Adam adam) => [.. adam.FirstMoment.data<float>().ToArray(), .. adam.SecondMoment.data<float>().ToArray()];

    private static float[] Gradient(StackParameters parameters, int step)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var entry in parameters.Layout.Entries)
        {
            var block = parameters.Block(parameters.Gradients, entry);
            block.copy_(RandomKey.FromSeed(step).At(entry.Name).Normal(block.shape));
        }

        return parameters.Gradients.data<float>().ToArray();
    }

    private static void Reference(
        StackParameters parameters, double[] values, float[] gradient, double[] m, double[] v, int step, double rate, double clip,
        AdamOptions? options = null)
    {
        var (beta1, beta2, epsilon) = options is null ? (0.9, 0.999, 1e-8) : (options.Beta1, options.Beta2, options.Epsilon);
        for (var member = 0; member < parameters.Members; member++)
        {
            var places = parameters.Layout.Entries.SelectMany(entry => Enumerable.Range(0, entry.Rows * entry.Columns)
                .Select(i => (int)(entry.Offset * parameters.Members) + (member * entry.Rows * entry.Columns) + i)).ToArray();
            var norm = Math.Sqrt(places.Sum(place => (double)gradient[place] * gradient[place]));
            foreach (var i in places)
            {
                var g = gradient[i] * Math.Min(1, clip / norm);
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
                values[i] -= rate * (m[i] / (1 - Math.Pow(beta1, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, step))) + epsilon);
            }
        }
    }

    private static float[][] Blocks(StackParameters parameters)
    {
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, parameters.Members).Select(member => parameters.Layout.Entries
            .SelectMany(entry => parameters[entry][member].data<float>().ToArray()).ToArray())];
    }
}
