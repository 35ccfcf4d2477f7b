using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Theory;
using Ornstein.Training;

namespace Ornstein.Tests.Theory;

/// <summary>
/// Trained linear models taken to the same rho from both sides: from weights with an active top layer, and from weights with a collapsed one. Two antithetic
/// draws smooth an affine mean exactly, so nothing is approximated but training.
/// </summary>
public class HysteresisTests
{
    private static readonly SmoothingOptions _exact = new() { Draws = 2, Sampler = SmoothingSampler.Antithetic };

    /// <summary>g = 5: the second level leaves zero continuously at rho 0.8, and training ends at the same KL from either side.</summary>
    [Fact]
    public void Train_TwoLevelsFromBothSides_EndAtTheSameKl()
    {
        var theory = new LinearSmoothing { Layers = 2 };
        Assert.True(Cascade.Transitions(5, theory).Single().IsContinuous);
        using var data = WithVariance(5);
        using var alive = Trained(data, 2, [0.5], start: null, epochs: 150, rate: 0.05);
        using var collapsed = Trained(data, 2, [1], start: null, epochs: 150, rate: 0.05);
        double[] rhos = [0.7, 0.9];
        using var down = Trained(data, 2, rhos, alive, epochs: 200, rate: 0.05);
        using var up = Trained(data, 2, rhos, collapsed, epochs: 200, rate: 0.05);
        for (var i = 0; i < rhos.Length; i++)
        {
            var expected = LinearTheory.Optimum(5, rhos[i], theory).TopKl;
            Assert.Equal(expected, TopKl(down, data)[i], 0.005);
            Assert.Equal(expected, TopKl(up, data)[i], 0.005);
        }
    }

    /// <summary>
    /// g = 1,000: the third level falls by a jump at 0.907, and its collapsed state is stable down to 0.892. Between the two training stays where it began,
    /// below and above them it ends at the same KL from either side.
    /// </summary>
    [Fact]
    public void Train_ThreeLevelsAtALargeRatioFromBothSides_DifferBetweenOnsetAndJumpAlone()
    {
        const double Ratio = 1000;
        var theory = new LinearSmoothing { Layers = 3 };
        double[] rhos = [0.86, 0.9, 0.94];
        var third = Cascade.Transitions(Ratio, theory).Single(transition => transition.Layer == 3);
        Assert.True(rhos[0] < third.OnsetRho && third.OnsetRho < rhos[1] && rhos[1] < third.CriticalRho && third.CriticalRho < rhos[2]);
        using var data = WithVariance(Ratio);
        using var first = Trained(data, 3, [0.8], start: null, epochs: 600, rate: 0.05);
        using var alive = Trained(data, 3, [0.87], first, epochs: 400, rate: 0.05);
        using var collapsed = Trained(data, 3, [0.95], first, epochs: 400, rate: 0.05);
        // Slowly: at a rate of 0.05 the noise of training carries models from one state to the other.
        using var down = Trained(data, 3, rhos, alive, epochs: 400, rate: 0.02);
        using var up = Trained(data, 3, rhos, collapsed, epochs: 400, rate: 0.02);
        var (fromAlive, fromCollapsed) = (TopKl(down, data), TopKl(up, data));
        var expected = rhos.Select(rho => LinearTheory.Optimum(Ratio, rho, theory).TopKl).ToArray();
        Assert.True(expected[1] > 0.2);
        double[] withoutTheJump = [expected[0], 0, expected[2]];
        for (var i = 0; i < rhos.Length; i++)
        {
            // What training has not reached yet: 5 % of an active layer's KL; a collapsed one is left with less than 0.003 nats.
            Assert.Equal(expected[i], fromAlive[i], Math.Max(0.003, 0.05 * expected[i]));
            Assert.Equal(withoutTheJump[i], fromCollapsed[i], Math.Max(0.003, 0.05 * withoutTheJump[i]));
        }
    }

    // Every rho begins with the first member's weights.
    private static HierarchicalVae Trained(DataRows data, int layers, double[] rhos, HierarchicalVae? start, int epochs, double rate)
    {
        var model = new ModelOptions { Data = 1, Latents = [.. Enumerable.Repeat(1, layers)], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        var vae = new HierarchicalVae(model, Member.Grid(rhos, [1]), _exact);
        for (var member = 0; start is not null && member < rhos.Length; member++) vae.Parameters.TakeMember(member, start.Parameters, 0);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        var options = new TrainingOptions { Epochs = epochs, BatchSize = 2500, LearningRate = new() { Peak = rate, Shape = ScheduleShape.Cosine } };
        Trainer.Run(vae, adam, new TrainingState(layers, rhos.Length), data, null, options);
        return vae;
    }

    private static double[] TopKl(HierarchicalVae vae, DataRows data) =>
        [.. Evaluator.Members(vae, data, new EvaluationOptions { Draws = 2, BatchSize = 5000 }).Select(member => member.TopKl)];

    private static DataRows WithVariance(double variance) =>
        DataRows.FromReals(DatasetCatalog.Load("gaussian", new DataOptions { Eigenvalues = [variance] }).Train.Reals!, 1);
}
