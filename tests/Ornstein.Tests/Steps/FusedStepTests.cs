using CsCheck;
using Ornstein.Batching;
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
using static TorchSharp.torch;

namespace Ornstein.Tests.Steps;

/// <summary>The fused step computes what autograd computes from <see cref="HierarchicalVae"/>'s tensors.</summary>
public class FusedStepTests
{
    // Both sum in float, in different orders: each of some hundred roundings of 6e-8 in a chain of a dozen layers, of numbers of the size of
    // the member's whole gradient.
    private const double Tolerance = 2e-5;

    // Models are drawn anew in every run. Explicit ones come on top: CI draws those and the others.

    [Theory]
    [InlineData(50)]
    [InlineData(51, Explicit = true)]
    public void Differentiate_AnyModelAndSmoothing_GivesTermsAndGradientsOfAutograd(int models) => AnyModel.Generator.Sample(Compare, iter: models, threads: 1);

    [Theory]
    [InlineData(10)]
    [InlineData(20, Explicit = true)]
    public void Differentiate_AnyConvolutions_GivesTermsAndGradientsOfAutograd(int models) => AnyModel.OfMaps.Sample(Compare, iter: models, threads: 1);

    /// <summary>As many channels as the data have: no convolution comes before the first block, which reads the data themselves. They have no gradient.</summary>
    [Theory]
    [InlineData(InferenceKind.Chain)]
    [InlineData(InferenceKind.Ladder)]
    public void Differentiate_BlockThatReadsTheData_GivesTermsAndGradientsOfAutograd(InferenceKind inference) => Compare(new AnyModel(
        new ModelOptions
        {
            Data = new Shape(3, 16, 4), Latents = [new Shape(2, 8, 2), 3], Networks = new Convolutions { Widths = [3, 8], Blocks = 1 }, Likelihood = new BernoulliLikelihood(),
            Inference = inference,
        },
        new SmoothingOptions { Draws = 2 }, [0.7, 0.3], Batch: 5, Threads: 2, MostRows: 3, Dynamic: false, Key: 4, Remedy.None));

    [Theory]
    [InlineData(10)]
    [InlineData(20, Explicit = true)]
    public void Run_AnyThreadsAndCompany_GivesAMemberTheSameBits(int models) => AnyModel.Generator.Sample(TrainInCompany, iter: models, threads: 1);

    [Theory]
    [InlineData(5)]
    [InlineData(6, Explicit = true)]
    public void Run_AnyConvolutions_GivesAMemberTheSameBits(int models) => AnyModel.OfMaps.Sample(TrainInCompany, iter: models, threads: 1);

    [Fact]
    public void New_MoreMemoryThanThereIs_SaysSoBeforeTakingIt()
    {
        using var vae = new HierarchicalVae(TinyStack.Model, [new Member(0.5, 0)], new SmoothingOptions { Draws = 40_000_000 });
        using var rows = TinyStack.Images(64, Binarization.None);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        var problem = Assert.Throws<OrnsteinException>(() => new FusedStep(vae, adam, new StackBatches(rows, vae.Seeds, 50), threads: 2));
        Assert.Matches("^a step of batches of 50 takes [0-9.]+ GB on 2 threads", problem.Message);
    }

