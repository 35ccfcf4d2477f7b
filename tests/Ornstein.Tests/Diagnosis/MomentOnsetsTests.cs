using Ornstein.Batching;
using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;

namespace Ornstein.Tests.Diagnosis;

public class MomentOnsetsTests
{
    [Fact]
    public void AddTo_AStack_MeasuresEveryLayerBelowTheTopTheSameInAnyStack()
    {
        using var both = new TinyStack([new Member(0.5, 0), new Member(1, 1)]);
        using var one = new TinyStack([new Member(1, 1)]);
        var (stack, alone) = (Measure(both, both.Data), Measure(one, one.Data));
        Assert.All(stack.SelectMany(member => member.Take(2)), layer =>
        {
            Assert.Null(layer.MomentReason);
            Assert.InRange(layer.MomentOnset!.Value.Value, 0, 10);
            Assert.InRange(layer.FirstCode!.WidthShare, 0, 1);
        });
        Assert.All(stack, member => Assert.Equal((null, null), (member[2].MomentOnset, member[2].MomentReason)));
        // Products of a stack are those of its members to single precision.
        for (var i = 0; i < 2; i++) Assert.Equal(alone[0][i].MomentOnset!.Value.Value, stack[1][i].MomentOnset!.Value.Value, 1e-3);
    }

    [Fact]
    public void AddTo_WhatHasNoMoments_SaysWhyAndKeepsTheShares()
    {
        using var stack = new TinyStack([new Member(0.5, 0)]);
        Assert.StartsWith("cannot say: there are 20 data", Measure(stack, stack.Validation)[0][0].MomentReason, StringComparison.Ordinal);
        using var q = new TinyStack([new Member(0.5, 0)], new SmoothingOptions { Networks = SmoothedNetworks.PQ });
        var shares = Measure(q, q.Data)[0][0];
        Assert.Contains("q is smoothed", shares.MomentReason, StringComparison.Ordinal);
        Assert.Null(shares.MomentOnset);
        Assert.True(double.IsFinite(shares.Onset.Value));
        using var linear = new TinyStack([new Member(0.5, 0)], model: TinyStack.Model.With(p => p with { Hidden = [] }));
        Assert.Contains("linear networks", Measure(linear, linear.Data)[0][1].MomentReason, StringComparison.Ordinal);
    }

    private static LayerShares[][] Measure(TinyStack stack, DataRows rows)
    {
        var options = new EvaluationOptions { Draws = 2 };
        return MomentOnsets.AddTo(SignalShares.Of(stack.Vae, rows, options), stack.Vae, rows, options);
    }
}
