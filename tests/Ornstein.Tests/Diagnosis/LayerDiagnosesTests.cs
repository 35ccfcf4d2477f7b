using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Probes;
using Ornstein.Stacks;

namespace Ornstein.Tests.Diagnosis;

public class LayerDiagnosesTests
{
    [Fact]
    public void Of_AStack_SaysEverythingOfEveryLayerAndNothingOfAMemberThatIsNotFinite()
    {
        using var stack = new TinyStack([new Member(0.5, 0), new Member(1, 0)]);
        stack.Fill(0, double.NaN);
        var evaluation = new EvaluationOptions { Draws = 2 };
        var results = Evaluator.Members(stack.Vae, stack.Validation, evaluation);
        var options = new DiagnosesOptions { Evaluation = evaluation, NoLabelsReason = "none here" };
        var models = LayerDiagnoses.Of(stack.Vae, results, stack.Validation, options);
        Assert.Equal("not finite when measured", models[0].Status);
        Assert.Empty(models[0].Layers);
        Assert.True(double.IsNaN(models[0].FromPrior.Value));
        Assert.Equal([(1, 4), (2, 3), (3, 2)], models[1].Layers.Select(layer => (layer.Layer, layer.Units)));
        Assert.All(models[1].Layers, layer => Assert.NotNull(layer.SkipElbo));
        Assert.All(models[1].Layers, layer => Assert.Null(layer.Probes));
        Assert.Equal("none here", models[1].ProbesReason);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(results[1].Kl[i], models[1].Layers[i].Kl.Value);
            Assert.Equal(results[1].ActiveUnits[i], models[1].Layers[i].ActiveUnits[0].Units);
        }
    }

    [Fact]
    public void Of_DataWithLabels_ProbesEveryLayer()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        var labels = Enumerable.Range(0, stack.Data.Count).Select(i => i % 3).ToArray();
        var results = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions());
        var models = LayerDiagnoses.Of(stack.Vae, results, stack.Validation, new DiagnosesOptions
        {
            Labels = (new LabelledRows(stack.Data, labels), new LabelledRows(stack.Validation, labels[..stack.Validation.Count])),
        });
        Assert.All(models[0].Layers, layer => Assert.InRange(layer.Probes!.Linear.Value, 0, 1));
        Assert.Null(models[0].ProbesReason);
    }
}
