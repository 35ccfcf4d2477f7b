using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Objectives;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Objectives;

public class TrainingObjectiveTests
{
    private static readonly TrainingClock _middle = new(5, 10, 20);

    [Fact]
    public void Differentiate_AllowanceNoKlReaches_GivesTheGradientOfTheReconstructionAlone()
    {
        using var tensors = NewDisposeScope();
        foreach (var scope in Enum.GetValues<FreeBitsScope>())
        {
            var (free, weightless) = Pair(new Remedy { FreeBits = new FreeBits { Nats = 1000, Scope = scope } }, new Remedy { Beta = [0] });
            Assert.True(Distance(free, weightless) < 1e-5);
        }
    }

    [Fact]
    public void Differentiate_AllowanceEveryKlExceeds_GivesThePlainGradient()
    {
        using var tensors = NewDisposeScope();
        foreach (var scope in Enum.GetValues<FreeBitsScope>())
        {
            var (free, plain) = Pair(new Remedy { FreeBits = new FreeBits { Nats = 1e-12, Scope = scope } }, Remedy.None);
            Assert.True(Distance(free, plain) < 1e-5);
        }
    }

    // In a single layer a unit's head has no part in other units' KLs: its gradient is clamped or not as its own KL says.
    [Fact]
    public void Differentiate_FreeBitsPerUnit_ClampTheUnitsBelowTheAllowanceAlone()
    {
        using var scope = NewDisposeScope();
        var model = new ModelOptions { Data = TinyStack.Features, Latents = [6], Networks = new Perceptrons { Hidden = [8] } };
        var kl = UnitKl(model);
        var allowance = (kl.Order().ElementAt(2) + kl.Order().ElementAt(3)) / 2;
        Member[] members =
        [
            new Member(1, 3) { Remedy = new Remedy { FreeBits = new FreeBits { Nats = allowance } } },
            new Member(1, 3) { Remedy = new Remedy { Beta = [0] } },
            new Member(1, 3),
        ];
        using var vae = new HierarchicalVae(model, members, new SmoothingOptions());
        TrainingObjective.Differentiate(vae, Data(), Noise(vae), _middle);
        var bias = vae.Parameters.Block(vae.Parameters.Gradients, vae.Networks.Q[0].Network.Entry("output.bias"));
        for (var unit = 0; unit < 6; unit++)
        {
            var expected = kl[unit] < allowance ? 1 : 2;
            foreach (var head in new[] { unit, unit + 6 })
            {
                var (value, reference) = (bias[0, head].item<float>(), bias[expected, head].item<float>());
                Assert.Equal(reference, value, 1e-5 * Math.Max(1e-2, Math.Abs(reference))); // members' sums may be ordered in other ways
            }
        }
    }

    // The definition of the bound, from what evaluation uses: log p(x, z) - log q(z | x) of an unsmoothed model, k times.
    [Fact]
    public void Differentiate_ImportanceObjective_GivesTheGradientOfTheBound()
    {
        using var scope = NewDisposeScope();
        using var vae = Stack(new Remedy { Importance = new ImportanceObjective { Samples = 4 } }, rho: 1);
        var (x, noise) = (Data(), Noise(vae));
        TrainingObjective.Differentiate(vae, x, noise, _middle);
        var gradient = vae.Parameters.Gradients.clone();
        vae.Parameters.Gradients.zero_();
        var logWeights = stack(Enumerable.Range(0, 4).Select(sample =>
        {
            var pass = vae.Infer(x, sample == 0 ? noise : noise.At("sample", sample));
            return -vae.Reconstruction(x, pass) - vae.LogRatio(pass);
        }), 0);
        (-logWeights.logsumexp(0).mean([1L]).sum([])).backward();
        Assert.True(Distance(gradient, vae.Parameters.Gradients) < 1e-5);
    }

    [Fact]
    public void Differentiate_MembersOfOtherRemedies_LeaveAMembersGradientAsItIs()
    {
        using var scope = NewDisposeScope();
        Remedy[] remedies =
        [
            Remedy.None, new Remedy { FreeBits = new FreeBits() }, new Remedy { Importance = new ImportanceObjective { Samples = 2 } },
            new Remedy { Importance = new ImportanceObjective { Samples = 3, Gradient = ImportanceGradient.DoublyReparameterized } },
            new Remedy { CommittedRate = 0.3 },
        ];
        using var together = Perturbed([.. remedies.Select(remedy => new Member(0.6, 3) { Remedy = remedy })]);
        TrainingObjective.Differentiate(together, Data(), Noise(together), _middle);
        for (var i = 0; i < remedies.Length; i++)
        {
            using var alone = Perturbed([new Member(0.6, 3) { Remedy = remedies[i] }]);
            TrainingObjective.Differentiate(alone, Data(), Noise(alone), _middle);
            Assert.True(Distance(Of(together, i), Of(alone, 0)) < 1e-5, $"member {i}");
        }
    }

