using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Objectives;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Tensors;
using Ornstein.Training;
using static TorchSharp.torch;

namespace Ornstein.Tests.Objectives;

/// <summary>The ELBO from joint samples, trained in the place of that of the KLs.</summary>
public class JointFormTests
{
    private static readonly TrainingClock _middle = new(5, 10, 20);

    private static readonly Remedy _joint = new() { Form = ObjectiveForm.Joint };

    /// <summary>
    /// The definition, log p(x, z) - log q(z | x), from the Gaussians that evaluation uses; p smoothed as its rho is. It is the importance-weighted
    /// bound of one sample.
    /// </summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Differentiate_JointForm_GivesTheGradientOfTheBoundOfOneSample(double rho)
    {
        using var scope = NewDisposeScope();
        using var vae = Perturbed(TinyStack.Model, [new Member(rho, 3) { Remedy = _joint }]);
        var (x, noise) = (Data(), StackNoise.OfStep(vae.Seeds, 6));
        var terms = TrainingObjective.Differentiate(vae, x, noise, _middle);
        var gradient = Of(vae, 0);
        vae.Parameters.Gradients.zero_();
        var pass = vae.Infer(x, noise);
        var ratio = rho == 1 ? vae.LogRatio(pass) : Ratios(vae, pass, noise);
        var loss = vae.Reconstruction(x, pass).Plus(ratio).logsumexp(0).mean([]); // over one sample: the identity
        loss.backward();
        Assert.True(Distance(gradient, Of(vae, 0)) < 1e-5);
        Assert.Equal(loss.item<float>(), terms.sum([]).item<float>(), 1e-4);
    }

    /// <summary>Beta and warm-up weigh a layer's log-ratio, and the terms that are reported stay as they are.</summary>
    [Fact]
    public void Differentiate_WeightsOfLayers_WeighTheirLogRatios()
    {
        using var scope = NewDisposeScope();
        double[] beta = [0.5, 2, 0];
        var warmUp = new KlWarmUp { Epochs = 2 };
        using var vae = Perturbed(TinyStack.Model, [new Member(0.5, 3) { Remedy = _joint with { Beta = beta, WarmUp = warmUp } }, new Member(0.5, 3) { Remedy = _joint }]);
        var (x, noise) = (Data(), StackNoise.OfStep(vae.Seeds, 6));
        var terms = TrainingObjective.Differentiate(vae, x, noise, _middle);
        var gradient = Of(vae, 0);
        Assert.True((terms[.., 0] - terms[.., 1]).abs().max().item<float>() < 1e-4);
        vae.Parameters.Gradients.zero_();
        var pass = vae.Infer(x, noise);
        var weights = beta.Select(weight => weight * 5 / 20); // after 5 of the 20 steps that the warm-up takes
        var loss = LayerRatios(vae, pass, noise).Zip(weights, (ratio, weight) => ratio.Times(weight)).Aggregate(vae.Reconstruction(x, pass), (sum, term) => sum.Plus(term));
        loss[0].mean([]).backward();
        Assert.True(Distance(gradient, Of(vae, 0)) < 1e-5);
    }

    /// <summary>
    /// Where a KL is integrated over nothing that another term reads, the forms agree in expectation: a single layer, and the top layer where those below
    /// weigh nothing. The difference of the gradients is then noise: of some hundred parameters the mean square of z is 1, and no z passes 6.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Differentiate_WhereTheFormsAgree_IsEqualInExpectation(int layers)
    {
        const int Draws = 300;
        using var scope = NewDisposeScope();
        var model = TinyStack.Model with
        {
            Latents = layers == 1 ? [4] : [4, 3],
            Networks = new Perceptrons { Hidden = layers == 1 ? [8] : [8, 6], Activation = Activation.Tanh },
        };
        double[] beta = layers == 1 ? [1] : [0, 1];
        Member[] members = [new Member(1, 3) { Remedy = new Remedy { Beta = beta } }, new Member(1, 3) { Remedy = _joint with { Beta = beta } }];
        using var vae = Perturbed(model, members);
        var x = Data();
        var (sum, squares) = (Of(vae, 0).Times(0.0), Of(vae, 0).Times(0.0));
        for (var draw = 0; draw < Draws; draw++)
        {
            using var step = NewDisposeScope();
            vae.Parameters.Gradients.zero_();
            TrainingObjective.Differentiate(vae, x, StackNoise.Shared(RandomKey.FromSeed(7).At(draw)), _middle);
            var difference = Of(vae, 1) - Of(vae, 0);
            sum.Add(difference);
            squares.Add(difference.Squared());
        }

        var mean = sum.Over(Draws);
        var error = (squares.Over(Draws) - mean.Squared()).Over(Draws - 1).sqrt();
        // Rounding alone, where the gradients are the same whatever the noise (p's, which no KL integrates over).
        var z = (mean / error).masked_select(error.IsAbove(1e-5));
        Assert.InRange(z.numel(), 50, 1000);
        Assert.InRange(z.Squared().mean([]).item<double>(), 0.3, 3);
        Assert.InRange(z.abs().max().item<double>(), 0, 6);
    }

