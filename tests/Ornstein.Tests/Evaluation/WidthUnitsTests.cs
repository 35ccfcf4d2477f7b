using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Information;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Evaluation;

public class WidthUnitsTests
{
    /// <summary>A mean of variance v and a log width of variance w, of two values each: at the thresholds both tell 0.005 nats, up to their next order.</summary>
    [Fact]
    public void Thresholds_OfMeansAndWidths_AreTheSameNats()
    {
        var options = new EvaluationOptions();
        var (v, w) = (options.ActiveUnitThreshold, options.WidthUnitThreshold);
        var ofMeans = Quadrature.Information([(-Math.Sqrt(v), 1), (Math.Sqrt(v), 1)]);
        var ofWidths = Quadrature.Information([(0, Math.Exp(-Math.Sqrt(w))), (0, Math.Exp(Math.Sqrt(w)))]);
        Assert.Equal(0.005, ofMeans, v * v);
        Assert.Equal(0.005, ofWidths, 4 * w * w);
    }

    /// <summary>
    /// z1 = e exp-like widths of x and no mean; z2 the same of z1's noise alone. Burda's count sees neither, the width's sees the first: what a
    /// width has from the noise below it is no activity.
    /// </summary>
    [Fact]
    public void Members_AUnitWhoseWidthVaries_IsActiveInWidthsAlone()
    {
        var options = new ModelOptions
        {
            Data = 1, Latents = [1, 1], Networks = new Perceptrons { Hidden = [1, 1], HiddenLayers = 1, Activation = Activation.Tanh }, Likelihood = Likelihood.Gaussian,
        };
        using var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        using var guard = no_grad();
        vae.Parameters.Values.detach().zero_();
        LinearGaussian.Set(vae, "q1.hidden1.weight", 1);
        SetRaw(vae, "q1.output.weight", 1);
        LinearGaussian.Set(vae, "q2.hidden1.weight", 1);
        SetRaw(vae, "q2.output.weight", 1);
        using var rows = Reals(4000);
        var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 16 })[0];
        Assert.Equal([0, 0], result.ActiveUnits);
        // log s of softplus(tanh x) varies by about (0.36 / 0.69)^2 = 0.27; z2's width by tanh z1, whose mean given x is zero and whose square is not.
        Assert.InRange(result.UnitWidthVariance![0][0], 0.1, 0.4);
        Assert.Equal((1, 1), (result.WidthActiveUnits![0], result.AliveUnits![0]));
        // Its variance over data is far below that over the draws, which a single pass would show.
        Assert.True(result.UnitWidthVariance[1][0] < 0.01);
    }

    [Fact]
    public void Members_OfALinearModel_HaveNoWidthsThatVary()
    {
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        LinearGaussian.Set(vae, "q1.output.weight", 0.5);
        LinearGaussian.Set(vae, "q2.output.weight", 0.1);
        using var rows = Reals(500);
        var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = 16 })[0];
        Assert.Equal([0, 0], result.WidthActiveUnits!);
        Assert.Equal(result.ActiveUnits, result.AliveUnits!);
        Assert.Equal(0, result.UnitWidthVariance![0][0], 1e-12);
    }

    /// <summary>Sets the half of the output's weights that gives the width, and leaves the mean's at zero.</summary>
    internal static void SetRaw(HierarchicalVae vae, string name, double value)
    {
        var entry = vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == name);
        var block = vae.Parameters.Block(vae.Parameters.Values, entry);
        var columns = block.shape[^1];
        block.narrow(-1, columns / 2, columns / 2).Fill(value);
    }

    private static DataRows Reals(int count)
    {
        using var x = RandomKey.FromSeed(11).Normal(count, 1);
        return DataRows.FromReals(x.data<float>().ToArray(), 1);
    }
}
