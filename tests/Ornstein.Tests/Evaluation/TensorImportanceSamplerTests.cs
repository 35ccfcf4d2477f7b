using CsCheck;
using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Priors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Evaluation;

public class TensorImportanceSamplerTests
{
    /// <summary>Both draw the same samples, so that they agree to rounding, datum by datum.</summary>
    [Fact]
    public void Measure_AnyModelThatProgramsKnow_GivesTheBoundsOfThePrograms() =>
        Gen.Select(AnyModel.Generator, Gen.OneOf(Gen.Int[1, 40], Gen.Int[200, 300])).Sample(
            (options, draws) =>
            {
                using var vae = options.Create();
                using var rows = options.Rows();
                var key = RandomKey.FromSeed(9);
                Assert.True(ImportanceSampler.Knows(vae));
                using var sampler = new ImportanceSampler(vae, draws);
                var expected = sampler.Measure(rows, key);
                var actual = TensorImportanceSampler.Measure(vae, rows, draws, key);
                for (var member = 0; member < expected.Length; member++)
                {
                    // Log-densities are sums in float of some hundred terms, of up to ten layers: 1e-5 of the largest, some ten times their mean.
                    foreach (var (one, other) in Bounds(expected[member]).Zip(Bounds(actual[member])))
                        Assert.Equal(one.Value, other.Value, 1e-4 * (1 + Math.Abs(one.Value)));
                }
            },
            iter: 6, threads: 1);

    [Fact]
    public void Measure_ALadderAndItsSamplesOneByOne_AreTheSame()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Member[] members = [new(0.5, 0), new(1, 1)];
        using var vae = ModelKind.LadderWithSkips.Create(TinyStack.Model, members, new SmoothingOptions { Draws = 3 });
        using var rows = TinyStack.Images(3, Binarization.Static);
        const int Draws = 300; // two blocks of 150 samples of one datum
        var key = RandomKey.FromSeed(4);
        var bounds = ImportanceBounds.Of(vae, rows, Draws, key);
        for (var member = 0; member < 2; member++)
        {
            double elbo = 0, weighted = 0;
            for (var datum = 0; datum < 3; datum++)
            {
                var log = new List<Tensor>();
                for (var block = 0; block < 2; block++)
                {
                    var x = rows.Slice(datum, 1).expand(150, -1).unsqueeze(0);
                    var pass = vae.Unsmoothed().Infer(x, StackNoise.Shared(key.At(datum).At(block)));
                    var (z1, z2, z3) = (pass.Samples[0], pass.Samples[1], pass.Samples[2]);
                    var p1 = vae.Networks.P[0].Forward(vae.Parameters, cat([z2, z3], -1));
                    var p2 = vae.Networks.P[1].Forward(vae.Parameters, z3);
                    var logit = vae.Networks.Decoder.Network.Forward(vae.Parameters, cat([z1, z2, z3], -1));
                    var likelihood = ((x * logit) - logit.Softplus()).sum([-1L]);
                    var prior = z3.Squared().sum([-1L]).Plus(2 * Math.Log(2 * Math.PI)).Times(-0.5);
                    var ratio = likelihood.Plus(prior).Plus(p1.LogDensity(z1)).Plus(p2.LogDensity(z2));
                    for (var i = 0; i < 3; i++) ratio -= pass.Layers[i].LogDensity(pass.Samples[i]);
                    log.Add(ratio[member].to(ScalarType.Float64));
                }

                var weights = cat(log, 0);
                elbo += weights.mean().item<double>() / 3;
                weighted += (weights.logsumexp(0).item<double>() - Math.Log(Draws)) / 3;
            }

            // Sums in float of 12 pixels and 9 units.
            Assert.Equal(elbo, bounds[member].SampledElbo.Value, 1e-4);
            Assert.Equal(weighted, bounds[member].ImportanceWeighted.Value, 1e-4);
        }
    }

    [Fact]
    public void Knows_WhatProgramsHaveNoOperationsFor_IsLeftToTensors()
    {
        ModelOptions[] models = [TinyStack.Model with { Prior = new WidePrior(2) }, TinyStack.Model with { Networks = new NormalizedMeans(TinyStack.Model.Networks, 0.5) }];
        foreach (var model in models)
        {
            using var vae = new HierarchicalVae(model, [new Member(1, 0)], new SmoothingOptions());
            Assert.False(ImportanceSampler.Knows(vae));
            Assert.Throws<InvalidOperationException>(() => new ImportanceSampler(vae, 4));
        }
    }

    [Theory]
    [InlineData(ModelKind.Chain)]
    [InlineData(ModelKind.Ladder)]
    [InlineData(ModelKind.LadderWithSkips)]
    [InlineData(ModelKind.GenerativeSkips)]
    [InlineData(ModelKind.InferenceSkips)]
    [InlineData(ModelKind.BatchNormalization)]
    [InlineData(ModelKind.LearnedVariance)]
    [InlineData(ModelKind.AnalyticVariance)]
    [InlineData(ModelKind.CommittedRate)]
    public void Knows_WhatProgramsHaveOperationsFor_IsMeasuredByThem(ModelKind kind)
    {
        using var vae = kind.Create(TinyStack.Model, [new Member(0.5, 0), new Member(1, 1)], new SmoothingOptions { Draws = 3 });
        using var rows = TinyStack.Images(20, Binarization.Static);
        Assert.True(ImportanceSampler.Knows(vae));
        using var sampler = new ImportanceSampler(vae, 5);
        var expected = TensorImportanceSampler.Measure(vae, rows, 5, RandomKey.FromSeed(2));
        foreach (var (one, other) in expected.Zip(sampler.Measure(rows, RandomKey.FromSeed(2))))
            foreach (var (first, second) in Bounds(one).Zip(Bounds(other))) Assert.Equal(first.Value, second.Value, 1e-4); // sums in float of 12 pixels and 9 units
    }

    private static Estimate[] Bounds(MemberBounds bounds) =>
        [bounds.SampledElbo, bounds.ImportanceWeighted, bounds.SmoothedGenerative, bounds.SmoothedGenerativeImportanceWeighted];
}