    /// <summary>In two layers that both weigh, they do not agree: the KL form leaves out what z1 and z2 have in common.</summary>
    [Fact]
    public void Differentiate_TwoLayers_IsAnotherGradientThanThatOfTheKls()
    {
        using var scope = NewDisposeScope();
        using var vae = Perturbed(TinyStack.Model with { Latents = [4, 3], Networks = new Perceptrons { Hidden = [8, 6] } }, [new Member(1, 3), new Member(1, 3) { Remedy = _joint }]);
        var sum = Of(vae, 0).Times(0.0);
        for (var draw = 0; draw < 50; draw++)
        {
            vae.Parameters.Gradients.zero_();
            TrainingObjective.Differentiate(vae, Data(), StackNoise.Shared(RandomKey.FromSeed(7).At(draw)), _middle);
            sum = sum.Plus(Of(vae, 1) - Of(vae, 0));
        }

        var q2 = cat([.. vae.Parameters.Layout.Entries.Select(entry => TensorCreation.Filled([entry.Rows * entry.Columns], entry.Name.StartsWith("q2", StringComparison.Ordinal) ? 1 : 0, ScalarType.Bool))]);
        Assert.True((sum.Over(50).masked_select(q2).norm() / Of(vae, 0).masked_select(q2).norm()).item<double>() > 0.1);
    }

    [Fact]
    public void Validate_FreeBitsWithTheJointForm_AreRefused()
    {
        var error = Assert.Throws<OrnsteinException>(() => (_joint with { FreeBits = new FreeBits() }).Validate(TinyStack.Model, new SmoothingOptions()));
        Assert.StartsWith("free bits limit the KLs of the KL form; the joint form has log-ratios", error.Message, StringComparison.Ordinal);
        (_joint with { Beta = [0.5, 1, 2], WarmUp = new KlWarmUp(), CommittedRate = 0.1 }).Validate(TinyStack.Model, new SmoothingOptions());
    }

    /// <summary>
    /// Training with --objective joint against the exact result of Dang et al. (ICLR 2024) for two linear levels: q(z1 | x) and both of p's Gaussians have
    /// pinned widths, theta^2 = 4, eta = sigma1 = 1/2. There lambda1 = (sigma1 / eta) sqrt(theta^2 - eta^2) and KL2 = ln((sigma1^2 + lambda1^2) / eta^2) / 2.
    /// The KL form of the same model reaches the least of its own formula (<see cref="KlFormOfPinnedWidths"/>), which is elsewhere.
    /// </summary>
    [Fact]
    public void Train_LinearModelWithPinnedWidths_ReachesTheExactResult()
    {
        const double Eta = 0.5;
        using var scope = NewDisposeScope();
        var model = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = new GaussianLikelihood(Eta * Eta) };
        Member[] members = [new Member(1, 0) { Remedy = _joint }, new Member(1, 0)];
        using var vae = new HierarchicalVae(model, members, new SmoothingOptions());
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        using var data = WithVariance(4, 4000);
        using var step = new AutogradStep(vae, adam, new StackBatches(data, vae.Seeds, 1000));
        var schedule = new LearningRateSchedule { Peak = 0.03, Shape = ScheduleShape.Cosine };
        var terms = new double[3 * 2];
        const int Steps = 1500;
        for (var number = 1; number <= Steps; number++)
        {
            Pin(vae, Eta);
            step.Run(number, schedule.At(number, Steps), [true, true], terms);
        }

