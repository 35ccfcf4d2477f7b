using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Information;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tests.Priors;

namespace Ornstein.Tests.Evaluation;

/// <summary>Whoever measures is told how far it is, and measures the same.</summary>
public class MeasurementProgressTests
{
    private sealed class Heard : IProgress<MeasurementProgress>
    {
        public List<MeasurementProgress> All { get; } = [];

        public void Report(MeasurementProgress value) => All.Add(value);

        /// <summary>The parts in their order; of each, shares rise and the last one is all of it.</summary>
        public string[] Parts()
        {
            foreach (var part in All.GroupBy(value => value.Part))
            {
                double[] shares = [.. part.Select(value => value.Share)];
                Assert.Equal(shares.Order(), shares);
                Assert.Equal(1, shares[^1]);
                Assert.True(shares[0] < 1, part.Key);
                Assert.Equal(shares.Distinct(), shares);
            }

            return [.. All.Select(value => value.Part).Distinct()];
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Members_OfAStack_TellEveryShareOfObjectiveAndBounds(bool isFused)
    {
        using var stack = Stack(isFused);
        Assert.Equal(isFused, ImportanceSampler.Knows(stack.Vae));
        var heard = new Heard();
        var options = new EvaluationOptions { Draws = 2, ImportanceDraws = 1000, BatchSize = 8 };
        var results = Evaluator.Members(stack.Vae, stack.Validation, options, progress: heard, stop: TestContext.Current.CancellationToken);
        Assert.Equal(["objective and KLs", "bounds from 1,000 samples"], heard.Parts());
        var silent = Evaluator.Members(stack.Vae, stack.Validation, options, stop: TestContext.Current.CancellationToken);
        Assert.Equal(silent.Select(result => result.Bounds), results.Select(result => result.Bounds));
    }

    // A prior that there is no operation for is measured by tensors.
    private static TinyStack Stack(bool isFused) =>
        new([new Member(0.5, 0), new Member(1, 0)], model: isFused ? null : TinyStack.Model with { Prior = new WidePrior(2) });

    [Fact]
    public void Of_AllThatIsKnownOfLayers_TellsEveryPart()
    {
        using var stack = Stack(isFused: true);
        var labels = Enumerable.Range(0, stack.Data.Count).Select(i => i % 3).ToArray();
        var evaluation = new EvaluationOptions { Draws = 2, BatchSize = 8 };
        var results = Evaluator.Members(stack.Vae, stack.Validation, evaluation, stop: TestContext.Current.CancellationToken);
        var heard = new Heard();
        LayerEvaluator.Of(
            stack.Vae, results, stack.Validation,
            new LayerEvaluatorOptions
            {
                Evaluation = evaluation,
                Labels = (new(stack.Data, labels), new(stack.Validation, labels[..stack.Validation.Count])),
            },
            heard, TestContext.Current.CancellationToken);
        Assert.Equal(["what layers contribute", "information", "label probes"], heard.Parts());
        heard = new Heard();
        MemberInformation.AddTo(
            stack.Vae, results, stack.Validation, new InformationOptions(), new CollapseRule(), stop: TestContext.Current.CancellationToken, progress: heard);
        Assert.Equal(["information"], heard.Parts());
    }
}
