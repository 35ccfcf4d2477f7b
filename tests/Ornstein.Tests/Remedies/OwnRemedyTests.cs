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
using Ornstein.Training;
using Ornstein.Tests.Priors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Remedies;

/// <summary>A remedy from outside trains as the library's own do.</summary>
public class OwnRemedyTests
{
    private static readonly TrainingClock _middle = new(5, 10, 20);

    [Fact]
    public void Train_OwnWarmUp_GivesTheBitsOfTheLibrarysWithFusedSteps()
    {
        using var stack = new TinyStack([Member(Remedy.Of(new OwnWarmUp(2))), Member(new Remedy { WarmUp = new KlWarmUp { Epochs = 2 } }), Member(Remedy.None)]);
        Assert.Null(StepSupport.Lacks(stack.Vae));
        stack.Train();
        Assert.Equal(stack.ValuesOf(1), stack.ValuesOf(0));
        Assert.NotEqual(stack.ValuesOf(2), stack.ValuesOf(0));
    }

    public static TheoryData<IRemedy, Remedy> OwnAndLibrarys => new()
    {
        { new OwnAllowance(0.2), new Remedy { FreeBits = new FreeBits { Nats = 0.2 } } },
        { new OwnEncoder(2), new Remedy { Aggressive = new AggressiveEncoder { Updates = 2, Epochs = 100 } } },
        { new OwnSamples(3), new Remedy { Importance = new ImportanceObjective { Samples = 3 } } },
    };

    [Theory]
    [MemberData(nameof(OwnAndLibrarys), DisableDiscoveryEnumeration = true)]
    public void Train_OwnNumbers_GiveTheBitsOfTheLibrarysWithFusedSteps(IRemedy own, Remedy librarys)
    {
        using var stack = new TinyStack([Member(Remedy.Of(own)), Member(librarys), Member(Remedy.None)]);
        Assert.Null(StepSupport.Lacks(stack.Vae));
        stack.Train();
        Assert.Equal(stack.ValuesOf(1), stack.ValuesOf(0));
        Assert.NotEqual(stack.ValuesOf(2), stack.ValuesOf(0));
    }

    /// <summary>The library's trains by operations, so that both differ by the roundings of twelve steps: 1e-4 is what both engines' terms are held to.</summary>
    [Fact]
    public void Train_OwnCommittedRate_GivesTheLibrarysModel()
    {
        using var own = new TinyStack([Member(Remedy.Of(new OwnCommittedRate(0.3))), Member(Remedy.None)]);
        using var librarys = new TinyStack([Member(new Remedy { CommittedRate = 0.3 }), Member(Remedy.None)]);
        Assert.Equal("the remedy 'own-committed-rate'", StepSupport.LacksWhenTrained(own.Vae)); // bounds of the trained model see the limit
        Assert.Null(StepSupport.LacksWhenTrained(librarys.Vae));
        var (first, second) = (Terms([Member(Remedy.Of(new OwnCommittedRate(0.3)))], Step), Terms([Member(new Remedy { CommittedRate = 0.3 })], Step));
        for (var i = 0; i < first.Length; i++) Assert.Equal(first[i], second[i], 1e-4 * Math.Max(1, Math.Abs(first[i])));
        ITrainingStep Step(HierarchicalVae vae, Adam adam, StackBatches batches) => ITrainingStep.For(vae, adam, batches, 3);
    }

    /// <summary>The same sums of the same numbers, at most in another order: 1e-5 is what members of other stacks are held to.</summary>
    [Fact]
    public void Differentiate_OwnFreeBits_GivesTheGradientOfTheLibrarys()
    {
        using var scope = NewDisposeScope();
        foreach (var nats in new[] { 1e-6, 0.2, 1000 })
        {
            using var vae = Perturbed(Remedy.Of(new OwnFreeBits(nats)), new Remedy { FreeBits = new FreeBits { Nats = nats, Scope = FreeBitsScope.Layer } });
            TrainingObjective.Differentiate(vae, Data(), Noise(vae), _middle);
            Assert.True(Distance(Of(vae, 0), Of(vae, 1)) < 1e-5);
        }
    }

