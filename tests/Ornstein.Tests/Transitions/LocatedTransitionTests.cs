using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Information;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
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

    [Theory(Explicit = true)]
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

    [Fact(Explicit = true)]
    public void Phase_AffineModelsUnderTheStandardMeasure_HaveNoTransition()
    {
        var results = Trained(new SmoothingOptions { Draws = 16, Measure = ReferenceMeasure.Standard }, epochs: 60);
        Assert.StartsWith("no transition", TransitionLocator.Locate(results, new TransitionOptions()).Reason, StringComparison.Ordinal);
        var codes = CodeLocator.All(results, new TransitionOptions().Resolution);
        Assert.Equal([CodePart.Means, CodePart.Widths], codes.Select(code => code.Part));
        // So few epochs leave some in the means, at every rho alike.
        Assert.All(codes, code => Assert.StartsWith("no transition", code.Reason, StringComparison.Ordinal));
        Assert.False(codes[1].IsEverAlive);
        // The models did learn: z1 carries what a one-layer model would, ln(9)/2 + ln(3)/2 nats.
        Assert.All(results, member => Assert.Equal(Math.Log(27) / 2, member.Kl[0], 0.1));
    }

    /// <summary>
    /// One direction of eigenvalue 2: critical rho 1 - 1/2. z1 = a x + e1 and z2 = b z1 + e2 with kappa_1 and kappa_2 the signal to noise of q(z1 | x) and
    /// q(z2 | z1). In units of the noise of z1, z2 has variance b^2 (1 + kappa_1) + v2, and b^2 + v2 of it given x; with b^2 / v2 = kappa_2 / (1 + kappa_1),
    /// I(x; z2) = ln( (1 + kappa_1) (1 + kappa_2) / (1 + kappa_1 + kappa_2) ) / 2. Widths are the same for all data.
    /// </summary>
    [Fact]
    public void Codes_OfLinearModels_BeginInMeansAtTheCriticalRhoOfTheoryAndNeverInWidths()
    {
        const double Eigenvalue = 2;
        // I(x; z2) is 0.014 nats at 0.47: above what counts, and little enough for a continuous transition.
        double[] rhos = [0.2, 0.35, 0.44, 0.47, 0.53, 0.7, 1];
        var data = DatasetCatalog.Load("gaussian", new DataOptions { Eigenvalues = [Eigenvalue] });
        using var train = DataRows.FromReals(data.Train.Reals!, 1);
        using var test = DataRows.FromReals(data.Test.Reals!, 1);
        var smoothing = new SmoothingOptions { Draws = 2, Sampler = SmoothingSampler.Antithetic }; // exact for affine means
        var linear = new LinearSmoothing { Draws = smoothing.Draws, Sampler = smoothing.Sampler };
        using var vae = Stack(train, rhos, smoothing, latents: 1, epochs: 400);
        var results = Measured(vae, test);
        foreach (var member in results)
        {
            var optimum = LinearTheory.Optimum(Eigenvalue, member.Rho, linear);
            var kappa = optimum.Kappa;
            var exact = Math.Log((1 + kappa[0]) * (1 + kappa[1]) / (1 + kappa[0] + kappa[1])) / 2;
            var (whole, means, widths) = (member.Information![1], member.MeanInformation![1], member.WidthInformation![1]);
            // What training leaves; I(x; z2) changes less with kappa_2 than the KL, ln(1 + kappa_2) / 2, does.
            const double Training = 0.001;
            Assert.Equal(optimum.TopKl, member.TopKl, Training);
            Assert.Equal(exact, whole.Value, Training + (4 * whole.StandardError));
            Assert.Equal(exact, means.Value, Training + (4 * means.StandardError));
            Assert.Equal(0, widths.Value, (4 * widths.StandardError) + 1e-6); // rounding
            Assert.InRange(whole.StandardError, 0, 0.004); // else the errors would hide a code
        }

        var codes = CodeLocator.All(results, new TransitionOptions().Resolution);
        var (inMeans, inWidths) = (codes.Single(code => code.Part == CodePart.Means), codes.Single(code => code.Part == CodePart.Widths));
        Assert.Equal(TransitionKind.Continuous, inMeans.Kind);
        var critical = Cascade.Transitions(Eigenvalue, linear).Single().CriticalRho!.Value;
        Assert.Equal(0.5, critical, 1e-6);
        Assert.Equal((0.47, 0.53), (inMeans.Low, inMeans.High));
        Assert.Equal(critical, inMeans.Estimate!.Value, 0.03); // half a gap
        Assert.Equal("no transition: nothing in z2 in its widths exceeds 0.005 nats at any rho", inWidths.Reason);
        Assert.False(inWidths.IsEverAlive);
    }

    private static HierarchicalVae Stack(DataRows train, double[] rhos, SmoothingOptions smoothing, int latents, int epochs)
    {
        var model = new ModelOptions { Data = latents, Latents = [latents, latents], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        var vae = new HierarchicalVae(model, Member.Grid(rhos, [0]), smoothing);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        var options = new TrainingOptions
        {
            Epochs = epochs, BatchSize = 2500, LearningRate = new() { Peak = 0.05, Shape = ScheduleShape.Cosine },
        };
        Trainer.Run(vae, adam, new TrainingState(2, rhos.Length), train, null, options);
        return vae;
    }

    private static MemberResult[] Trained(SmoothingOptions smoothing, int epochs)
    {
        var data = DatasetCatalog.Load("gaussian", new DataOptions { Eigenvalues = _eigenvalues });
        using var train = DataRows.FromReals(data.Train.Reals!, 2);
        using var test = DataRows.FromReals(data.Test.Reals!, 2);
        using var vae = Stack(train, _rhos, smoothing, latents: 2, epochs);
        return Measured(vae, test);
    }

    // As a run measures: with what layers tell of 1,000 data.
    private static MemberResult[] Measured(HierarchicalVae vae, DataRows test) => MemberInformation.AddTo(
        vae, Evaluator.Members(vae, test, new EvaluationOptions()), test, new InformationOptions { Draws = 16 }, new CollapseRule());
}
