using Ornstein.Models;
using Ornstein.Networks;
using static TorchSharp.torch;

namespace Ornstein.Tests.Diagnosis;

/// <summary>
/// Nonlinear models whose top layer is collapsed: the exact rate at which its fastest code grows under the real objective, against the criterion
/// (docs/theory.md, "The stability of a collapsed layer"). Seeds are counted through and lower networks trained for equally many steps: nothing
/// is chosen by its outcome. The decoder variance is such that lambda is between 0.5 and 0.8.
/// </summary>
public class CollapsedGrowthTests
{
    private const int StepsBefore = 100;   // of z1's networks
    private const double Widest = 0.02;    // of the interval in which the rate must change its sign
    private const double Precision = 3e-3; // of single precision: the asymmetry of the curvature is below it

    /// <summary>
    /// The rate is that of q2's and p1's hidden units, so it is at most lambda / r - 1 and changes its sign below rho(lambda), and not below the rho at
    /// which it would be zero by quadrature over what these hidden units span. A sign does not depend on the metric in which rates are measured
    /// (Sylvester), nor on whether p1 is at its best (Haynsworth: H_pp is positive definite).
    /// </summary>
    [Theory]
    [InlineData(1, Activation.Tanh, 1)]
    [InlineData(1, Activation.Silu, 2)]
    [InlineData(1, Activation.Gelu, 3)]
    [InlineData(1, Activation.Elu, 4)]
    [InlineData(2, Activation.Tanh, 5, Explicit = true)]
    [InlineData(2, Activation.Silu, 6, Explicit = true)]
    [InlineData(2, Activation.Gelu, 7, Explicit = true)]
    [InlineData(2, Activation.Elu, 8, Explicit = true)]
    public void GrowthRate_OfACollapsedLayer_ChangesItsSignWhereTheCriterionSays(int units, Activation activation, long seed)
    {
        using var scope = NewDisposeScope();
        using var lower = new CollapsedModel(units, activation, seed, [1]);
        lower.TrainLower(StepsBefore);
        lower.Collapse(lower);
        var criterion = lower.Criterion();
        var networks = new NetworkCriterion(lower, criterion);
        Assert.InRange(criterion.Largest, 0.2, 0.95); // or the model would be no test
        Assert.InRange(networks.Lambda, 0, criterion.Largest + 1e-3);
        (double Low, double High)[] intervals = // codes in means, and of any form
            [(networks.Critical(true), Math.Sqrt(criterion.Largest)), (networks.Critical(false), Math.Pow(criterion.Largest, 0.25))];
        Assert.All(intervals, interval => Assert.InRange(interval.High - interval.Low, -1e-3, Widest));

        var error = Error(activation);
        double[] Rates(double[] rhos)
        {
            using var inner = NewDisposeScope();
            using var model = new CollapsedModel(units, activation, seed, rhos);
            model.Collapse(lower);
            var curvature = new CollapsedCurvature(model);
            Assert.InRange(curvature.Error, 0, Precision);
            var measured = rhos.Select((_, member) => curvature.Growth(member, member % 2 == 0).Rate).ToArray();
            for (var member = 0; member < rhos.Length; member++) Assert.Equal(networks.Growth(rhos[member], member % 2 == 0), measured[member], error);
            return measured;
        }

        // Where a sign is asked for: the rate changes by 2 / rho or more per rho, so by more than its error.
        var beside = error / 2;
        var rates = Rates([.. intervals.Select(interval => interval.Low - beside), .. intervals.Select(interval => interval.High + beside)]);
        Assert.All(rates[..2], rate => Assert.True(rate > 0, $"below: {rate}"));
        Assert.All(rates[2..], rate => Assert.True(rate < 0, $"above: {rate}"));
    }

    /// <summary>
    /// Gradient descent itself, along the fastest code, in coordinates in which prices are 1: there the second variation is [[I, -K], [-K', I]], with the
    /// largest eigenvalue of K K' one more than the growth rate g with p1 at its best, and the code grows by 1 + eta (sqrt(1 + g) - 1) in a step.
    /// </summary>
    [Theory]
    [InlineData(Activation.Tanh, 1)]
    [InlineData(Activation.Silu, 2)]
    [InlineData(Activation.Gelu, 3)]
    [InlineData(Activation.Elu, 4)]
    public void GradientDescent_FromTheCollapsedState_MovesTheKlAtTheRateOfTheCurvature(Activation activation, long seed)
    {
        const int Steps = 20;
        const double Rate = 0.5;
        using var scope = NewDisposeScope();
        using var lower = new CollapsedModel(1, activation, seed, [1]);
        lower.TrainLower(StepsBefore);
        var (means, any) = (Math.Sqrt(lower.Criterion().Largest), Math.Pow(lower.Criterion().Largest, 0.25));
        using var model = new CollapsedModel(1, activation, seed, [means - 0.03, any - 0.03, means + 0.03, any + 0.03]);
        model.Collapse(lower);
        var curvature = new CollapsedCurvature(model);
        var measured = curvature.Descend(model, member => member % 2 == 0, Steps, Rate);
        for (var member = 0; member < 4; member++)
        {
            var growth = curvature.Growth(member, member % 2 == 0).Rate;
            var expected = 2 * Steps * Math.Log(1 + (Rate * (Math.Sqrt(1 + growth) - 1))); // of KL_2, which is of second order
            Assert.Equal(member < 2, measured[member] > 0);
            // What is left: single precision of gradients, in every step, and powers of the perturbation.
            Assert.Equal(expected, measured[member], 0.1 * Math.Abs(expected));
        }
    }

    // Elu's second derivative jumps, and quadrature converges slowly over what jumps.
    private static double Error(Activation activation) => activation == Activation.Elu ? 1e-2 : Precision;
}