    [Fact]
    public void New_WhatThereAreNoOperationsFor_IsRefusedByName()
    {
        using var rows = TinyStack.Images(64, Binarization.None);
        foreach (var (model, remedy, what) in new[]
        {
            (TinyStack.Model with { Networks = new NormalizedMeans(TinyStack.Model.Networks, 0.5) }, Remedy.None, "batch-normalized means"),
            (TinyStack.Model, Remedy.Of(new LatentReconstruction(1)), "latent-reconstruction"),
        })
        {
            using var vae = new HierarchicalVae(model, [new Member(1, 3) { Remedy = remedy }], new SmoothingOptions());
            using var adam = new Adam(vae.Parameters, new AdamOptions());
            var problem = Assert.Throws<OrnsteinException>(() => new FusedStep(vae, adam, new StackBatches(rows, vae.Seeds, 50)));
            Assert.Contains(what, problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_ManySteps_AllocatesNothing()
    {
        // Two threads take a member each and share the third, whose batch goes in slices.
        Member[] members = [.. Member.Grid([0, 0.5], [0]), new Member(1, 0) { Remedy = new Remedy { Importance = new ImportanceObjective { Samples = 5 } } }];
        using var vae = new HierarchicalVae(TinyStack.Model, members, new SmoothingOptions());
        using var rows = TinyStack.Images(64, Binarization.Dynamic);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        using var step = new FusedStep(vae, adam, new StackBatches(rows, vae.Seeds, 16), threads: 2, mostRows: 20);
        bool[] active = [true, true, true];
        var terms = new double[4 * 3];
        var number = 0;
        void Run(int count)
        {
            for (var i = 0; i < count; i++) step.Run(++number, 1e-3, active, terms);
        }

        Run(3000); // the code is compiled for good meanwhile
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Run(1000);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 20_000); // of the test's own threads: 20 bytes a step
    }

    private static void TrainInCompany(AnyModel options)
    {
        var member = new Member(options.Rho[0], 3) { Remedy = options.Remedy };
        using var expected = Train(options, [member], threads: 1);
        var company = new[] { new Member(1, 9), member, new Member(0.3, 3) };
        for (var threads = 1; threads <= 4; threads++)
        {
            using var alone = Train(options, [company[1]], threads);
            using var inStack = Train(options, company, threads);
            Assert.Equal(Of(expected, expected.Parameters.Values, 0), Of(alone, alone.Parameters.Values, 0));
            Assert.Equal(Of(expected, expected.Parameters.Values, 0), Of(inStack, inStack.Parameters.Values, 1));
        }
    }

    private static HierarchicalVae Train(AnyModel options, Member[] members, int threads)
    {
        using var rows = options.Rows();
        var vae = new HierarchicalVae(options.Model, members, options.Smoothing);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        using var step = new FusedStep(vae, adam, new StackBatches(rows, vae.Seeds, options.Batch), threads, mostRows: options.MostRows);
        var active = members.Select(_ => true).ToArray();
        for (var i = 1; i <= 4; i++) step.Run(i, 1e-2, active, new double[(options.Model.Layers + 1) * members.Length]);
        return vae;
    }

    private static void Compare(AnyModel options)
    {
        using var scope = NewDisposeScope();
        using var vae = options.Create();
        using var rows = options.Rows();
        var batches = new StackBatches(rows, vae.Seeds, options.Batch);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        using var step = new FusedStep(vae, adam, batches, options.Threads, AnyModel.Epochs, options.MostRows);

        const int Step = 2;
        var (terms, gradients) = Autograd(vae, batches, Step);
        vae.Parameters.Gradients.zero_();
        var fused = new double[terms.Length];
        step.Differentiate(Step, fused);

        var networks = options.Model.Networks;
        var hasKinks = networks is Perceptrons { Activation: Activation.Relu or Activation.LeakyRelu } or Convolutions { Activation: Activation.Relu or Activation.LeakyRelu };
        var computed = vae.Parameters.Gradients.clone();
        var moved = new Lazy<(double[] Terms, double[] Gradients)>(() => Moved(vae, batches, Step, terms, gradients, options.Key));
        for (var i = 0; i < terms.Length; i++)
        {
            var (distance, allowed) = (Math.Abs(terms[i] - fused[i]), Tolerance * Math.Max(1, Math.Abs(terms[i])));
            if (distance > allowed && networks.CouplesRows) allowed += moved.Value.Terms[i];
            Assert.True(distance <= allowed, $"term {i / vae.Members.Count} of member {i % vae.Members.Count}: autograd {terms[i]}, fused {fused[i]}");
        }

        for (var member = 0; member < vae.Members.Count; member++)
        {
            var norm = Norm(Of(vae, gradients, member));
            var distance = Norm(Of(vae, computed - gradients, member));
            var allowed = Tolerance * norm;
            if (distance > allowed && (networks.CouplesRows || hasKinks))
                allowed += moved.Value.Gradients[member];
            Assert.Equal(norm, adam.GradientNorms[member], allowed);
            Assert.InRange(distance, 0, allowed);
        }
    }

    // A hidden unit within rounding of a kink has either of two gradients, and a dozen batch normalizations one after another magnify roundings a thousand times:
    // how far autograd's own terms and gradient move when weights move by a few roundings, twice, because the units that it meets are not the same ones.
    private static (double[] Terms, double[] Gradients) Moved(
        HierarchicalVae vae, StackBatches batches, long number, double[] terms, Tensor gradients, ulong key)
    {
        var values = vae.Parameters.Values.detach();
        var original = values.clone();
        var moved = (Terms: new double[terms.Length], Gradients: new double[vae.Members.Count]);
        for (var i = 0; i < 8; i++)
        {
            values.copy_(original * new RandomKey(key).At("roundings").At(i).Normal(values.shape).Times(5e-7).Plus(1));
            vae.Parameters.Gradients.zero_();
            var (otherTerms, other) = Autograd(vae, batches, number);
            for (var term = 0; term < terms.Length; term++) moved.Terms[term] = Math.Max(moved.Terms[term], 2 * Math.Abs(otherTerms[term] - terms[term]));
            for (var member = 0; member < vae.Members.Count; member++)
                moved.Gradients[member] = Math.Max(moved.Gradients[member], 2 * Norm(Of(vae, other - gradients, member)));
        }

        values.copy_(original);
        return moved;
    }

    // Every member in a stack of its own: with batch normalization tensors of other members' samples would count.
    private static (double[] Terms, Tensor Gradients) Autograd(HierarchicalVae vae, StackBatches batches, long number)
    {
        var clock = new TrainingClock(number - 1, batches.StepsPerEpoch, AnyModel.Epochs * batches.StepsPerEpoch);
        var (x, terms) = (batches.Of(number), new List<Tensor>());
        for (var member = 0; member < vae.Members.Count; member++)
        {
            var single = vae.Single(member);
            single.AnnealTo(clock);
            vae.Networks.Mode.Begin(null);
            terms.Add(TrainingObjective.Differentiate(single, x.shape[0] == 1 ? x : x.narrow(0, member, 1), StackNoise.OfStep(single.Seeds, number), clock));
            vae.Networks.Mode.End();
        }

        return ([.. cat(terms, 1).to(ScalarType.Float64).data<double>()], vae.Parameters.Gradients.clone());
    }

    private static float[] Of(HierarchicalVae vae, Tensor flat, int member)
    {
        using var scope = NewDisposeScope();
        return [.. vae.Parameters.Layout.Entries.SelectMany(entry =>
            vae.Parameters.Block(flat, entry).detach()[member].contiguous().data<float>().ToArray())];
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));
}
