using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Theory;
using Ornstein.Training;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

/// <summary>Trained models whose transitions are known: linear networks on made data, as <c>phase --data gaussian --hidden none</c> trains them.</summary>
public class LocatedTransitionTests
{
    private static readonly double[] _eigenvalues = [9, 3];
    private static readonly double[] _rhos = [0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.83, 0.86, 0.9, 1];

    [Theory]
    [InlineData(64)]
    [InlineData(4)] // few draws act as exact smoothing at a higher rho
    public void Phase_LinearModels_HaveTheTopKlAndTheCriticalRhosOfTheory(int draws)
    {
        var results = Trained(new SmoothingOptions { Draws = draws }, epochs: 800);
        var linear = new LinearSmoothing { Draws = draws };
        foreach (var member in results)
        {
            var theory = LinearPrediction.At(_eigenvalues, 1, member.Rho, linear).Kl[1];
            // 5 %; what training has not yet taken from a unit above its critical rho, or given one below it, is less than 0.003.
            Assert.Equal(theory, member.TopKl, Math.Max(0.003, 0.05 * theory));
        }

        var layer = TransitionLocator.Layers(results, new TransitionOptions()).Single();
        var critical = _eigenvalues.Select(value => Cascade.Transitions(value, linear).Single().CriticalRho!.Value).ToArray();
        Assert.Equal(critical[0], layer.Drop!.Estimate, 0.02);
        for (var i = 0; i < 2; i++) Assert.Equal(critical[i], layer.Units![i]!.Estimate, 0.02);
        Assert.InRange(critical[0], layer.Drop.Low, layer.Drop.High);
    }

    [Fact]
    public void Phase_AffineModelsUnderTheStandardMeasure_HaveNoTransition()
    {
        var results = Trained(new SmoothingOptions { Draws = 16, Measure = ReferenceMeasure.Standard }, epochs: 60);
        Assert.StartsWith("no transition", TransitionLocator.Locate(results, new TransitionOptions()).Reason, StringComparison.Ordinal);
        // The models did learn: z1 carries what a one-layer model would, ln(9)/2 + ln(3)/2 nats.
        Assert.All(results, member => Assert.Equal(Math.Log(27) / 2, member.Kl[0], 0.1));
    }

    private static MemberResult[] Trained(SmoothingOptions smoothing, int epochs)
    {
        var data = DatasetCatalog.Load("gaussian", new DataOptions { Eigenvalues = _eigenvalues });
        using var train = DataRows.FromReals(data.Train.Reals!, 2);
        using var test = DataRows.FromReals(data.Test.Reals!, 2);
        var model = new ModelOptions { Features = 2, Latents = [2, 2], Hidden = [], Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(model, Member.Grid(_rhos, [0]), smoothing);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        var options = new TrainingOptions
        {
            Epochs = epochs, BatchSize = 2500, LearningRate = new() { Peak = 0.05, Shape = ScheduleShape.Cosine },
        };
        Trainer.Run(vae, adam, new TrainingState(2, _rhos.Length), train, null, options);
        return Evaluator.Members(vae, test, new EvaluationOptions());
    }
}
