using Ornstein.Batching;
using Ornstein.Information;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Information;

public class MutualInformationTests
{
    private const int Count = 1000, Draws = 64;

    private static readonly double _variance = Math.Pow(Math.Log(2) + 1e-4, 2); // of q's Gaussians in a new linear model

    [Theory]
    [InlineData(0.8, 0.7)]
    [InlineData(1.5, 0.4)]
    [InlineData(0.3, 2)]
    public void Of_ALinearModel_BracketsTheClosedForm(double a, double b)
    {
        using var vae = Chain(a, b);
        using var rows = Reals(Count);
        var bounds = MutualInformation.Of(vae, rows, [0], new InformationOptions { Data = Count, Draws = Draws })[0]!;
        // z1 = a x + s e1 and z2 = b z1 + s e2 with x ~ N(0, 1).
        var one = 0.5 * Math.Log(1 + (a * a / _variance));
        var two = 0.5 * Math.Log(1 + (b * b * a * a / (((b * b) + 1) * _variance)));
        AssertBrackets(bounds[0], one, slack: 0);
        // Draws S of z1 leave a bias of at most chi^2 / 2S in log q(z2 | x): chi^2 = b^2 is the mean-square contingency of z1 and z2 given x.
        AssertBrackets(bounds[1], two, slack: b * b / (2 * Draws));
    }