        Pin(vae, Eta);
        using var guard = no_grad();
        var pass = vae.Infer(data.Slice(0, data.Count).unsqueeze(0), StackNoise.Shared(RandomKey.FromSeed(1)));
        double Signal(int member) => pass.Layers[0].Mean[member].Squared().mean([]).sqrt().item<float>();
        double Kl2(int member) => vae.UnsmoothedKl(pass)[1][member].mean([]).item<float>();
        // Measured on 4,000 draws of z1: KL2 has a standard error of 0.016.
        Assert.Equal(Math.Sqrt(4 - (Eta * Eta)), Signal(0), 0.03);
        Assert.Equal(Math.Log(16) / 2, Kl2(0), 0.06);
        var (signal, kl2) = KlFormOfPinnedWidths(4 / (Eta * Eta));
        Assert.Equal(signal * Eta, Signal(1), 0.03);
        Assert.Equal(kl2, Kl2(1), 0.06);
        Assert.True(Signal(0) - Signal(1) > 0.2 && Kl2(0) - Kl2(1) > 0.15); // so that neither form could pass for the other
    }

    /// <summary>
    /// All widths learned, rho 1: both forms reach the exact log-likelihood by joint samples, and the KL form alone empties the top layer. In the joint form it
    /// costs nothing there, and stays where training stops.
    /// </summary>
    [Fact]
    public void Train_LinearModelsAtRhoOne_EmptyTheTopLayerInTheKlFormAlone()
    {
        double[] eigenvalues = [9, 3];
        var rows = DatasetCatalog.Load("gaussian", new DataOptions { Eigenvalues = eigenvalues });
        using var data = DataRows.FromReals(rows.Train.Reals!, 2);
        var model = new ModelOptions { Data = 2, Latents = [2, 2], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(model, [new Member(1, 0) { Remedy = _joint }, new Member(1, 0)], new SmoothingOptions());
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        var options = new TrainingOptions { Epochs = 150, BatchSize = 2500, LearningRate = new() { Peak = 0.05, Shape = ScheduleShape.Cosine } };
        Trainer.Run(vae, adam, new TrainingState(2, 2), data, null, options);
        var results = Evaluator.Members(vae, data, new EvaluationOptions());
        var (joint, kl) = (results[0], results[1]);
        // Each eigenvalue is above the decoder's variance of 1, so that the model's covariance is that of the data.
        var exact = eigenvalues.Sum(value => -0.5 * (Math.Log(2 * Math.PI * value) + 1));
        Assert.Equal(exact, joint.Bounds!.SampledElbo.Value, 0.01);
        Assert.Equal(exact, kl.Bounds!.SampledElbo.Value, 0.01);
        Assert.InRange(kl.TopKl, 0, 0.005);
        Assert.True(joint.TopKl > 0.05, $"{joint.TopKl}");
        Assert.True(joint.Elbo < kl.Elbo); // the KL form charges for what the joint form leaves
    }

    // The least of g/(1 + s^2) + s^2 A/(s^2 + A) + ln(1 + kappa), A = 1 + (1 + s^2)/kappa: docs/theory.md, "Two levels", with q's and p's widths held at 1.
    private static (double Signal, double Kl2) KlFormOfPinnedWidths(double g)
    {
        var best = (Loss: double.PositiveInfinity, Signal: 0.0, Kl2: 0.0);
        for (var square = 0.02; square < g; square += 0.02)
        {
            for (var kappa = 0.02; kappa < 30; kappa += 0.02)
            {
                var noise = 1 + ((1 + square) / kappa);
                var loss = (g / (1 + square)) + (square * noise / (square + noise)) + Math.Log(1 + kappa);
                if (loss < best.Loss) best = (loss, Math.Sqrt(square), Math.Log(1 + kappa) / 2);
            }
        }

        return (best.Signal, best.Kl2);
    }

    // softplus(raw) + 1e-4 = 1/2 for q(z1 | x) and p(z1 | z2).
    private static void Pin(HierarchicalVae vae, double deviation)
    {
        using var guard = no_grad();
        foreach (var entry in new[] { vae.Networks.Q[0].Scale!, vae.Networks.P[0].Scale! })
            vae.Parameters.Block(vae.Parameters.Values, entry).Fill(Math.Log(Math.Exp(deviation - GaussianNetwork.MinimumStandardDeviation) - 1));
    }

    // Whitened, so that the sample's own variance is the one that theory holds for.
    private static DataRows WithVariance(double variance, int count)
    {
        using var scope = NewDisposeScope();
        var x = RandomKey.FromSeed(1).Normal(count, 1);
        x -= x.mean([]);
        return DataRows.FromReals((x * x.Squared().mean([]).sqrt().reciprocal().Times(Math.Sqrt(variance))).contiguous().data<float>().ToArray(), 1);
    }

    private static Tensor Ratios(HierarchicalVae vae, InferencePass pass, StackNoise noise) =>
        LayerRatios(vae, pass, noise).Aggregate((sum, ratio) => sum.Plus(ratio));

    private static IEnumerable<Tensor> LayerRatios(HierarchicalVae vae, InferencePass pass, StackNoise noise) => pass.Layers.Select((q, layer) =>
    {
        var z = pass.Samples[layer];
        if (layer == pass.Layers.Count - 1) return q.LogDensity(z).Plus(z.Squared().Plus(Math.Log(2 * Math.PI)).sum([-1L]).Times(0.5));
        return q.LogDensity(z) - vae.SmoothedGenerative(layer, pass.Layers[layer + 1], pass.Samples[layer + 1], noise).LogDensity(z);
    });

    // Away from the first weights, where biases are zero; the same in every member.
    private static HierarchicalVae Perturbed(ModelOptions model, Member[] members)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var vae = new HierarchicalVae(model.With(p => p with { Activation = Activation.Tanh }), members, new SmoothingOptions { Draws = 3 });
        foreach (var entry in vae.Parameters.Layout.Entries)
            vae.Parameters.Block(vae.Parameters.Values, entry).Add(RandomKey.FromSeed(9).At(entry.Name).Normal(entry.ShapeOfOne()).Times(0.2));
        return vae;
    }

    private static Tensor Data() => RandomKey.FromSeed(1).Uniform(1, 10, TinyStack.Features);

    private static Tensor Of(HierarchicalVae vae, int member) => cat([.. vae.Parameters.Layout.Entries.Select(entry =>
        vae.Parameters.Block(vae.Parameters.Gradients, entry).detach()[member].flatten().to(ScalarType.Float64))]);

    private static double Distance(Tensor first, Tensor second) => ((first - second).norm() / second.norm()).item<double>();
}