    // Tucker et al. 2019: for q's parameters equal in expectation and smaller in variance; for p's the same gradient. With p smoothed in the
    // coordinates of q's Gaussians too, which is where q's parameters enter p.
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Differentiate_DoublyReparameterized_IsEqualInExpectationAndSmallerInVariance(double rho)
    {
        const int Draws = 150;
        using var scope = NewDisposeScope();
        Member[] members =
        [
            new Member(rho, 3) { Remedy = new Remedy { Importance = new ImportanceObjective { Samples = 5 } } },
            new Member(rho, 3) { Remedy = new Remedy { Importance = new ImportanceObjective { Samples = 5, Gradient = ImportanceGradient.DoublyReparameterized } } },
        ];
        using var vae = Perturbed(members);
        var x = Data();
        var (differences, squares, variances) = (Of(vae, 0).Times(0.0), Of(vae, 0).Times(0.0), new double[2]);
        var (sums, sumsOfSquares) = (new[] { Of(vae, 0).Times(0.0), Of(vae, 0).Times(0.0) }, new double[2]);
        var isQ = QMask(vae);
        for (var draw = 0; draw < Draws; draw++)
        {
            using var step = NewDisposeScope();
            vae.Parameters.Gradients.zero_();
            TrainingObjective.Differentiate(vae, x, StackNoise.Shared(RandomKey.FromSeed(7).At(draw)), _middle);
            Tensor[] gradients = [Of(vae, 0), Of(vae, 1)];
            var difference = gradients[1] - gradients[0];
            Assert.True(((difference * ~isQ).norm() / gradients[0].norm()).item<double>() < 1e-5);
            differences.Add(difference);
            squares.Add(difference.Squared());
            for (var i = 0; i < 2; i++)
            {
                sums[i].Add(gradients[i]);
                sumsOfSquares[i] += (gradients[i] * isQ).Squared().sum([]).item<double>();
            }
        }

        for (var i = 0; i < 2; i++) variances[i] = (sumsOfSquares[i] / Draws) - (sums[i].Over(Draws) * isQ).Squared().sum([]).item<double>();
        Assert.True(variances[1] < 0.8 * variances[0], $"{variances[1]} against {variances[0]}");

        // Of some 300 parameters the mean square of z is 1 with a deviation below 1 (they are far from independent), and no z passes 6.
        var mean = differences.Over(Draws);
        var error = (squares.Over(Draws) - mean.Squared()).Over(Draws - 1).sqrt();
        var z = (mean / error).masked_select(isQ & error.IsAbove(0));
        Assert.InRange(z.Squared().mean([]).item<double>(), 0, 4);
        Assert.InRange(z.abs().max().item<double>(), 0, 6);
    }

    private static (Tensor First, Tensor Second) Pair(Remedy first, Remedy second)
    {
        using var vae = Perturbed([new Member(0.6, 3) { Remedy = first }, new Member(0.6, 3) { Remedy = second }]);
        TrainingObjective.Differentiate(vae, Data(), Noise(vae), _middle);
        return (Of(vae, 0), Of(vae, 1));
    }

    private static double[] UnitKl(ModelOptions model)
    {
        using var scope = NewDisposeScope();
        using var vae = new HierarchicalVae(model, [new Member(1, 3)], new SmoothingOptions());
        var pass = vae.Infer(Data(), Noise(vae));
        return [.. vae.UnsmoothedKlPerUnit(pass)[0].mean([1L]).flatten().data<float>().Select(value => (double)value)];
    }

    private static HierarchicalVae Stack(Remedy remedy, double rho) => Perturbed([new Member(rho, 3) { Remedy = remedy }]);

    // Away from the first weights, where biases are zero; the same in every member.
    private static HierarchicalVae Perturbed(Member[] members)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var vae = new HierarchicalVae(
            TinyStack.Model.With(p => p with { Activation = Activation.Tanh }), members, new SmoothingOptions { Draws = 3 });
        foreach (var entry in vae.Parameters.Layout.Entries)
        {
            var noise = RandomKey.FromSeed(9).At(entry.Name).Normal(entry.ShapeOfOne());
            vae.Parameters.Block(vae.Parameters.Values, entry).Add(noise.Times(0.2));
        }

        return vae;
    }

    private static Tensor Data() => RandomKey.FromSeed(1).Uniform(1, 10, TinyStack.Features);

    private static StackNoise Noise(HierarchicalVae vae) => StackNoise.OfStep(vae.Seeds, 6);

    // A member's gradient, every parameter in turn.
    private static Tensor Of(HierarchicalVae vae, int member) => cat([.. vae.Parameters.Layout.Entries.Select(entry =>
        vae.Parameters.Block(vae.Parameters.Gradients, entry).detach()[member].flatten().to(ScalarType.Float64))]);

    private static Tensor QMask(HierarchicalVae vae) => cat([.. vae.Parameters.Layout.Entries.Select(entry =>
        TensorCreation.Filled([entry.Rows * entry.Columns], entry.Name.StartsWith('q') ? 1 : 0, ScalarType.Bool))]);

    private static double Distance(Tensor first, Tensor second) => ((first - second).norm() / second.norm()).to(ScalarType.Float64).item<double>();
}
