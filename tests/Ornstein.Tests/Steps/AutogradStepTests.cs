using Ornstein.Batching;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Steps;

public class AutogradStepTests
{
    private const double Rate = 1e-3;

    [Fact]
    public void Run_WhatFusedStepsKnow_TakesTheSameSteps()
    {
        Member[] members = [new Member(1, 3), new Member(0.5, 4) { Remedy = new Remedy { WarmUp = new KlWarmUp { Epochs = 2 } } }];
        var fused = Terms(members, (vae, adam, batches) => new FusedStep(vae, adam, batches, threads: 2, epochs: 3));
        var autograd = Terms(members, (vae, adam, batches) => new AutogradStep(vae, adam, batches, epochs: 3));
        for (var i = 0; i < fused.Length; i++) Assert.Equal(fused[i], autograd[i], 1e-4 * Math.Max(1, Math.Abs(fused[i])));
    }

    /// <summary>Samples that another member takes and this one does not were rows of its batch's mean and variance.</summary>
    [Fact]
    public void Run_NetworksThatCoupleRowsAndOtherNumbersOfSamples_LeaveAMemberWhatItIsAlone()
    {
        var model = TinyStack.Model with { Networks = new NormalizedMeans(TinyStack.Model.Networks, 0.5) };
        var five = new Member(1, 4) { Remedy = new Remedy { Importance = new ImportanceObjective { Samples = 5 } } };
        using var mixed = new TinyStack([new Member(1, 3), five], model: model);
        using var alone = new TinyStack([new Member(1, 3)], model: model);
        using var other = new TinyStack([five], model: model);
        foreach (var stack in new[] { mixed, alone, other }) Assert.True(stack.Train());
        Assert.Equal(alone.ValuesOf(0), mixed.ValuesOf(0));
        Assert.Equal(other.ValuesOf(0), mixed.ValuesOf(1));
    }

    // Adam's first update moves every parameter that has a gradient by the rate, whatever the gradient, and later ones by less than a few rates.
    [Fact]
    public void Run_AggressiveEncoder_MovesQAheadAndPOnce()
    {
        var aggressive = new Member(0.5, 3) { Remedy = new Remedy { Aggressive = new AggressiveEncoder { Updates = 4, Epochs = 0.25 } } };
        using var stack = new TinyStack([aggressive, new Member(0.5, 3)]);
        using var step = new AutogradStep(stack.Vae, stack.Adam, new StackBatches(stack.Data, stack.Vae.Seeds, 16), epochs: 3);
        var (before, terms) = (Values(stack.Vae), new double[4 * 2]);
        step.Run(1, Rate, [true, true], terms);
        var (q, p) = Moves(stack.Vae, before, member: 0);
        var (plainQ, plainP) = Moves(stack.Vae, before, member: 1);
        Assert.InRange(p, 0.99 * Rate, 1.01 * Rate);
        Assert.InRange(plainP, 0.99 * Rate, 1.01 * Rate);
        Assert.InRange(plainQ, 0.99 * Rate, 1.01 * Rate);
        Assert.InRange(q, 4 * Rate, 6 * Rate); // a gradient that keeps its sign goes about as far five times

        // One epoch has four steps: the second one comes after the aggressive part.
        before = Values(stack.Vae);
        step.Run(2, Rate, [true, true], terms);
        Assert.InRange(Moves(stack.Vae, before, member: 0).Q, 0, 1.5 * Rate);
    }

    [Fact]
    public void NumberOfUpdate_WholeTraining_CountsEveryUpdateOnce()
    {
        var encoder = new Remedy { Aggressive = new AggressiveEncoder { Updates = 3, Epochs = 1.3 } };
        var numbers = new List<long>();
        for (var done = 0L; done < 20; done++)
        {
            var clock = new TrainingClock(done, 5, 20);
            for (var update = 1; update <= 5; update++) numbers.Add(encoder.NumberOfUpdate(clock, update));
            numbers.Add(encoder.NumberOfStep(clock));
        }

        numbers.RemoveAll(number => number == 0);
        Assert.Equal(Enumerable.Range(1, 20 + (7 * 3)).Select(i => (long)i), numbers); // steps 1 to 7 start before 1.3 epochs
    }