    /// <summary>The objective written out with the model's own words, and differentiated.</summary>
    [Fact]
    public void Differentiate_OwnTerms_GiveTheGradientOfTheWholeObjective()
    {
        using var scope = NewDisposeScope();
        var remedy = new Remedy { Beta = [0.5] }.With(new Capacity(0.3), new LatentReconstruction(0.7));
        using var vae = Perturbed(remedy);
        var terms = TrainingObjective.Differentiate(vae, Data(), Noise(vae), _middle);
        var gradient = Of(vae, 0);
        vae.Parameters.Gradients.zero_();
        var pass = vae.Infer(Data(), Noise(vae));
        var kl = vae.SmoothedKl(pass, Noise(vae)).Select(layer => layer.mean([1L])).ToArray();
        var latent = vae.SmoothedGenerative(0, pass, Noise(vae)).LogDensity(pass.Samples[0]).mean([1L]);
        var loss = vae.Reconstruction(Data(), pass).mean([1L]) - latent.Times(0.7);
        foreach (var layer in kl) loss = loss.Plus(layer.Minus(0.3).abs().Times(0.5));
        loss.sum([]).backward();
        Assert.True(Distance(gradient, Of(vae, 0)) < 1e-5);
        // What is reported stays reconstruction and KLs.
        for (var i = 0; i < kl.Length; i++) Assert.Equal(kl[i].item<float>(), terms[i + 1, 0].item<float>(), 1e-5 * Math.Max(1, kl[i].item<float>()));
    }

    /// <summary>
    /// The slope of the objective along its gradient is the square of the gradient's norm. A central difference over a step h errs by h^2 and by the
    /// rounding of float32 over h: h = 1e-2 / norm leaves 1e-4 of the first and 6e-8 * loss / 1e-2 of the second.
    /// </summary>
    [Fact]
    public void Differentiate_ATermOfAllThereIsToRead_IsTheSlopeOfTheObjective()
    {
        using var scope = NewDisposeScope();
        using var vae = Perturbed(Remedy.Of(new ReadsAll()));
        TrainingObjective.Differentiate(vae, Data(), Noise(vae), _middle);
        var gradient = vae.Parameters.Gradients.detach().clone();
        using var plain = Perturbed(Remedy.None);
        TrainingObjective.Differentiate(plain, Data(), Noise(plain), _middle);
        Assert.True(Distance(gradient, plain.Parameters.Gradients) > 0.1); // what is tested is not small beside the rest
        var norm = gradient.norm().item<float>();
        var step = 1e-2 / norm;
        double At(double offset)
        {
            using var moved = Perturbed(Remedy.Of(new ReadsAll()));
            using (no_grad()) moved.Parameters.Values.detach().Add(gradient.Times(offset / norm));
            return Loss(moved);
        }

        Assert.Equal(1, (At(step * norm) - At(-step * norm)) / (2 * step * norm * norm), 1e-2);
    }

    [Fact]
    public void Differentiate_MembersOfOtherRemedies_LeaveAMembersGradientAsItIs()
    {
        using var scope = NewDisposeScope();
        Remedy[] remedies =
        [
            Remedy.None, Remedy.Of(new Capacity(0.3)), Remedy.Of(new LatentReconstruction(0.7)), Remedy.Of(new ReadsAll()), Remedy.Of(new OwnCommittedRate(0.3)),
            new Remedy { CommittedRate = 0.1 }.With(new LatentReconstruction(1)),
            new Remedy { Importance = new ImportanceObjective { Samples = 2 } }.With(new LatentReconstruction(1)),
            new Remedy { Importance = new ImportanceObjective { Samples = 3, Gradient = ImportanceGradient.DoublyReparameterized } },
        ];
        using var together = Perturbed(remedies);
        TrainingObjective.Differentiate(together, Data(), Noise(together), _middle);
        for (var i = 0; i < remedies.Length; i++)
        {
            using var alone = Perturbed(remedies[i]);
            TrainingObjective.Differentiate(alone, Data(), Noise(alone), _middle);
            Assert.True(Distance(Of(together, i), Of(alone, 0)) < 1e-5, $"member {i}");
        }
    }

