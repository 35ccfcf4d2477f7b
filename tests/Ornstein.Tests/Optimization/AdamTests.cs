using CsCheck;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Stacks;
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
        parameters.Block(parameters.Gradients, parameters.Layout.Entries[0])[1].fill_(2);
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
        StackParameters parameters, double[] values, float[] gradient, double[] m, double[] v, int step, double rate, double clip)
    {
        for (var member = 0; member < parameters.Members; member++)
        {
            var places = parameters.Layout.Entries.SelectMany(entry => Enumerable.Range(0, entry.Rows * entry.Columns)
                .Select(i => (int)(entry.Offset * parameters.Members) + (member * entry.Rows * entry.Columns) + i)).ToArray();
            var norm = Math.Sqrt(places.Sum(place => (double)gradient[place] * gradient[place]));
            foreach (var i in places)
            {
                var g = gradient[i] * Math.Min(1, clip / norm);
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.999 * v[i]) + (0.001 * g * g);
                values[i] -= rate * (m[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
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
