using Ornstein.Evaluation;
using Ornstein.Measures;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Measures;

public sealed class MeasureTests : IDisposable
{
    private static readonly EvaluationOptions _options = new() { Draws = 2, BatchSize = 7 };

    private readonly TinyStack _tiny = new([new Member(0.5, 1), new Member(1, 1)]);

    public void Dispose()
    {
        foreach (var key in Measure.Names) Measure.Remove(key);
        _tiny.Dispose();
    }

    /// <summary>Of the layer that reads x alone there is no noise in q's mean: every datum has one number, and the mean over 20 of them is exact.</summary>
    [Fact]
    public void AddTo_AMeasureOfLayers_HasTheMeanOverDataWithItsError()
    {
        Measure.Register(new MeanEnergy());
        var measured = Measured();
        Assert.All(measured, result => Assert.Equal(["meanEnergy"], result.Measures!.Keys));
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var x = _tiny.Validation.Slice(0, _tiny.Validation.Count).unsqueeze(0);
        var energy = _tiny.Vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(9))).Layers[0].Mean.Squared().sum(-1L);
        for (var member = 0; member < 2; member++)
        {
            var own = measured[member].Measures!["meanEnergy"];
            Assert.Equal((3, true, "", false), (own.Values!.Length, own.IsPerLayer, own.Unit, own.IsBestLow));
            var expected = Estimate.OfMean([.. energy[member].data<float>().ToArray().Select(value => (double)value)]);
            // Single precision: 12 features and 4 units leave a relative error of at most some 20 roundings of 6e-8 each.
            Assert.Equal(expected.Value, own.Values[0].Value, 2e-6 * (1 + expected.Value));
            Assert.Equal(expected.StandardError, own.Values[0].StandardError, 2e-5 * (1 + expected.Value));
        }
    }

    [Fact]
    public void AddTo_AMemberThatDiverged_HasNothing()
    {
        Measure.Register(new MeanEnergy());
        _tiny.Fill(0, double.NaN);
        var measured = Measured(divergedAt: [3, null]);
        Assert.Null(measured[0].Measures);
        Assert.All(measured[1].Measures!["meanEnergy"].Values!, value => Assert.True(double.IsFinite(value.Value)));
    }

    [Fact]
    public void AddTo_NoMeasures_LeavesResultsAsTheyAre()
    {
        var results = Evaluator.Members(_tiny.Vae, _tiny.Validation, _options, stop: TestContext.Current.CancellationToken);
        Assert.Equal(results, Measure.AddTo(_tiny.Vae, results, _tiny.Validation, _options, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("measures", System.Text.Json.JsonSerializer.Serialize(results[0], ResultJson.Line), StringComparison.Ordinal);
    }

    /// <summary>Draws are by the key: what a measure says does not depend on which others there are.</summary>
    [Fact]
    public void AddTo_AFurtherMeasure_ChangesNoOther()
    {
        Measure.Register(new MeanEnergy());
        var alone = Measured();
        Measure.Register(new Made { Key = "another", Values = on => on.Means((x, noise) => [noise.Normal("own", x.shape[1], 1).squeeze(-1L)]) });
        Measure.Register(new Made { Key = "aThird", Values = on => on.Means((x, noise) => [noise.Normal("own", x.shape[1], 1).squeeze(-1L)]) });
        var together = Measured();
        Assert.Equal(["aThird", "another", "meanEnergy"], together[0].Measures!.Keys);
        Assert.Equal(alone[0].Measures!["meanEnergy"].Values!, together[0].Measures!["meanEnergy"].Values!);
        Assert.NotEqual(together[0].Measures!["aThird"].Values!, together[0].Measures!["another"].Values!);
        Assert.Equal(together[0].Measures!["another"].Values!, together[1].Measures!["another"].Values!); // common noise
    }

    [Fact]
    public void AddTo_AMeasureThatDoesNotFit_HasItsReasonAndIsNotAsked()
    {
        Measure.Register(new Made { Reason = "it needs two layers", Values = _ => throw new InvalidOperationException("asked") });
        Assert.All(Measured(), result => Assert.Equal((null, "it needs two layers"), (result.Measures!["made"].Values, result.Measures["made"].Reason)));
    }

    [Fact]
    public void AddTo_AMeasureThatFails_IsNamedInOneLine()
    {
        AssertFails("measure 'made' failed: no such thing.", _ => throw new InvalidOperationException("no such thing\nat native code"));
        AssertFails("measure 'made' failed: it gave null in the place of values.", _ => null!);
        AssertFails("measure 'made' failed: it gave values of 1 members, and there are 2.", _ => [[new(1, 0)]]);
        AssertFails("measure 'made' failed: it gave 2 values for member 2; right is one.", _ => [[new(1, 0)], [new(1, 0), new(2, 0)]]);
        AssertFails("measure 'made' failed: it gave 1 values for member 1; right is one per layer, 3.", _ => [[new(1, 0)], [new(1, 0)]], isPerLayer: true);
        AssertFails("measure 'made' failed: it gave a tensor of [1, 7, 12] for a batch; right is [members, rows], here [2, 7].", on => on.Means((x, _) => [x]));
        AssertFails("measure 'made' failed: A task was canceled.", _ => throw new TaskCanceledException()); // by itself
    }

    [Fact]
    public void AddTo_Cancelled_Stops()
    {
        using var stop = new CancellationTokenSource();
        Measure.Register(new Made { Values = on => on.Means((x, _) =>
        {
            stop.Cancel();
            return [x.sum(-1L)];
        }) });
        Assert.ThrowsAny<OperationCanceledException>(() => Measured(stop: stop.Token));
    }

    [Fact]
    public void Register_AKeyThatIsTaken_IsRefusedUntilItIsRemoved()
    {
        Measure.Register(new MeanEnergy());
        Measure.Register(new MeanEnergy()); // the same
        Assert.StartsWith("there is a measure 'meanEnergy' already; ", Refused(new Made { Key = "meanEnergy" }), StringComparison.Ordinal);
        Assert.True(Measure.Remove("meanEnergy"));
        Measure.Register(new Made { Key = "meanEnergy" });
        Assert.IsType<Made>(Measure.Named("meanEnergy"));
        Assert.Contains("there is no measure 'none'; there are meanEnergy.", Assert.Throws<OrnsteinException>(() => Measure.Named("none")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Code")]
    [InlineData("code-norm")]
    [InlineData("1st")]
    [InlineData("")]
    [InlineData("elbo")]
    public void Register_AKeyThatWillNotDo_IsRefused(string key) => Assert.Contains($"the key '{key}'", Refused(new Made { Key = key }), StringComparison.Ordinal);

    [Fact]
    public void Register_WithoutHeadingOrLegend_IsRefused()
    {
        Assert.StartsWith("measure 'made' has the heading ''; right is one line", Refused(new Made { Heading = "" }), StringComparison.Ordinal);
        Assert.StartsWith("measure 'made' has the legend 'two lines'", Refused(new Made { Legend = "two\nlines" }), StringComparison.Ordinal);
    }

    private void AssertFails(string message, Func<MeasuredModels, IReadOnlyList<IReadOnlyList<Estimate>>> values, bool isPerLayer = false)
    {
        Measure.Register(new Made { Values = values, IsPerLayer = isPerLayer });
        Assert.Equal(message, Assert.Throws<OrnsteinException>(() => Measured()).Message);
        Measure.Remove("made");
    }

    private MemberResult[] Measured(IReadOnlyList<long?>? divergedAt = null, CancellationToken? stop = null)
    {
        var results = Evaluator.Members(_tiny.Vae, _tiny.Validation, _options, divergedAt, stop: TestContext.Current.CancellationToken);
        return Measure.AddTo(_tiny.Vae, results, _tiny.Validation, _options, stop ?? TestContext.Current.CancellationToken);
    }

    private static string Refused(IMeasure measure) => Assert.Throws<OrnsteinException>(() => Measure.Register(measure)).Message;

    private sealed record Made : IMeasure
    {
        public string Key { get; init; } = "made";

        public string Heading { get; init; } = "made";

        public string Legend { get; init; } = "made for a test";

        public bool IsPerLayer { get; init; }

        public string? Reason { get; init; }

        public Func<MeasuredModels, IReadOnlyList<IReadOnlyList<Estimate>>> Values { get; init; } = on => [.. on.Stack.Members.Select(_ => (Estimate[])[new(1, 0.5)])];

        public string? Misfit(HierarchicalVae stack) => Reason;

        public IReadOnlyList<IReadOnlyList<Estimate>> Of(MeasuredModels on) => Values(on);
    }
}