    [Fact]
    public void Differentiate_OtherCostsOfKlsBesideJointSamples_SaysThatThereAreNone()
    {
        using var scope = NewDisposeScope();
        using var vae = Perturbed(new Remedy { Form = ObjectiveForm.Joint }.With(new Capacity(1)));
        Assert.Equal(
            "the remedy 'capacity' changes what KLs cost, and an objective of joint samples has none; leave one of the two out.",
            Assert.Throws<OrnsteinException>(() => TrainingObjective.Differentiate(vae, Data(), Noise(vae), _middle)).Message);
    }

    // Steps 3 to 7 of 12 are smoothed, though the training begins and ends at rho 1.
    [Fact]
    public void Run_RhoThatDipsInTheMiddle_IsSmoothedByBothSteps()
    {
        Member[] members = [new Member(1, 3) { Remedy = Remedy.Of(new Dip(0.2)) }, new Member(1, 3)];
        var fused = Terms(members, (vae, adam, batches) => new FusedStep(vae, adam, batches, epochs: 3));
        var autograd = Terms(members, (vae, adam, batches) => new AutogradStep(vae, adam, batches, epochs: 3));
        for (var i = 0; i < fused.Length; i++) Assert.Equal(fused[i], autograd[i], 1e-4 * Math.Max(1, Math.Abs(fused[i])));
        Assert.NotEqual(fused[^2], fused[^1]); // reconstructions of the two members
    }

