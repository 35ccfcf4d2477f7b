using CsCheck;
using Ornstein.Smoothing;
using Ornstein.Theory;

namespace Ornstein.Tests.Theory;

public class LinearTheoryTests
{
    private static readonly Gen<(int Layers, double Ratio, double Rho, bool SmoothsQ)> _anyModel =
        Gen.Select(Gen.Int[2, 5], Gen.Double[-1, 7].Select(Math.Exp), Gen.Double[0.05, 1], Gen.Bool);

    [Fact]
    public void Optimum_OfAnyModel_IsTheLossOfItsRawParameters() => _anyModel.Sample(model =>
    {
        var optimum = Solve(model);
        var raw = Raw(model);
        Assert.Equal(raw.Objective(raw.Parameters(optimum.Kappa)), optimum.Objective, 1e-9);
    });

    [Fact]
    public void Optimum_OfAnyModel_IsStationaryInEveryRawParameter() => _anyModel.Sample(model =>
    {
        var optimum = Solve(model);
        var raw = Raw(model);
        var parameters = raw.Parameters(optimum.Kappa);
        for (var i = 0; i < parameters.Length; i++)
        {
            const double Step = 1e-5;
            double Shifted(double by)
            {
                double[] moved = [.. parameters];
                moved[i] += by;
                return raw.Objective(moved);
            }

            var (low, high) = (Shifted(-Step), Shifted(Step));
            // Loss scales of hundreds times the step squared leave 1e-5 or so.
            Assert.Equal(0, (high - low) / (2 * Step), 1e-4 * (1 + Math.Abs((high + low - (2 * Shifted(0))) / (Step * Step))));
        }
    });

    [Fact]
    public void Optimum_AgainstRandomKappas_IsLowest() =>
        Gen.Select(_anyModel, Gen.Double[-8, 8].Array[5].Array[50]).Sample((model, tries) =>
        {
            var optimum = Solve(model);
            var raw = Raw(model);
            foreach (var logs in tries)
            {
                double[] kappa = [.. logs.Take(model.Layers).Select(Math.Exp)];
                Assert.True(raw.Objective(raw.Parameters(kappa)) >= optimum.Objective - 1e-12);
            }
        });

    [Fact]
    public void Optimum_AgainstDescentFromRandomStarts_IsLowest() =>
        Gen.Select(_anyModel, Gen.Double[-6, 6].Array[5]).Sample((model, start) =>
        {
            var optimum = Solve(model);
            var raw = Raw(model);
            double[] logs = [.. start.Take(model.Layers)];
            double Loss() => raw.Objective(raw.Parameters([.. logs.Select(Math.Exp)]));
            for (var step = 2.0; step > 1e-3; step /= 2)
            {
                for (var i = 0; i < 10 * logs.Length; i++)
                {
                    var (at, before) = (logs[i % logs.Length], Loss());
                    foreach (var move in new[] { at + step, at - step })
                    {
                        logs[i % logs.Length] = move;
                        if (Loss() < before) break;
                        logs[i % logs.Length] = at;
                    }
                }
            }

            Assert.True(Loss() >= optimum.Objective - 1e-12);
        });

    [Fact]
    public void Optimum_OfAnyModel_HasTheCascade() => _anyModel.Sample(model =>
    {
        var optimum = Solve(model);
        var square = model.Rho * model.Rho;
        for (var layer = 1; layer < model.Layers; layer++)
        {
            var kappa = optimum.Kappa[layer - 1];
            // s_i with p alone smoothed; with q as well the noise that q passes on is rho^2 of its own.
            var signal = model.SmoothsQ
                ? Math.Sqrt(kappa * kappa / ((1 + kappa) * (kappa + square)))
                : optimum.SignalShare(layer);
            if (Math.Abs(signal - model.Rho) < 1e-6) continue;
            Assert.Equal(signal > model.Rho, optimum.Kappa[layer] > 0);
        }
    }, iter: 1000);

    [Fact]
    public void Optimum_WithRhosPerLink_CanBreakTheCascade()
    {
        // s_1 = 0.875 at most while layer 2 is collapsed, below rho_1 = 0.9; strong smoothing above makes an active pair cheaper.
        var three = new LinearSmoothing { Layers = 3 };
        var optimum = LinearTheory.Optimum(8, [0.9, 0.02], three);
        Assert.Equal(3, optimum.ActiveLayers);
        Assert.Equal(1, LinearTheory.Optimum(8, 0.9, three).ActiveLayers);
        var raw = new RawLinearModel(8, [0.9, 0.02], smoothsQ: false);
        Assert.True(raw.Objective(raw.Parameters(optimum.Kappa)) < 0.5 * (1 + Math.Log(8)) - 0.01);
    }