    [Fact]
    public void Run_BatchNormalization_KeepsRunningStatisticsOfTheActive()
    {
        using var scope = NewDisposeScope();
        using var stack = new TinyStack([new Member(1, 3), new Member(1, 3)], model: TinyStack.Model.With(p => p with { NormalizesBatches = true }));
        var batches = new StackBatches(stack.Data, stack.Vae.Seeds, 16);
        using var step = new AutogradStep(stack.Vae, stack.Adam, batches);
        var network = stack.Vae.Networks.Q[0].Network;
        var inputs = Enumerable.Range(1, 2).Select(number => bmm(batches.Of(number), stack.Vae.Parameters[network.Entry("hidden1.weight")].detach()[0].unsqueeze(0))).ToArray();
        step.Run(1, 0, [true, false], new double[8]); // at a rate of zero the weights stay
        step.Run(2, 0, [true, false], new double[8]);
        var running = stack.Vae.Parameters[network.Entry("hidden1.mean")].detach();
        var expected = inputs[0].mean([1L]).Plus(inputs[1].mean([1L])).Over(2); // the first batch, then half of the second
        Assert.True((running[0] - expected).abs().max().item<float>() < 1e-5);
        Assert.Equal(0, running[1].abs().max().item<float>());
        Assert.Null(stack.Vae.Networks.Mode.Statistics);
    }

    /// <summary>Twelve steps of both engines, a member of which has updates of q alone and the others none; members of one kind, as tensors couple their samples.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_BatchNormalizationAndAggressiveEncoder_GivesBothEnginesTheSameMeans(int threads)
    {
        Member[] members = [new(0.5, 3) { Remedy = new Remedy { Aggressive = new AggressiveEncoder { Updates = 2, Epochs = 0.5 } } }, new(0.5, 3), new(1, 4)];
        var model = TinyStack.Model.With(p => p with { NormalizesBatches = true }) with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Analytic) };
        float[] Means(Func<HierarchicalVae, Adam, StackBatches, ITrainingStep> create)
        {
            using var scope = NewDisposeScope();
            using var stack = new TinyStack(members, new SmoothingOptions { Draws = 3 }, model: model);
            using var step = create(stack.Vae, stack.Adam, new StackBatches(stack.Data, stack.Vae.Seeds, 16));
            for (var number = 1; number <= 6; number++) step.Run(number, 1e-4, [true, true, number < 3], new double[4 * members.Length]);
            return [.. stack.Vae.Parameters.Layout.Entries.Where(entry => !entry.IsTrained).SelectMany(entry => stack.Vae.Parameters.Memory(stack.Vae.Parameters.Values, entry).ToArray())];
        }

        var fused = Means((vae, adam, batches) => new FusedStep(vae, adam, batches, threads, epochs: 3));
        var autograd = Means((vae, adam, batches) => new AutogradStep(vae, adam, batches, epochs: 3));
        // Six short steps: roundings, and Adam's of gradients that are nearly zero, move weights by less than six rates of 1e-4.
        for (var i = 0; i < fused.Length; i++) Assert.Equal(autograd[i], fused[i], 2e-3 * Math.Max(1, Math.Abs(autograd[i])));
    }

    [Fact]
    public void Run_AnalyticVariance_KeepsTheMeanSquaredError()
    {
        using var scope = NewDisposeScope();
        var model = TinyStack.Model with { Likelihood = new GaussianLikelihood(1, GaussianVariance.Analytic) };
        using var stack = new TinyStack([new Member(1, 3)], model: model);
        using var step = new AutogradStep(stack.Vae, stack.Adam, new StackBatches(stack.Data, stack.Vae.Seeds, 16));
        var terms = new double[4];
        step.Run(1, 0, [true], terms);
        // At its optimum the variance is the mean squared error, and -log p is F/2 (log(2 pi sigma^2) + 1).
        var variance = stack.Vae.Parameters[stack.Vae.Parameters.Layout.Entries.Single(entry => entry.Name == "p0.variance")].detach().item<float>();
        Assert.Equal(TinyStack.Features / 2.0 * (Math.Log(2 * Math.PI * variance) + 1), terms[0], 1e-4);
    }

    private static double[] Terms(Member[] members, Func<HierarchicalVae, Adam, StackBatches, ITrainingStep> create)
    {
        using var stack = new TinyStack(members, new SmoothingOptions { Draws = 3 });
        using var step = create(stack.Vae, stack.Adam, new StackBatches(stack.Data, stack.Vae.Seeds, 16));
        var all = new List<double>();
        for (var number = 1; number <= 6; number++)
        {
            var terms = new double[4 * members.Length];
            step.Run(number, Rate, [.. members.Select(_ => true)], terms);
            all.AddRange(terms);
        }

        return [.. all];
    }

    private static Tensor Values(HierarchicalVae vae) => vae.Parameters.Values.detach().clone();

    private static (double Q, double P) Moves(HierarchicalVae vae, Tensor before, int member)
    {
        double Largest(char prefix) => vae.Parameters.Layout.Entries.Where(entry => entry.Name.StartsWith(prefix)).Max(entry =>
        {
            using var scope = NewDisposeScope();
            var moved = vae.Parameters.Block(vae.Parameters.Values, entry).detach()[member] - vae.Parameters.Block(before, entry)[member];
            return (double)moved.abs().max().item<float>();
        });
        return (Largest('q'), Largest('p'));
    }
}