    [Fact]
    public void MoveTo_RhoThatDipsUnseen_IsRefused()
    {
        using var stack = new TinyStack([new Member(1, 3) { Remedy = Remedy.Of(new Dip(0.2, From: 0.50001, Until: 0.50002)) }]);
        var scalars = new StepScalars(stack.Vae);
        scalars.MoveTo(new TrainingClock(50_000, 1, 100_000));
        Assert.StartsWith(
            "a remedy takes the rho of link 1 below 1 for less than a thousandth of the training",
            Assert.Throws<OrnsteinException>(() => scalars.MoveTo(new TrainingClock(50_001, 1, 100_000))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lacks_ARemedyThatDoesNotSayThatItIsFused_TrainsByAutograd()
    {
        Assert.Equal("the remedy 'capacity'", StepSupport.Lacks(Remedy.Of(new OwnWarmUp(1), new Capacity(1))));
        Assert.Null(StepSupport.Lacks(Remedy.Of(new OwnWarmUp(1), new Dip(0.5))));
    }

    [Fact]
    public void Lacks_ARemedyThatSaysThatItIsFusedAndIsNot_LacksItAllTheSame() => Assert.All(
        new IRemedy[] { new SaysFused.Terms(), new SaysFused.Top() },
        remedy => Assert.Equal($"the remedy '{remedy.Name}'", StepSupport.Lacks(remedy)));

    [Theory]
    [InlineData(ModelProperty.LikelihoodPerDatum, "a likelihood that depends on the batch, such as an analytic variance, is at its best for the ELBO, not for the needy remedy")]
    [InlineData(ModelProperty.NetworksPerDatum, "the needy remedy takes data one by one, and batch normalization couples them")]
    [InlineData(ModelProperty.QApartFromP, "the needy remedy takes q apart from p, and a ladder's q contains p")]
    [InlineData(ModelProperty.PlainQ, "the needy remedy is offered with p smoothed only, not q")]
    [InlineData(ModelProperty.StandardPrior, "the needy remedy is a distance from the standard normal prior, and the model has the prior 'wide'")]
    [InlineData(ModelProperty.Markov, "the needy remedy takes links of two layers one by one, and with a ladder or skip connections a layer reads more than the next")]
    public void Validate_AModelThatDoesNotHaveWhatItNeeds_IsRefused(ModelProperty property, string message)
    {
        var needy = Remedy.Of(new Needy(property));
        var model = TinyStack.Model;
        needy.Validate(model, new SmoothingOptions { Networks = SmoothedNetworks.P });
        var other = new ModelOptions
        {
            Data = TinyStack.Features, Inference = InferenceKind.Ladder, Networks = new Perceptrons { NormalizesBatches = true },
            Prior = new WidePrior(2), Likelihood = new GaussianLikelihood(1, GaussianVariance.Analytic),
        };
        Assert.Equal($"{message}; leave it out.", Assert.Throws<OrnsteinException>(() =>
            needy.Validate(other, new SmoothingOptions { Networks = SmoothedNetworks.PQ })).Message);
    }

    [Fact]
    public void Of_OwnSchedulesThatAreShort_AreSaidInTheirWords() => Assert.Equal(
        ["the ramp of 3 members ends at 0.95"],
        ScheduleWarnings.Of(
            [.. new[] { 0.2, 0.3, 0.4 }.Select(rho => new Member(rho, 0) { Remedy = Remedy.Of(new Ramp()) })], 2, new TrainingOptions { Epochs = 1 }, 20));

    private sealed record Ramp : IRemedy
    {
        public string Name => "ramp";

        public IEnumerable<string> Unfinished(RemedyUse use) => [$"the ramp of {use.Members.Count} members ends at {ScheduleEnd.Text(use.Last.Progress)}"];
    }

    private static Member Member(Remedy remedy) => new(0.6, 3) { Remedy = remedy };

    // The objective of one member, by what the step reports and the terms that its remedies add.
    private static double Loss(HierarchicalVae vae)
    {
        using var scope = NewDisposeScope();
        var (x, noise) = (Data(), Noise(vae));
        var pass = new ObjectivePass(vae, x, noise, isCut: false);
        var scalars = new ObjectiveScalars(vae, _middle);
        var costs = new KlCosts(pass, x.shape[1], scalars);
        var own = new RemedyTerms(vae, pass, costs, x, _middle);
        var loss = pass.Reconstruction.mean([1L]).Plus(own.Extra!);
        for (var layer = 0; layer < vae.Options.Layers; layer++) loss = loss.Plus(own.Cost(layer).squeeze(-1));
        return loss.to(ScalarType.Float64).item<double>();
    }

    // Away from the first weights, where biases are zero; the same in every member.
    private static HierarchicalVae Perturbed(params Remedy[] remedies)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var vae = new HierarchicalVae(TinyStack.Model.With(p => p with { Activation = Activation.Tanh }), [.. remedies.Select(Member)], new SmoothingOptions { Draws = 3 });
        foreach (var entry in vae.Parameters.Layout.Entries)
            vae.Parameters.Block(vae.Parameters.Values, entry).Add(RandomKey.FromSeed(9).At(entry.Name).Normal(entry.ShapeOfOne()).Times(0.2));
        return vae;
    }

    private static double[] Terms(Member[] members, Func<HierarchicalVae, Adam, StackBatches, ITrainingStep> create)
    {
        using var stack = new TinyStack(members, new SmoothingOptions { Draws = 3 });
        using var step = create(stack.Vae, stack.Adam, new StackBatches(stack.Data, stack.Vae.Seeds, 16));
        var all = new List<double>();
        for (var number = 1; number <= 12; number++)
        {
            var terms = new double[4 * members.Length];
            step.Run(number, 1e-3, [.. members.Select(_ => true)], terms);
            all.AddRange(terms);
        }

        return [.. all];
    }

    private static Tensor Data() => RandomKey.FromSeed(1).Uniform(1, 10, TinyStack.Features);

    private static StackNoise Noise(HierarchicalVae vae) => StackNoise.OfStep(vae.Seeds, 6);

    private static Tensor Of(HierarchicalVae vae, int member) => cat([.. vae.Parameters.Layout.Entries.Select(entry =>
        vae.Parameters.Block(vae.Parameters.Gradients, entry).detach()[member].flatten().to(ScalarType.Float64))]);

    private static double Distance(Tensor first, Tensor second) => ((first - second).norm() / second.norm()).to(ScalarType.Float64).item<double>();
}
