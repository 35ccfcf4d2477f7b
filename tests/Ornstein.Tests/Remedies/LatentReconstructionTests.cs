using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Objectives;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;
using Latent = Ornstein.Remedies.LatentReconstruction;

namespace Ornstein.Tests.Remedies;

/// <summary>The library's, which is another than that of <see cref="OwnRemedyTests"/>.</summary>
public class LatentReconstructionTests
{
    private static readonly TrainingClock _middle = new(5, 10, 20);

    /// <summary>Of linear models: z - (a (w z + b) + c), layer by layer. Nothing where q undoes p, (z - c)^2 where p forgets z.</summary>
    [Theory]
    [InlineData(2, 0.5, 0.0, 0.0)] // q undoes p
    [InlineData(0, 0.5, 0.0, 0.3)] // p forgets
    [InlineData(1.5, -0.8, 0.4, -0.2)]
    public void Extra_OfALinearModel_IsTheDistanceByHand(double w, double a, double b, double c)
    {
        const double Weight = 0.7;
        using var scope = NewDisposeScope();
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(0.4, 0) { Remedy = Remedy.Of(new Latent(Weight)) }], new SmoothingOptions());
        foreach (var (name, value) in new[] { ("q1", a), ("q2", a), ("p1", w), ("p0", w) }) LinearGaussian.Set(vae, $"{name}.output.weight", value);
        foreach (var (name, value) in new[] { ("q1", c), ("q2", c), ("p1", b), ("p0", b) }) LinearGaussian.Set(vae, $"{name}.output.bias", value);
        var (x, noise) = (RandomKey.FromSeed(1).Normal(1, 50, 1), StackNoise.Shared(RandomKey.FromSeed(2)));
        var pass = new ObjectivePass(vae, x, noise, isCut: false);
        var costs = new KlCosts(pass, 50, new ObjectiveScalars(vae, _middle));
        var found = new RemedyTerms(vae, pass, costs, x, _middle).Extra!.item<float>();
        double Distance(Tensor z) => (z - z.Times(w).Plus(b).Times(a).Plus(c)).to(ScalarType.Float64).Squared().mean().item<double>();
        var expected = Weight * pass.Read.Samples.Sum(Distance);
        Assert.Equal(expected, found, 1e-5 * Math.Max(1, expected));
        if (w * a == 1) Assert.True(found < 1e-10);
    }

    /// <summary>The objective with its words written out, of a member beside others and alone: the same sums, at most in another order.</summary>
    [Fact]
    public void Differentiate_BesideOtherMembers_IsTheGradientOfTheWholeObjective()
    {
        using var scope = NewDisposeScope();
        using var stack = Perturbed(Remedy.None, Remedy.Of(new Latent(0.7)), Remedy.Of(new Latent(2)));
        TrainingObjective.Differentiate(stack, Data(), Noise(stack), _middle);
        using var vae = Perturbed(Remedy.Of(new Latent(0.7)));
        TrainingObjective.Differentiate(vae, Data(), Noise(vae), _middle);
        var alone = Of(vae, 0);
        Assert.True(Distance(Of(stack, 1), alone) < 1e-5);
        Assert.True(Distance(Of(stack, 2), alone) > 1e-2);
        vae.Parameters.Gradients.zero_();
        var pass = vae.Infer(Data(), Noise(vae));
        var loss = vae.Reconstruction(Data(), pass).mean();
        foreach (var kl in vae.SmoothedKl(pass, Noise(vae))) loss = loss.Plus(kl.mean());
        for (var layer = 0; layer < 3; layer++)
        {
            var z = pass.Samples[layer];
            var below = layer == 0 ? vae.Decode(z) : vae.Generative(layer - 1, z).Mean;
            loss = loss.Plus((z - vae.Inference(layer, below).Mean).Squared().sum([-1L]).mean().Times(0.7));
        }

        loss.backward();
        Assert.True(Distance(alone, Of(vae, 0)) < 1e-5);
    }

    [Fact]
    public void Validate_WhatItDoesNotGoWith_IsRefused()
    {
        static string Message(ModelOptions model, double weight = 1, Remedy? beside = null) => Assert.Throws<OrnsteinException>(() =>
            (beside ?? Remedy.None).With(new Latent(weight)).Validate(model, new SmoothingOptions())).Message;
        const string Links = "latent reconstruction takes links of two layers one by one, and with a ladder or skip connections a layer reads more than the next; leave it out.";
        Assert.Equal(Links, Message(TinyStack.Model with { Inference = InferenceKind.Ladder }));
        Assert.Equal(Links, Message(TinyStack.Model with { Skip = SkipConnections.Generative }));
        Assert.Equal(
            "latent reconstruction takes data one by one, and batch normalization couples them; leave it out.", Message(TinyStack.Model.With(p => p with { NormalizesBatches = true })));
        foreach (var weight in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Equal($"the weight of latent reconstruction is {weight}; it must be above 0.", Message(TinyStack.Model, weight));
        var dreg = new Remedy { Importance = new ImportanceObjective { Samples = 3, Gradient = ImportanceGradient.DoublyReparameterized } };
        Assert.Contains("the doubly reparameterized gradient is that of the bound itself", Message(TinyStack.Model, beside: dreg), StringComparison.Ordinal);
    }

    // Away from the first weights, where biases are zero; the same in every member.
    private static HierarchicalVae Perturbed(params Remedy[] remedies)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var vae = new HierarchicalVae(TinyStack.Model, [.. remedies.Select(remedy => new Member(0.6, 3) { Remedy = remedy })], new SmoothingOptions { Draws = 3 });
        foreach (var entry in vae.Parameters.Layout.Entries)
            vae.Parameters.Block(vae.Parameters.Values, entry).Add(RandomKey.FromSeed(9).At(entry.Name).Normal(entry.ShapeOfOne()).Times(0.2));
        return vae;
    }

    private static Tensor Data() => RandomKey.FromSeed(1).Uniform(1, 10, TinyStack.Features);

    private static StackNoise Noise(HierarchicalVae vae) => StackNoise.OfStep(vae.Seeds, 6);

    private static Tensor Of(HierarchicalVae vae, int member) => cat([.. vae.Parameters.Layout.Entries.Select(entry =>
        vae.Parameters.Block(vae.Parameters.Gradients, entry).detach()[member].flatten().to(ScalarType.Float64))]);

    private static double Distance(Tensor first, Tensor second) => ((first - second).norm() / second.norm()).to(ScalarType.Float64).item<double>();
}
