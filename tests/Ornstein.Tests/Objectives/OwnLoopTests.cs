using Ornstein.Batching;
using Ornstein.Objectives;
using Ornstein.Remedies;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Training;
using Ornstein.Tests.Remedies;
using static TorchSharp.torch;

namespace Ornstein.Tests.Objectives;

/// <summary>The training loop of docs/own-model.md.</summary>
public class OwnLoopTests
{
    private static readonly Member[] _members =
    [
        new Member(0.5, 3) { Remedy = new Remedy { FreeBits = new FreeBits { Nats = 0.1 }, Annealing = new RhoAnnealing() } },
        new Member(1, 4) { Remedy = new Remedy { WarmUp = new KlWarmUp { Epochs = 2 }, CommittedRate = 0.1 }.With(new Capacity(1)) }, // trains by autograd
    ];

    [Fact]
    public void Loop_OfDifferentiateAndAdam_GivesTheBitsOfTheTrainer()
    {
        using TinyStack own = new(_members), trained = new(_members);
        trained.Train();
        Train(own, weight: null);
        Assert.Equal(trained.Values, own.Values);
    }

    [Fact]
    public void Loop_WithATermOfItsOwn_FollowsIt()
    {
        using TinyStack own = new(_members), plain = new(_members);
        Train(own, weight: 10);
        Train(plain, weight: null);
        Assert.True(Energy(own) < Energy(plain), "a cost of q's means makes them smaller");
    }

    [Theory]
    [InlineData(2, 5, 11, "data have the shape [2, 5, 11]; give [2 or 1, batch, 12], a row per datum of the batch.")]
    [InlineData(3, 5, 12, "data have the shape [3, 5, 12]; give [2 or 1, batch, 12], a row per datum of the batch.")]
    [InlineData(1, 0, 12, "data have the shape [1, 0, 12]; give [2 or 1, batch, 12], a row per datum of the batch.")]
    public void Differentiate_DataOfAnotherShape_IsRefused(long members, long batch, long features, string message)
    {
        using var scope = NewDisposeScope();
        using var stack = new TinyStack(_members);
        Assert.Equal(message, Assert.Throws<OrnsteinException>(() => TrainingObjective.Differentiate(
            stack.Vae, zeros(members, batch, features), StackNoise.OfStep(stack.Vae.Seeds, 1), new TrainingClock(0, 4, 12))).Message);
    }

    private static void Train(TinyStack stack, double? weight)
    {
        var (vae, adam, options) = (stack.Vae, stack.Adam, TinyStack.Training);
        var batches = new StackBatches(stack.Data, vae.Seeds, options.BatchSize);
        var steps = (long)options.Epochs * batches.StepsPerEpoch;
        for (var step = 1L; step <= steps; step++)
        {
            using var scope = NewDisposeScope();
            var clock = new TrainingClock(step - 1, batches.StepsPerEpoch, steps);
            vae.AnnealTo(clock);
            var (x, noise) = (batches.Of(step), StackNoise.OfStep(vae.Seeds, step));
            TrainingObjective.Differentiate(vae, x, noise, clock);
            if (weight is { } factor) vae.Infer(x, noise).Layers[0].Mean.Squared().sum([]).Times(factor).backward();
            adam.Step(step, options.LearningRate.At(step, steps), [true, true]);
        }
    }

    private static double Energy(TinyStack stack)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return stack.Vae.Infer(stack.Validation.Slice(0, stack.Validation.Count).unsqueeze(0), StackNoise.OfStep(stack.Vae.Seeds, 1)).Layers[0].Mean.Squared().sum([]).item<float>();
    }
}
