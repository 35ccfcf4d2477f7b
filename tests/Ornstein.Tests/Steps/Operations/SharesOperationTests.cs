using Ornstein.Steps;
using Ornstein.Steps.Operations;

namespace Ornstein.Tests.Steps.Operations;

public unsafe class SharesOperationTests
{
    /// <summary>
    /// Shares of samples are the exponentials of their log-weights over the sum of these. What is next to nothing is nothing: multiplied by a gradient it would be a
    /// number below the normal ones, which made a step of 50 samples twice as long.
    /// </summary>
    [Fact]
    public void Forward_LogWeightsFarApart_GivesSharesThatAreNormalOrZero()
    {
        float[] losses = [90, 90.5f, 95, 120, 130, 160, 210];
        var plan = new WorkspacePlan(2, 2);
        var (loss, shares) = (plan.Add(1, losses.Length, gradient: false), plan.Add(1, losses.Length, gradient: false));
        using var workspace = new Workspace(plan.Length, parameters: 0, new PackingNeed(64, 0));
        var frame = new Frame(plan, workspace, new ParameterMemory(1, 0), 0, 0, 2, workspace);
        for (var sample = 0; sample < losses.Length; sample++)
        {
            frame.Value(loss, sample)[0] = losses[sample];
            frame.Value(loss, sample)[1] = losses[^(sample + 1)] + 1000; // the second datum has them the other way round
        }

        new SharesOperation(loss, [], [], shares).Forward(frame);

        var sum = losses.Sum(each => Math.Exp(90.0 - each));
        for (var sample = 0; sample < losses.Length; sample++)
        {
            var expected = Math.Exp(90.0 - losses[sample]) / sum;
            float first = frame.Value(shares, sample)[0], second = frame.Value(shares, losses.Length - 1 - sample)[1];
            Assert.Equal(first, second);
            Assert.Equal(expected, first, 1e-6 * expected + 1e-15); // roundings of an exponential and a quotient, and what is left out
            Assert.True(first == 0 || first * first > 1e-30f, $"{first} is nearly nothing, and not zero");
            Assert.Equal(expected < 1e-15, first == 0);
        }
    }
}
