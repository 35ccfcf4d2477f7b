using Ornstein.Batching;
using Ornstein.Checkpoints;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Objectives;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Tensors;
using Ornstein.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

#pragma warning disable RS0030 // any of TorchSharp's modules may be a part of a stranger's

namespace Ornstein.Tests.Networks;

public sealed class ModuleNetworksTests : IDisposable
{
    private static readonly Member[] _members =
    [
        new(0.5, 3), new(1, 3), new(0.8, 4), new([0.3, 1], 4) { Remedy = new Remedy { WarmUp = new KlWarmUp { Epochs = 1 }, FreeBits = new FreeBits() } },
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stack_SeedsThatAlternate_BeginsWithThoseOfEachAlone()
    {
        var model = TinyStack.Model with { Networks = TestModules.Linear(8) };
        using var all = new TinyStack([new(1, 3), new(1, 4), new(1, 3)], model: model);
        using var other = new TinyStack([new(1, 4)], model: model);
        using var one = new TinyStack([new(1, 3)], model: model);
        Assert.Equal(one.ValuesOf(0), all.ValuesOf(0));
        Assert.Equal(other.ValuesOf(0), all.ValuesOf(1));
        Assert.Equal(one.ValuesOf(0), all.ValuesOf(2));
    }

    [Fact]
    public void Differentiate_ModulesThatArePerceptrons_IsTheGradientOfTheBuiltInOnes()
    {
        using var scope = NewDisposeScope();
        var plain = TinyStack.Model.With(p => p with { Hidden = [7, 7, 7], HiddenLayers = 1 });
        var smoothing = new SmoothingOptions { Draws = 3, Networks = SmoothedNetworks.PQ };
        using var built = new HierarchicalVae(plain, [new Member(0.5, 3)], smoothing);
        using var own = new HierarchicalVae(plain with { Networks = TestModules.Linear(7) }, [new Member(0.5, 3)], smoothing);
        using (no_grad())
        {
            // A module's weight is [outputs, inputs].
            foreach (var (entry, theirs) in built.Parameters.Layout.Entries.Zip(own.Parameters.Layout.Entries))
            {
                Assert.Equal(entry.Name, theirs.Name);
                var value = built.Parameters.Block(built.Parameters.Values, entry);
                own.Parameters.Block(own.Parameters.Values, theirs).copy_(value.dim() == 3 ? value.transpose(1, 2) : value);
            }
        }

        var x = RandomKey.FromSeed(1).Uniform(1, 16, TinyStack.Features);
        Tensor Terms(HierarchicalVae vae)
        {
            vae.Networks.Mode.Begin(RandomKey.FromSeed(2));
            var terms = TrainingObjective.Differentiate(vae, x, StackNoise.OfStep(vae.Seeds, 1), new TrainingClock(0, 4, 8));
            vae.Networks.Mode.End();
            return terms;
        }

        var (expected, actual) = (Terms(built), Terms(own));
        Assert.True((expected - actual).abs().max().item<float>() < 1e-5 * expected.abs().max().item<float>());
        foreach (var (entry, theirs) in built.Parameters.Layout.Entries.Zip(own.Parameters.Layout.Entries))
        {
            var (gradient, other) = (built.Parameters.Block(built.Parameters.Gradients, entry), own.Parameters.Block(own.Parameters.Gradients, theirs));
            if (gradient.dim() == 3) other = other.transpose(1, 2);
            // The same sums of 48 rows at most, in another order: a few dozen roundings of 6e-8.
            Assert.True((gradient - other).norm().item<float>() <= 1e-5 * gradient.norm().item<float>() + 1e-7, entry.Name);
        }
    }

    [Theory]
    [InlineData(SmoothingSampler.Iid, ReferenceMeasure.Own, SmoothedNetworks.P)]
    [InlineData(SmoothingSampler.Antithetic, ReferenceMeasure.Standard, SmoothedNetworks.PQ)]
    [InlineData(SmoothingSampler.Sobol, ReferenceMeasure.Own, SmoothedNetworks.PQ, Explicit = true)]
    [InlineData(SmoothingSampler.GaussHermite, ReferenceMeasure.Standard, SmoothedNetworks.P, Explicit = true)]
    public void Train_ConvolutionsOfAnyMember_GiveTheSameBitsAloneAndInAStack(SmoothingSampler sampler, ReferenceMeasure measure, SmoothedNetworks networks)
    {
        // A quadrature's points are a grid in all units of a layer.
        var model = sampler == SmoothingSampler.GaussHermite ? TestModules.Convolutions() with { Latents = [new Shape(1, 3, 1), new Shape(1, 3, 1), 2] } : TestModules.Convolutions();
        var smoothing = new SmoothingOptions { Draws = 2, Sampler = sampler, Measure = measure, Networks = networks };
        using var all = new TinyStack(_members, smoothing, model);
        all.Train();
        for (var i = 0; i < _members.Length; i++)
        {
            using var alone = new TinyStack([_members[i]], smoothing, model);
            var before = alone.ValuesOf(0);
            alone.Train();
            Assert.Equal(alone.ValuesOf(0), all.ValuesOf(i));
            Assert.NotEqual(before, alone.ValuesOf(0));
        }
    }

    [Fact(Explicit = true)]
    public void Train_WithDropoutAndBatchNormalization_GivesTheSameBitsAloneInAStackAndAfterAResumption()
    {
        var model = TestModules.Convolutions(shape => shape.IsMap
            ? Sequential(BatchNorm2d(shape.Axes[0]), Dropout(0.3))
            : Sequential(BatchNorm1d(shape.Units), Dropout(0.3)));
        Member[] members = [.. _members.Take(3)];
        using var all = new TinyStack(members, model: model);
        all.Train();
        using var alone = new TinyStack([members[2]], model: model);
        alone.Train();
        Assert.Equal(alone.ValuesOf(0), all.ValuesOf(2));

        using (var begun = new TinyStack(members, model: model))
        {
            using var stop = new CancellationTokenSource();
            Assert.False(begun.Train(observer: new StopAfter(5, stop), stop: stop.Token));
            Checkpoint.Save(_folder.Path, begun.Adam, begun.State, 0);
        }

        using var resumed = new TinyStack(members, model: model);
        Checkpoint.Restore(_folder.Path, resumed.Adam, resumed.State);
        resumed.Train();
        Assert.Equal(all.Values, resumed.Values);
        // 12 steps; q2's normalization is called once in each, or with all draws of a step at once.
        var counted = all.Vae.Parameters.Layout.Entries.Single(entry => entry.Name == "q2.2.0.num_batches_tracked");
        Assert.Equal(12, all.Vae.Parameters[counted].detach()[0].item<float>());

        // What modules move themselves stays where gradients alone are measured.
        using var measured = new TinyStack(members, model: model);
        measured.Train(TinyStack.Training with { GradientNoise = new() });
        Assert.Equal(all.Values, measured.Values);
    }

    [Fact]
    public void Run_MembersThatTakeNoPart_KeepTheirBuffers()
    {
        using var scope = NewDisposeScope();
        using var stack = new TinyStack(
            [new Member(1, 3), new Member(1, 4), new Member(1, 5)], model: TestModules.Convolutions(shape => shape.IsMap ? BatchNorm2d(shape.Axes[0]) : BatchNorm1d(shape.Units)));
        stack.Fill(2, double.NaN);
        var before = (stack.ValuesOf(0), stack.ValuesOf(1));
        using var step = new AutogradStep(stack.Vae, stack.Adam, new StackBatches(stack.Data, stack.Vae.Seeds, 16));
        var terms = new double[4 * 3];
        step.Run(1, 1e-2, [true, false, true], terms);
        Assert.NotEqual(before.Item1, stack.ValuesOf(0));
        Assert.Equal(before.Item2, stack.ValuesOf(1));
        Assert.All(stack.ValuesOf(2), value => Assert.True(float.IsNaN(value)));
        Assert.Equal([true, false, false], terms[..3].Select(double.IsFinite));
        var mean = stack.Vae.Parameters.Layout.Entries.Single(entry => entry.Name == "q1.2.running_mean");
        Assert.NotEqual(0, stack.Vae.Parameters[mean].detach()[0].abs().max().item<float>());
    }

    [Fact]
    public void Infer_Evaluation_IsTheSameAtEveryCallAndForADatumAlone()
    {
        using var scope = NewDisposeScope();
        using var stack = new TinyStack([new Member(1, 3)], model: TestModules.Convolutions(_ => Dropout(0.5)));
        stack.Train();
        using var guard = no_grad();
        var x = RandomKey.FromSeed(1).Uniform(1, 20, TinyStack.Features);
        var q = stack.Vae.Inference(0, x).Mean;
        Assert.True(q.eq(stack.Vae.Inference(0, x).Mean).all().item<bool>());
        Assert.True((q.narrow(1, 0, 1) - stack.Vae.Inference(0, x.narrow(1, 0, 1)).Mean).abs().max().item<float>() < 1e-5); // a dozen products in another order
    }

    /// <summary>With one step an epoch all updates of a step, and the step itself, see the same batch; each draws its own noise all the same.</summary>
    [Fact]
    public void Run_UpdatesOfTheEncoder_DrawOtherNoiseThanEachOtherAndThanSteps()
    {
        List<float> drawn = [];
        var remedy = new Remedy { Aggressive = new AggressiveEncoder { Updates = 3, Epochs = 1 } };
        using var stack = new TinyStack([new Member(1, 3) { Remedy = remedy }], model: TestModules.Convolutions(_ => new Recorder(drawn)));
        using var step = new AutogradStep(stack.Vae, stack.Adam, new StackBatches(stack.Data, stack.Vae.Seeds, stack.Data.Count), epochs: 2);
        drawn.Clear(); // of what a module is tried with
        step.Run(1, 1e-3, [true], new double[4]);
        var inOne = drawn.Count;
        step.Run(2, 1e-3, [true], new double[4]);
        Assert.True(inOne > 0 && inOne % 4 == 0, $"{inOne}"); // as many draws in each of three updates and the step
        Assert.Equal(drawn.Count, drawn.Distinct().Count());
    }

    [Fact]
    public void New_Seeds_FixWhatModulesBeginWith()
    {
        using var all = new TinyStack([new Member(1, 3), new Member(1, 4), new Member(0.5, 3)], model: TestModules.Convolutions());
        using var alone = new TinyStack([new Member(1, 4)], model: TestModules.Convolutions());
        Assert.Equal(all.ValuesOf(0), all.ValuesOf(2));
        Assert.NotEqual(all.ValuesOf(0), all.ValuesOf(1));
        Assert.Equal(alone.ValuesOf(0), all.ValuesOf(1));
    }

    public static TheoryData<string, Func<NetworkPlace, nn.Module<Tensor, Tensor>>> Mistakes { get; } = new()
    {
        { "the network of q1 gives 7 (7 numbers) of 12, where 8 (8 numbers) is needed: means, then", place => Linear(place.Input.Units, place.Name == "q1" ? 7 : place.Output!.Units) },
        { "the network of p0 gives 5 (5 numbers) of 4, where 12 (12 numbers) is needed.", place => Linear(place.Input.Units, place.Name == "p0" ? 5 : place.Output!.Units) },
        { "the network of q2 fails on [4, 4] (rows of 4): mat1 and mat2 shapes cannot be multiplied (4x4 and 9x6)", place => Linear(place.Name == "q2" ? 9 : place.Input.Units, place.Output!.Units) },
        { "the network of p1 gives numbers that are not finite at its first call", place => place.Name == "p1" ? new Scaled(place, double.NaN) : Linear(place.Input.Units, place.Output!.Units) },
        { "the network of q1 draws random numbers when it is evaluated", place => new Noisy(place) },
        { "the parameter 'weight' of the network of q1 holds Float64", place => Linear(place.Input.Units, place.Output!.Units, dtype: ScalarType.Float64) },
        { "the network of q1 gives [48, 8] for 4 rows of 12", place => new Repeated(place) },
        { "the network of q2 writes into what it reads", place => place.Name == "q2" ? Sequential(ReLU(inplace: true), Linear(place.Input.Units, place.Output!.Units)) : Linear(place.Input.Units, place.Output!.Units) },
        { "the network of q1 gives Float64", place => new Called(place, x => x.to(ScalarType.Float64)) },
        { "the network of q1 fails on [4, 12] (rows of 12): own trouble.", place => new Called(place, _ => throw new FormatException("own trouble.")) },
        { "the network of q1 gives nothing", place => new Called(place, _ => null!) },
        { "the function that makes modules fails for q1 (Inference, from 12 to 8): no luck.", _ => throw new NotSupportedException("no luck") },
        { "there is no module for q1 (Inference)", _ => null! },
        { "the networks 'wrong' have no parameter that is trained", place => new Called(place, x => zeros(x.shape[0], place.Output!.Units)) },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void New_AModuleThatDoesNotFit_IsNamedBeforeTraining(string expected, Func<NetworkPlace, nn.Module<Tensor, Tensor>> module)
    {
        var model = TinyStack.Model with { Networks = new ModuleNetworks("wrong", module) };
        var error = Assert.Throws<OrnsteinException>(() => new HierarchicalVae(model, [new Member(0.5, 0)], new SmoothingOptions()));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void New_ParametersThatLayersShare_AreRefused(bool isWhole)
    {
        var shared = Linear(TinyStack.Features, 2 * TinyStack.Features);
        var model = new ModelOptions
        {
            Data = TinyStack.Features, Latents = [TinyStack.Features, TinyStack.Features],
            Networks = new ModuleNetworks("shared", place => place.Role == NetworkRole.Inference ? isWhole ? shared : Sequential(("shared", shared)) : Linear(place.Input.Units, place.Output!.Units)),
        };
        var error = Assert.Throws<OrnsteinException>(() => new HierarchicalVae(model, [new Member(1, 0)], new SmoothingOptions()));
        Assert.StartsWith($"the module of q2 has a parameter, '{(isWhole ? "" : "shared.")}weight', that a module made before for q1 has", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_ADoublyReparameterizedGradientOfRandomNetworks_IsRefused()
    {
        var importance = new Remedy { Importance = new ImportanceObjective { Samples = 2, Gradient = ImportanceGradient.DoublyReparameterized } };
        Member[] members = [new Member(1, 0) { Remedy = importance }];
        new HierarchicalVae(TestModules.Convolutions(), members, new SmoothingOptions()).Dispose();
        var error = Assert.Throws<OrnsteinException>(() => new HierarchicalVae(TestModules.Convolutions(_ => Dropout(0.5)), members, new SmoothingOptions()));
        Assert.Contains("the network of q1 draws random numbers in training", error.Message, StringComparison.Ordinal);
    }

    private sealed class StopAfter(int steps, CancellationTokenSource stop) : ITrainingObserver
    {
        public void OnStep(in TrainingProgress progress)
        {
            if (progress.Step == steps) stop.Cancel();
        }

        public void OnEpoch(EpochMetrics metrics)
        {
        }

        public void OnDiverged(int member, long step)
        {
        }

        public void OnBetweenSteps(TrainingState state)
        {
        }
    }

    // Without parameters.
    private sealed class Called(NetworkPlace place, Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>(place.Name)
    {
        public override Tensor forward(Tensor input) => function(input);
    }

    private sealed class Scaled : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _linear;
        private readonly double _factor;

        public Scaled(NetworkPlace place, double factor) : base("scaled")
        {
            (_linear, _factor) = (Linear(place.Input.Units, place.Output!.Units), factor);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _linear.forward(input).Times(_factor);
    }

    private sealed class Noisy : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _linear;

        public Noisy(NetworkPlace place) : base("noisy")
        {
            _linear = Linear(place.Input.Units, place.Output!.Units);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => functional.dropout(_linear.forward(input), 0.5, training: true);
    }

    /// <summary>Draws a number, as dropout draws a mask, and remembers it.</summary>
    private sealed class Recorder(List<float> drawn) : nn.Module<Tensor, Tensor>("recorder")
    {
        public override Tensor forward(Tensor input)
        {
            if (training) drawn.Add(rand(1).item<float>());
            return input.clone();
        }
    }

    private sealed class Repeated : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _linear;

        public Repeated(NetworkPlace place) : base("repeated")
        {
            _linear = Linear(1, place.Output!.Units);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _linear.forward(input.reshape(-1, 1));
    }
}
