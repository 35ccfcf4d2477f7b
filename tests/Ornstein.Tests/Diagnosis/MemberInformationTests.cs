using System.Text.Json;
using Ornstein.Batching;
using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Information;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Evaluation;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Diagnosis;

public class MemberInformationTests
{
    private static readonly InformationOptions _options = new() { Draws = 16 };

    /// <summary>z1 = a x + s e and z2 = b z1 + s e of a linear model: both closed forms, in means alone.</summary>
    [Fact]
    public void AddTo_ALinearModel_HasTheClosedFormsInMeans()
    {
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(1, 0), new Member(1, 1)], new SmoothingOptions());
        const double A = 0.8, B = 0.7;
        LinearGaussian.Set(vae, "q1.output.weight", A);
        LinearGaussian.Set(vae, "q2.output.weight", B);
        using var x = RandomKey.FromSeed(11).Normal(1000, 1);
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), 1);
        var result = MemberInformation.AddTo(vae, Evaluator.Members(vae, rows, new EvaluationOptions()), rows, _options, new CollapseRule())[1];
        var variance = Math.Pow(Math.Log(2) + 1e-4, 2);
        double[] exact =
        [
            0.5 * Math.Log(1 + (A * A / variance)),
            0.5 * Math.Log(1 + (B * B * A * A / (((B * B) + 1) * variance))),
        ];
        for (var i = 0; i < 2; i++)
        {
            // 1,000 data in the place of q(z): (e^(2I) - 1) / 2N; 16 draws, when halves have told the first order: of the order of (b^2 / S)^2.
            var slack = ((Math.Exp(2 * exact[i]) - 1) / 2000) + (4 * Math.Pow(B * B / 16, 2));
            Assert.Equal(exact[i], result.Information![i].Value, slack + (4.5 * result.Information[i].StandardError));
            Assert.Equal(exact[i], result.UnitInformation![i][0].Value, slack + (4.5 * result.UnitInformation[i][0].StandardError));
            Assert.Equal(0, result.WidthInformation![i].Value, 1e-5);
            Assert.Equal(LayerVerdict.AliveInMeans, result.Verdicts![i]);
        }
    }

    /// <summary>A layer that is alive in its widths, and one whose width follows the noise of the layer below it: a KL that says nothing.</summary>
    [Fact]
    public void AddTo_WidthsOfXAndWidthsOfNoise_AreToldApart()
    {
        var options = new ModelOptions
        {
            Data = 1, Latents = [1, 1], Networks = new Perceptrons { Hidden = [1, 1], HiddenLayers = 1, Activation = Activation.Tanh }, Likelihood = Likelihood.Gaussian,
        };
        using var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        using var guard = no_grad();
        vae.Parameters.Values.detach().zero_();
        using var rows = Wide(1000);
        LinearGaussian.Set(vae, "q1.hidden1.weight", 1);
        WidthUnitsTests.SetRaw(vae, "q1.output.weight", 1);
        var results = Evaluator.Members(vae, rows, new EvaluationOptions());
        var alive = MemberInformation.AddTo(vae, results, rows, _options, new CollapseRule())[0];
        Assert.Equal(LayerVerdict.AliveInWidths, alive.Verdicts![0]);
        Assert.Equal(0, alive.MeanInformation![0].Value, 1e-5);
        Assert.True(alive.WidthInformation![0].Value > 0.05);

        LinearGaussian.Set(vae, "q1.hidden1.weight", 0);
        LinearGaussian.Set(vae, "q2.hidden1.weight", 2);
        WidthUnitsTests.SetRaw(vae, "q2.output.weight", 1.5);
        var noise = MemberInformation.AddTo(vae, Evaluator.Members(vae, rows, new EvaluationOptions()), rows, _options, new CollapseRule())[0];
        Assert.True(noise.Kl[1] >= 0.05);
        Assert.Equal(LayerVerdict.Noise, noise.Verdicts![1]);
    }

    [Theory]
    [InlineData(ModelKind.Chain)]
    [InlineData(ModelKind.Ladder)]
    [InlineData(ModelKind.BothSkips)]
    public void AddTo_EveryKind_HasNumbersOfEveryLayerAndUnit(ModelKind kind)
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        using var vae = kind.Create(TinyStack.Model, [new Member(0.5, 0), new Member(1, 1)], new SmoothingOptions());
        var results = Evaluator.Members(vae, stack.Data, new EvaluationOptions());
        Assert.All(MemberInformation.AddTo(vae, results, stack.Data, _options, new CollapseRule()), member =>
        {
            Assert.Equal(3, member.Verdicts!.Length);
            Assert.Equal(TinyStack.Model.Units, member.UnitInformation!.Select(units => units.Length));
            for (var i = 0; i < 3; i++)
            {
                var (all, means, widths) = (member.Information![i], member.MeanInformation![i], member.WidthInformation![i]);
                Assert.True(double.IsFinite(all.Value) && all.StandardError >= 0 && widths.StandardError >= 0);
                Assert.Equal(all.Value, means.Value + widths.Value, 1e-9);
            }
        });
    }

    [Fact]
    public void AddTo_AMemberThatIsNotFinite_HasNoInformationAndChangesNoOther()
    {
        using var stack = new TinyStack([new Member(1, 0), new Member(1, 1)]);
        MemberResult[] Measure() => MemberInformation.AddTo(
            stack.Vae, Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions()), stack.Validation, _options, new CollapseRule());
        var before = Measure();
        stack.Fill(0, double.NaN);
        var after = Measure();
        Assert.Equal((null, null, null), (after[0].Information, after[0].Verdicts, after[0].InformationReason));
        Assert.Equal(before[1].Information!, after[1].Information!);
    }

    [Fact]
    public void AddTo_DataThatCannotSay_GivesTheReasonInThePlaceOfNumbers()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        using var one = TinyStack.Images(1, Binarization.Static);
        using var same = LayerEvaluatorTests.Same(30);
        foreach (var (rows, reason) in new[]
                 {
                     (one, "cannot say: it takes at least 2 data, and there is 1"),
                     (same, "cannot say: the data are all the same, so no layer can tell about them"),
                 })
        {
            var results = Evaluator.Members(stack.Vae, rows, new EvaluationOptions());
            var member = MemberInformation.AddTo(stack.Vae, results, rows, _options, new CollapseRule())[0];
            Assert.Equal((null, null, reason), (member.Information, member.Verdicts, member.InformationReason));
        }
    }

    [Fact]
    public void Json_OfEarlierResults_OpensWithoutInformation()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        var results = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions());
        var full = MemberInformation.AddTo(stack.Vae, results, stack.Validation, _options, new CollapseRule())[0];
        var json = JsonSerializer.SerializeToNode(full, ResultJson.Indented)!.AsObject();
        var again = json.Deserialize<MemberResult>(ResultJson.Indented)!;
        Assert.Equal(full.Verdicts!, again.Verdicts!);
        Assert.Equal(full.WidthInformation!, again.WidthInformation!);
        foreach (var key in new[]
                 {
                     "information", "meanInformation", "widthInformation", "unitInformation", "unitMeanInformation", "unitWidthInformation",
                     "verdicts", "widthActiveUnits", "aliveUnits", "unitWidthVariance", "informationReason",
                 })
        {
            Assert.True(json.Remove(key), key);
        }

        var old = json.Deserialize<MemberResult>(ResultJson.Indented)!;
        Assert.Equal((null, null, null), (old.Information, old.Verdicts, old.AliveUnits));
    }

    private static DataRows Wide(int count)
    {
        using var x = RandomKey.FromSeed(11).Normal(count, 1).Times(3);
        return DataRows.FromReals(x.data<float>().ToArray(), 1);
    }
}
