using Ornstein.Batching;
using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Probes;
using Ornstein.Results;
using Ornstein.Stacks;

namespace Ornstein.Tests.Diagnosis;

public class LayerEvaluatorTests
{
    [Fact]
    public void Of_AStack_SaysEverythingOfEveryLayerAndNothingOfAMemberThatIsNotFinite()
    {
        using var stack = new TinyStack([new Member(0.5, 0), new Member(1, 0)]);
        stack.Fill(0, double.NaN);
        var evaluation = new EvaluationOptions { Draws = 2 };
        var results = Evaluator.Members(stack.Vae, stack.Validation, evaluation);
        var options = new LayerEvaluatorOptions { Evaluation = evaluation, NoLabelsReason = "none here" };
        var models = LayerEvaluator.Of(stack.Vae, results, stack.Validation, options);
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
            Assert.Equal(results[1].ActiveUnits[i], models[1].Layers[i].ActiveUnits![0].Units);
        }
    }

    [Fact]
    public void Of_DataWithLabels_ProbesEveryLayer()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        var labels = Enumerable.Range(0, stack.Data.Count).Select(i => i % 3).ToArray();
        var results = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions());
        var models = LayerEvaluator.Of(stack.Vae, results, stack.Validation, new LayerEvaluatorOptions
        {
            Labels = (new LabelledRows(stack.Data, labels), new LabelledRows(stack.Validation, labels[..stack.Validation.Count])),
        });
        Assert.All(models[0].Layers, layer => Assert.InRange(layer.Probes!.Linear.Value, 0, 1));
        Assert.Null(models[0].ProbesReason);
    }

    /// <summary>The loader of a folder with labels in one part may give -1 for all others.</summary>
    [Fact]
    public void Of_LabelsThatAreNone_LeavesTheProbesOutAndGivesTheRest()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        var labels = new LabelledRows(stack.Data, [.. Enumerable.Range(0, stack.Data.Count).Select(i => i % 3)]);
        var none = new LabelledRows(stack.Validation, [.. Enumerable.Repeat(-1, stack.Validation.Count)]);
        var model = Of(stack, stack.Validation, new LayerEvaluatorOptions { Labels = (labels, none) });
        Assert.Equal("a test datum has the label -1, and classes are numbered from 0", model.ProbesReason);
        Assert.All(model.Layers, layer => Assert.Null(layer.Probes));
        Assert.All(model.Layers, layer => Assert.NotNull(layer.Information));
        Assert.Contains("two classes", Of(stack, stack.Validation, new LayerEvaluatorOptions
        {
            Labels = (labels with { Labels = new int[stack.Data.Count] }, none with { Labels = new int[stack.Validation.Count] }),
        }).ProbesReason);
    }

    [Fact]
    public void Of_ASingleDatum_LeavesOutWhatNeedsTwoAndGivesTheRest()
    {
        using var stack = new TinyStack([new Member(0.5, 0)]);
        using var one = TinyStack.Images(1, Binarization.Static);
        var labels = new LabelledRows(stack.Data, [.. Enumerable.Range(0, stack.Data.Count).Select(i => i % 3)]);
        var model = Of(stack, one, new LayerEvaluatorOptions { Labels = (labels, new LabelledRows(one, [1])) });
        Assert.Equal("cannot say: it takes at least 2 data, and there is 1", model.InformationReason);
        Assert.All(model.Layers, layer => Assert.Equal((null, null, null), (layer.Information, layer.ActiveUnits, layer.Verdict)));
        Assert.All(model.Layers, layer => Assert.True(double.IsFinite(layer.Kl.Value) && double.IsNaN(layer.Kl.StandardError)));
        Assert.All(model.Layers, layer => Assert.True(double.IsFinite(layer.ElboFrom.Value) && double.IsNaN(layer.ElboFrom.StandardError)));
        Assert.All(model.Layers, layer => Assert.True(double.IsNaN(layer.Probes!.Linear.StandardError)));
        var result = Evaluator.Members(stack.Vae, one, new EvaluationOptions())[0];
        Assert.True(double.IsFinite(result.Elbo));
        Assert.All(result.UnitVariance!, layer => Assert.All(layer, variance => Assert.True(double.IsNaN(variance))));
    }

    [Fact]
    public void Of_DataThatAreAllTheSame_SaysWhyNothingCanBeToldOfThem()
    {
        using var stack = new TinyStack([new Member(0.5, 0)]);
        using var same = Same(30);
        var labels = new int[30];
        labels[3] = 1;
        const string Reason = "cannot say: the data are all the same, so no layer can tell about them";
        var model = Of(stack, same, new LayerEvaluatorOptions { Labels = (new LabelledRows(stack.Data, [.. labels, .. labels, 0, 0, 0, 0]), new LabelledRows(same, labels)) });
        Assert.Equal((Reason, Reason), (model.InformationReason, model.ProbesReason));
        Assert.All(model.Layers, layer => Assert.Equal((null, null, null, null), (layer.Information, layer.Probes, layer.ActiveUnits, layer.Verdict)));
        Assert.All(model.Layers, layer => Assert.True(double.IsFinite(layer.Kl.Value)));
        // Training data alone: of the test data there is something to tell.
        model = Of(stack, stack.Validation, new LayerEvaluatorOptions { Labels = (new LabelledRows(same, labels), new LabelledRows(stack.Validation, labels[..20])) });
        Assert.Equal((null, Reason), (model.InformationReason, model.ProbesReason));
        // Draws from equal images differ; whoever knows the images says so.
        model = Of(stack, stack.Validation, new LayerEvaluatorOptions { NoVarianceReason = "cannot say: one image" });
        Assert.Equal("cannot say: one image", model.InformationReason);
        Assert.All(model.Layers, layer => Assert.Null(layer.Information));
    }

    private static ModelEvaluation Of(TinyStack stack, DataRows rows, LayerEvaluatorOptions options) => Assert.Single(
        LayerEvaluator.Of(stack.Vae, Evaluator.Members(stack.Vae, rows, options.Evaluation), rows, options));

    internal static DataRows Same(int count) => DataRows.FromReals(
        [.. Enumerable.Range(0, count).SelectMany(_ => Enumerable.Range(0, TinyStack.Features).Select(i => i % 2f))], TinyStack.Features);
}
