using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Networks;

public class NormalizedMeansTests
{
    /// <summary>
    /// On any training batch means are gamma (m - mean) / sqrt(v + eps) + shift, and a unit's KL to N(0, 1) at least (gamma^2 v / (v + eps) + shift^2) / 2, whatever
    /// the network gives: m and v are those of the same weights without normalization.
    /// </summary>
    [Theory]
    [InlineData(0.3, 0.0, 2)]
    [InlineData(0.7, 0.4, 16)]
    [InlineData(2.0, -1.5, 200)]
    public void Kl_OfAnyTrainingBatch_IsAtLeastTheBound(double scale, double shift, int rows)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var model = (TinyStack.Model with { Latents = [4] }).With(p => p with { Hidden = [8] });
        for (var seed = 0; seed < 10; seed++)
        {
            using var plain = new HierarchicalVae(model, [new Member(1, seed)], new SmoothingOptions());
            using var vae = new HierarchicalVae(model with { Networks = new NormalizedMeans(model.Networks, scale) }, [new Member(1, seed)], new SmoothingOptions());
            LinearGaussian.Set(vae, "q1.means.shift", shift);
            var x = RandomKey.FromSeed(seed).Uniform(1, rows, TinyStack.Features);
            vae.Networks.Mode.Begin(null);
            var q = vae.Inference(0, x);
            vae.Networks.Mode.End();
            var before = plain.Inference(0, x);
            var m = before.Mean.to(ScalarType.Float64);
            var centred = m - m.mean([1L], keepdim: true);
            var v = centred.Squared().mean([1L], keepdim: true);
            var expected = (centred.Times(scale) / v.Plus(1e-5).sqrt()).Plus(shift);
            // Means of some 0.5 are known to 1e-7 in single precision, and the least that they are divided by is sqrt(eps) = 3e-3: 3e-5 of the scale, for each of a few sums.
            Assert.True((q.Mean - expected).abs().max().item<double>() < 2e-4 * scale, $"{seed}");
            Assert.Equal(before.StandardDeviation.data<float>().ToArray(), q.StandardDeviation.data<float>().ToArray());
            var bound = (v.Times(scale * scale) / v.Plus(1e-5)).Plus(shift * shift).Over(2);
            var kl = KlDivergence.FromStandardPerUnit(q).to(ScalarType.Float64).mean([1L], keepdim: true);
            // The widths of a first network are away from 1, so that the bound is not only met but exceeded.
            Assert.True((kl - bound).min().item<double>() > 0, $"{seed}");
        }
    }

    [Fact]
    public void Kl_OfAQWithTheWidthOfThePrior_IsTheBound()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var model = new ModelOptions { Data = 5, Latents = [3], Networks = new NormalizedMeans(Perceptrons.Linear, 0.6) };
        using var vae = new HierarchicalVae(model, [new Member(1, 2)], new SmoothingOptions());
        LinearGaussian.Set(vae, "q1.scale", Math.Log(Math.Exp(1 - 1e-4) - 1)); // softplus of it, and 1e-4, are 1
        LinearGaussian.Set(vae, "q1.means.shift", 0.5);
        vae.Networks.Mode.Begin(null);
        var q = vae.Inference(0, RandomKey.FromSeed(4).Normal(1, 100, 5).Times(10)); // a variance of units, beside which eps is nothing
        vae.Networks.Mode.End();
        Assert.All(
            KlDivergence.FromStandardPerUnit(q).mean([1L]).flatten().data<float>().ToArray(),
            kl => Assert.Equal(((0.6 * 0.6) + (0.5 * 0.5)) / 2, kl, 1e-4));
    }

    [Fact]
    public void Run_Steps_KeepsRunningStatisticsThatEvaluationTakes()
    {
        using var scope = NewDisposeScope();
        var model = TinyStack.Model with { Networks = new NormalizedMeans(TinyStack.Model.Networks, 0.5) };
        using var stack = new TinyStack([new Member(1, 3), new Member(1, 4)], model: model);
        Assert.Equal("batch-normalized means", StepSupport.Lacks(stack.Vae));
        Assert.Equal(
            ["q3.means.shift", "q3.means.mean", "q3.means.variance"],
            stack.Vae.Parameters.Layout.Entries.Select(entry => entry.Name).Where(name => name.Contains(".means.", StringComparison.Ordinal)));
        Assert.True(stack.Train());
        using var guard = no_grad();
        float[] Own(string name) => stack.Vae.Parameters.Memory(
            stack.Vae.Parameters.Values, stack.Vae.Parameters.Layout.Entries.Single(entry => entry.Name == name)).ToArray();
        Assert.All(Own("q3.means.variance"), value => Assert.InRange(value, 1e-6, 0.99));
        Assert.All(Own("q3.means.mean"), value => Assert.NotEqual(0, value));
        var z = RandomKey.FromSeed(1).Normal(2, 20, 3);
        var (together, alone) = (stack.Vae.Inference(2, z).Mean.narrow(1, 0, 1), stack.Vae.Inference(2, z.narrow(1, 0, 1)).Mean);
        Assert.True((together - alone).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void Create_EveryLayer_NormalizesQOfEachAndNothingElse()
    {
        string[] Normalized(ModelOptions model)
        {
            using var vae = new HierarchicalVae(
                model with { Networks = new NormalizedMeans(model.Networks, 0.5) { EveryLayer = true } }, [new Member(1, 0)], new SmoothingOptions());
            return [.. vae.Parameters.Layout.Entries.Select(entry => entry.Name).Where(name => name.EndsWith(".means.shift", StringComparison.Ordinal))];
        }

        Assert.Equal(["q1.means.shift", "q2.means.shift", "q3.means.shift"], Normalized(TinyStack.Model));
        Assert.Equal(["q1.means.shift", "q2.means.shift", "q3.means.shift"], Normalized(TinyStack.Model with { Inference = InferenceKind.Ladder }));
        Assert.Equal(["q1.means.shift", "q2.means.shift", "q3.means.shift"], Normalized(TestModules.Convolutions()));
    }

    [Fact]
    public void Validate_WhatDoesNotFit_SaysSo()
    {
        var model = TinyStack.Model with { Networks = new NormalizedMeans(TinyStack.Model.Networks, 0.5) };
        foreach (var scale in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Equal(
                $"the scale of normalized means is {scale}; it must be above 0.",
                Assert.Throws<OrnsteinException>(() => (model with { Networks = new NormalizedMeans(TinyStack.Model.Networks, scale) }).Validate()).Message);
        }

        Assert.StartsWith("hidden has 2 sizes", Assert.Throws<OrnsteinException>(() =>
            (model with { Networks = new NormalizedMeans(new Perceptrons { Hidden = [8, 6] }, 0.5) }).Validate()).Message, StringComparison.Ordinal);
        var remedy = new Remedy { Importance = new ImportanceObjective { Samples = 3, Gradient = ImportanceGradient.DoublyReparameterized } };
        Assert.Contains("batch normalization couples them", Assert.Throws<OrnsteinException>(() => remedy.Validate(model, new SmoothingOptions())).Message, StringComparison.Ordinal);
    }
}
