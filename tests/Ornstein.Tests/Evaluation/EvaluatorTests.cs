using System.Text.Json;
using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Evaluation;

public class EvaluatorTests
{
    [Fact]
    public void Members_ALayerWhoseMeanIsNoiseOnly_HasNoActiveUnits()
    {
        // z2's mean follows z1's noise, which is independent of x: any estimate that squares one noisy mean would call it active.
        using var vae = Linear(latents: [1, 1]);
        LinearGaussian.Set(vae, "q1.output.weight", 0);
        LinearGaussian.Set(vae, "q2.output.weight", 3);
        using var rows = Reals(2000, 1);
        var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 2 })[0];
        Assert.Equal([0, 0], result.ActiveUnits);
    }

    [Fact]
    public void Members_ALayerWhoseMeanFollowsTheData_IsActive()
    {
        // Var over x of E[z2 | x] = (0.5 * 0.5)^2 = 0.0625, well above 0.01; with weight 0.1 it is 0.0025, well below.
        using var vae = Linear(latents: [1, 1]);
        LinearGaussian.Set(vae, "q1.output.weight", 0.5);
        LinearGaussian.Set(vae, "q2.output.weight", 0.5);
        using var rows = Reals(2000, 1);
        Assert.Equal([1, 1], Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 4 })[0].ActiveUnits);
        LinearGaussian.Set(vae, "q2.output.weight", 0.1);
        Assert.Equal([1, 0], Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 16 })[0].ActiveUnits);
    }

    [Fact]
    public void Members_ALinearModel_HasTheKlOfTheClosedForm()
    {
        // KL_1 with q1 = N(a x, s^2), p1 = N(w z2, s^2), z2 = b z1 + s e2; all s = softplus(0) + 1e-4.
        using var vae = Linear(latents: [1, 1], rho: 0.6, draws: 2, SmoothingSampler.Antithetic);
        const double A = 0.8, B = 0.7, W = 0.9;
        LinearGaussian.Set(vae, "q1.output.weight", A);
        LinearGaussian.Set(vae, "q2.output.weight", B);
        LinearGaussian.Set(vae, "p1.output.weight", W);
        const int Count = 20_000, Draws = 20;
        using var rows = Reals(Count, 1);
        var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = Draws, BatchSize = 1000 })[0];
        var x2 = rows.Slice(0, Count).Squared().mean().item<float>();
        var s2 = Math.Pow(Math.Log(2) + 1e-4, 2);
        // Antithetic smoothing of an affine mean is exact: m2 + rho (z2 - m2) with m2 = b z1.
        double Expected(double rho) => (((1 - (W * B)) * (1 - (W * B)) * A * A * x2) + (W * W * ((B * B * s2) + (rho * rho * s2)))) / (2 * s2);
        // The terms are squares of Gaussians: their deviation is about sqrt(2) of their mean, over Count * Draws terms (the data are fixed).
        var tolerance = 6 * Math.Sqrt(2) * Expected(1) / Math.Sqrt(Count * Draws) * 2;
        Assert.Equal(Expected(0.6), result.Kl[0], tolerance);
        // One unit a layer: its KL is the layer's.
        for (var layer = 0; layer < 2; layer++) Assert.Equal(result.Kl[layer], result.UnitKl![layer].Single(), 1e-5);
        // KL_2 of a datum is b^2 z1^2 / 2 and a constant, z1 = a x + s e averaged over the draws: Var z1^2 = 2 a^4 over x, and for each draw
        // 4 a^2 s^2 + 2 s^4 more (x standardised to 5 %, hence the tolerance).
        var variance = (2 * Math.Pow(A, 4)) + (((4 * A * A * s2) + (2 * s2 * s2)) / Draws);
        Assert.Equal(1, result.KlErrors![1] / (B * B / 2 * Math.Sqrt(variance / Count)), 0.08);
        Assert.Equal(Expected(1), result.UnsmoothedKl[0], tolerance);
        var topMean = B * B * ((A * A * x2) + s2);
        Assert.Equal((s2 + topMean - 1 - Math.Log(s2)) / 2, result.TopKl, 6 * Math.Sqrt(2) * topMean / Math.Sqrt(Count * Draws));
        Assert.Equal(result.TopKl, result.Kl[1]);
    }

    [Fact]
    public void Members_ADivergedMember_HasNoNumbersAndSaysWhen()
    {
        using var stack = new TinyStack([new Member(1, 0), new Member(0.5, 0)]);
        var results = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions(), [null, 7]);
        Assert.Equal("ok", results[0].Status);
        Assert.Equal("diverged at step 7", results[1].Status);
        Assert.True(double.IsNaN(results[1].Elbo));
        Assert.Empty(results[1].ActiveUnits);
    }

    [Theory]
    [InlineData("q1.output.weight", float.NaN)]
    [InlineData("p0.output.bias", float.NaN)]
    [InlineData("p2.hidden1.weight", float.PositiveInfinity)]
    [InlineData("q3.hidden1.bias", float.NegativeInfinity)] // which the activation turns into 0
    public void Members_AWeightThatIsNotFinite_LeavesThatMemberWithoutAnyNumberAndOthersAsTheyWere(string name, float value)
    {
        using var stack = new TinyStack(
            [new Member(1, 0), new Member(0.5, 0), new Member(0.5, 1)], model: TinyStack.Model.With(p => p with { Activation = Activation.Relu }));
        var before = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions { Draws = 2 });
        var entry = stack.Vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == name);
        stack.Vae.Parameters.Memory(stack.Vae.Parameters.Values, entry)[entry.Rows * entry.Columns] = value; // the first of member 1
        var results = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions { Draws = 2 });
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(stack.Vae.Parameters.IsFinite));
        Assert.Equal("not finite when measured", results[1].Status);
        double[] numbers =
        [
            results[1].SmoothedObjective, results[1].Elbo, results[1].Reconstruction, results[1].TopKl,
            .. results[1].Kl, .. results[1].UnsmoothedKl,
        ];
        Assert.All(numbers, number => Assert.True(double.IsNaN(number)));
        Assert.Empty(results[1].ActiveUnits);
        Assert.Null(results[1].Bounds);
        Assert.Null(results[1].KlParts);
        Assert.Null(results[1].UnsmoothedKlParts);
        Assert.All(new[] { 0, 2 }, member => Assert.Equal(Json(before[member]), Json(results[member])));
    }

    [Fact]
    public void Members_AllWeightsZero_HasExactZerosWhereTheyAreTheTruth()
    {
        using var stack = new TinyStack([new Member(0.5, 0)]);
        stack.Fill(0, 0);
        var result = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions())[0];
        Assert.Equal("ok", result.Status);
        Assert.Equal([0, 0, 0], result.ActiveUnits);
        // q and p have mean 0 and the same width everywhere.
        Assert.All(result.KlParts!.Concat(result.UnsmoothedKlParts!), parts => Assert.Equal((0, 0), (parts.Bias, parts.Variance)));
        Assert.All(result.KlParts!, parts => Assert.Equal(0, parts.Scale, 1e-6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    public void Members_AnOddNumberOfDraws_IsRefused(int draws)
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        Assert.Throws<OrnsteinException>(() => Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions { Draws = draws }));
    }

    private static HierarchicalVae Linear(
        IReadOnlyList<Shape> latents, double rho = 1, int draws = 1, SmoothingSampler sampler = SmoothingSampler.Iid) => new(
        new ModelOptions { Data = 1, Latents = latents, Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian },
        [new Member(rho, 0)], new SmoothingOptions { Draws = draws, Sampler = sampler });

    private static string Json(MemberResult result) => JsonSerializer.Serialize(result, ResultJson.Indented);

    private static DataRows Reals(int count, int features)
    {
        using var x = RandomKey.FromSeed(11).Normal(count, features);
        return DataRows.FromReals(x.data<float>().ToArray(), features);
    }
}