    /// <summary>I = ln det(Cov z) / 2 - ln det(Cov z given x) / 2 with the weights of a new model of several units.</summary>
    [Fact]
    public void Of_ALinearModelOfSeveralUnits_BracketsTheDeterminants()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var options = new ModelOptions { Data = 3, Latents = [3, 2], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(1, 2), new Member(1, 3)], new SmoothingOptions());
        using var x = RandomKey.FromSeed(12).Normal(Count, 3);
        using var rows = DataRows.FromReals(x.Times(2).data<float>().ToArray(), 3);
        var bounds = MutualInformation.Of(vae, rows, [0, 1], new InformationOptions { Data = Count, Draws = Draws });
        for (var member = 0; member < 2; member++)
        {
            Tensor Weights(string name) => vae.Parameters[vae.Parameters.Layout.Entries.Single(entry => entry.Name == name)][member]
                .to(ScalarType.Float64).transpose(0, 1);
            var (a, b) = (Weights("q1.output.weight"), Weights("q2.output.weight"));
            Tensor Noise(int units) => eye(units, dtype: ScalarType.Float64).Times(_variance);
            double LogDet(Tensor matrix) => linalg.slogdet(matrix).Item2.item<double>();
            var first = mm(a, a.transpose(0, 1)).Times(4).Plus(Noise(3));
            var secondGivenX = mm(b, b.transpose(0, 1)).Times(_variance).Plus(Noise(2));
            var second = mm(mm(b, first), b.transpose(0, 1)).Plus(Noise(2));
            var chi2 = Math.Exp(LogDet(secondGivenX) - LogDet(Noise(2))) - 1; // of z1 and z2 given x: e^(2I) - 1
            AssertBrackets(bounds[member]![0], 0.5 * (LogDet(first) - LogDet(Noise(3))), slack: 3 * 6 / (4 * 0.9 * Count));
            AssertBrackets(bounds[member]![1], 0.5 * (LogDet(second) - LogDet(secondGivenX)), slack: (chi2 / (2 * Draws)) + (2 * 5 / (4 * 0.9 * Count)));
        }
    }

    [Fact]
    public void Of_ACollapsedLayer_IsZeroOnBothSides()
    {
        using var vae = Chain(0.8, 0);
        using var rows = Reals(Count);
        var top = MutualInformation.Of(vae, rows, [0], new InformationOptions())[0]![1];
        Assert.Equal(0, top.Lower.Value, 1e-6);
        Assert.Equal(0, top.UpperLeaveOneOut.Value, 1e-6);
        Assert.InRange(top.UpperGaussian.Value, -0.01, 0.01); // a fitted mean and variance of 900 points: 1 / 900 nats, and sampling noise
    }

    [Fact]
    public void Of_MoreInformationThanDataCanShow_IsCappedBelowAndNotAbove()
    {
        using var vae = Chain(1000, 1);
        using var rows = Reals(100);
        var first = MutualInformation.Of(vae, rows, [0], new InformationOptions())[0]![0];
        var exact = 0.5 * Math.Log(1 + (1e6 / _variance));
        Assert.InRange(first.Lower.Value, Math.Log(100) - 0.2, Math.Log(100));
        Assert.True(first.UpperLeaveOneOut.Value > exact);
        // Moments of 90 Gaussian points: an excess of d (d + 3) / 4n = 1 / 90 nats, and the data's own deviation from N(0, 1).
        Assert.Equal(exact, first.UpperGaussian.Value, 5 * first.UpperGaussian.StandardError);
    }

    [Fact]
    public void Of_AStack_IsThatOfEachMemberAlone()
    {
        using var stack = new TinyStack([new Member(0.5, 0), new Member(1, 1)]);
        stack.Train();
        using var alone = new TinyStack([new Member(1, 1)]);
        alone.Train();
        var options = new InformationOptions { Draws = 4 };
        var both = MutualInformation.Of(stack.Vae, stack.Data, [1], options);
        var one = MutualInformation.Of(alone.Vae, alone.Data, [0], options)[0]!;
        Assert.Null(both[0]);
        foreach (var (expected, actual) in one.Zip(both[1]!)) Assert.Equal(expected.Lower.Value, actual.Lower.Value, 1e-4);
    }

    [Fact]
    public void Of_AMemberThatIsNotFinite_ChangesNoOther()
    {
        using var stack = new TinyStack([new Member(1, 0), new Member(1, 1)]);
        var before = MutualInformation.Of(stack.Vae, stack.Data, [1], new InformationOptions { Draws = 4 })[1]!;
        stack.Fill(0, double.NaN);
        Assert.Equal(before, MutualInformation.Of(stack.Vae, stack.Data, [1], new InformationOptions { Draws = 4 })[1]!);
    }

    [Fact]
    public void Of_OptionsOutOfRange_AreRefused()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        foreach (var options in new[] { new InformationOptions { Data = 1 }, new InformationOptions { Draws = 0 } })
            Assert.Throws<OrnsteinException>(() => MutualInformation.Of(stack.Vae, stack.Data, [0], options));
    }

    private static void AssertBrackets(LayerInformation bounds, double exact, double slack)
    {
        // Each bound is off to its own side; five standard errors for chance.
        Assert.True(bounds.Lower.Value < exact + (5 * bounds.Lower.StandardError), $"{bounds.Lower} of {exact}");
        Assert.True(bounds.UpperLeaveOneOut.Value > exact - (5 * bounds.UpperLeaveOneOut.StandardError), $"{bounds.UpperLeaveOneOut} of {exact}");
        Assert.Equal(exact, bounds.UpperGaussian.Value, slack + (5 * bounds.UpperGaussian.StandardError));
        // The other data's mixture is off by chi^2 / 2N with the mean-square contingency chi^2 = e^(2I) - 1 of two Gaussian numbers.
        var mixture = (Math.Exp(2 * exact) - 1) / (2 * Count);
        Assert.Equal(exact, bounds.Lower.Value, slack + mixture + (5 * bounds.Lower.StandardError));
        Assert.Equal(exact, bounds.UpperLeaveOneOut.Value, slack + mixture + (5 * bounds.UpperLeaveOneOut.StandardError));
    }

    private static HierarchicalVae Chain(double a, double b)
    {
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        LinearGaussian.Set(vae, "q1.output.weight", a);
        LinearGaussian.Set(vae, "q2.output.weight", b);
        return vae;
    }

    private static DataRows Reals(int count)
    {
        using var x = RandomKey.FromSeed(11).Normal(count, 1);
        return DataRows.FromReals(x.data<float>().ToArray(), 1);
    }
}