    [Theory]
    [InlineData(0.4, 0.0989)]
    [InlineData(0.5, 0.0679)]
    [InlineData(0.55, 0.0261)]
    [InlineData(0.56, 0.0128)]
    [InlineData(0.57, 0)]
    public void Optimum_ThreeLayersAtTwenty_HasTheKlThatTrainingFound(double rho, double expected) =>
        Assert.Equal(expected, LinearTheory.Optimum(20, rho, new LinearSmoothing { Layers = 3 }).TopKl, 2e-4);

    [Fact]
    public void Optimum_AtRhoOne_IsTheOneLayerModel() => Gen.Select(Gen.Double[0, 100], Gen.Int[2, 6]).Sample((ratio, layers) =>
    {
        var optimum = LinearTheory.Optimum(ratio, 1, new LinearSmoothing { Layers = layers });
        Assert.Equal(ratio > 1 ? 1 : 0, optimum.ActiveLayers);
        Assert.Equal(ratio > 1 ? 0.5 * Math.Log(ratio) : 0, optimum.Kl[0], 1e-12);
    });

    [Fact]
    public void Optimum_TowardsRhoZero_CostsHalfLnTwoWhateverTheData()
    {
        // Almost free information: the smoothed p reads q's mean, which is a function of z1 itself.
        foreach (var ratio in new[] { 0.75, 2, 20, 1000 })
        {
            var optimum = LinearTheory.Optimum(ratio, 1e-5, new LinearSmoothing());
            Assert.Equal(0.5 * Math.Log(2), optimum.Objective, 0.02);
            Assert.InRange(optimum.TopKl, 0, 5e-3);
        }
    }

    [Fact]
    public void Optimum_WithInnerDraws_IsTheExactOneAtEffectiveRho() =>
        Gen.Select(Gen.Int[1, 20], Gen.Double[0, 1], Gen.Double[0.5, 50]).Sample((draws, rho, ratio) =>
        {
            var effective = Math.Sqrt((rho * rho) + ((1 - (rho * rho)) / draws));
            var exact = LinearTheory.Optimum(ratio, Math.Min(1, effective), new LinearSmoothing());
            var drawn = LinearTheory.Optimum(ratio, rho, new LinearSmoothing { Draws = draws });
            Assert.Equal(exact.Objective, drawn.Objective, 1e-9);
            if (draws == 1) Assert.Equal(0, drawn.TopKl);
        });

    [Theory]
    [InlineData(1, SmoothingSampler.Iid, 1)]
    [InlineData(8, SmoothingSampler.Iid, 0.125)]
    [InlineData(1, SmoothingSampler.Antithetic, 1)]
    [InlineData(2, SmoothingSampler.Antithetic, 0)]
    [InlineData(3, SmoothingSampler.Antithetic, 1.0 / 9)]
    [InlineData(8, SmoothingSampler.Antithetic, 0)]
    public void InnerNoise_OfASampler_IsTheVarianceOfTheMeanDraw(int draws, SmoothingSampler sampler, double expected) =>
        Assert.Equal(expected, new LinearSmoothing { Draws = draws, Sampler = sampler }.InnerNoise, 1e-15);

    [Fact]
    public void RhoOfEffective_OfEffectiveSquare_GivesRhoBack() => Gen.Select(Gen.Int[2, 20], Gen.Double[0, 1]).Sample((draws, rho) =>
    {
        var smoothing = new LinearSmoothing { Draws = draws };
        Assert.Equal(rho, smoothing.RhoOfEffective(Math.Sqrt(smoothing.EffectiveSquare(rho)) + 1e-15)!.Value, 1e-6);
    });

    [Fact]
    public void Optimum_OfBadValues_SaysWhatIsWrong()
    {
        var two = new LinearSmoothing();
        Assert.Contains("[0, 1]", Throws(() => LinearTheory.Optimum(2, 1.5, two)));
        Assert.Contains("[0, 1]", Throws(() => LinearTheory.Optimum(2, double.NaN, two)));
        Assert.Contains("from 0", Throws(() => LinearTheory.Optimum(double.NaN, 0.5, two)));
        Assert.Contains("depth is 1", Throws(() => LinearTheory.Optimum(2, 0.5, two with { Layers = 1 })));
        Assert.Contains("draws is 0", Throws(() => LinearTheory.Optimum(2, 0.5, two with { Draws = 0 })));
        Assert.Contains("one per link", Throws(() => LinearTheory.Optimum(2, [0.5, 0.5], two)));
        Assert.Contains("layer is 1", Throws(() => LinearTheory.Onset(1, 0.5)));
    }

    private static string Throws(Func<object> action) => Assert.Throws<OrnsteinException>(action).Message;

    private static LinearOptimum Solve((int Layers, double Ratio, double Rho, bool SmoothsQ) model) =>
        LinearTheory.Optimum(model.Ratio, model.Rho, new LinearSmoothing { Layers = model.Layers, SmoothsQ = model.SmoothsQ });

    private static RawLinearModel Raw((int Layers, double Ratio, double Rho, bool SmoothsQ) model) =>
        new(model.Ratio, [.. Enumerable.Repeat(model.Rho, model.Layers - 1)], model.SmoothsQ);
}
