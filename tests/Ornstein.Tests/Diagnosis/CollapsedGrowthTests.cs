using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Tests.Diagnosis;

/// <summary>
/// Nonlinear models whose top layer begins collapsed but for a small perturbation, trained by gradient descent on the objective itself: every
/// expectation is a quadrature, so that nothing is left to chance. The top layer's KL must grow below the criterion and shrink above it.
/// </summary>
public class CollapsedGrowthTests
{
    private const double Interval = 0.02; // of rho, on either side of the prediction

    /// <summary>Units of z1, activation, seed; for how many steps z1's networks were trained before, and whether they are trained on beside.</summary>
    [Theory]
    [InlineData(1, Activation.Tanh, 8, 30, false)]
    [InlineData(1, Activation.Silu, 2, 50, false)]
    [InlineData(1, Activation.Gelu, 3, 200, false)]
    [InlineData(1, Activation.Tanh, 4, 200, true)]
    [InlineData(2, Activation.Tanh, 5, 100, false)]
    public void Train_FromTheCollapsedState_GrowsBelowTheCriterionAndNotAbove(
        int units, Activation activation, long seed, int before, bool trainsOn)
    {
        using var scope = NewDisposeScope();
        using var lower = new CollapsedModel(units, activation, seed, [1]);
        lower.TrainLower(before);
        var largest = lower.Criterion().Largest;
        var (means, widths) = (Math.Sqrt(largest), Math.Pow(largest, 0.25));
        Assert.InRange(largest, 0.3, 0.95); // or the model would be no test
        // Codes in means alone (the first two), and of any form.
        double[] rhos = [means - Interval, means + Interval, widths - Interval, widths + Interval];
        using var model = new CollapsedModel(units, activation, seed, rhos);
        model.TakeLower(lower);
        model.Collapse();
        var rates = model.GrowthRates(steps: units == 1 ? 100 : 150, onlyMeans: [true, true, false, false], trainsOn);
        var text = $"lambda {largest}, rates {string.Join(", ", rates)}";
        Assert.True(rates[0] > 0 && rates[1] < 0, $"codes in means: {text}");
        Assert.True(rates[2] > 0 && rates[3] < 0, $"codes of any form: {text}");
    }
}
