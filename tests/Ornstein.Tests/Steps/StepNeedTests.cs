using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;

namespace Ornstein.Tests.Steps;

public class StepNeedTests
{
    private const int Batch = 16;

    private static HierarchicalVae Stack(int samples) => new(
        TinyStack.Model, [new Member(0.5, 0) { Remedy = new Remedy { Importance = new ImportanceObjective { Samples = samples } } }, new Member(1, 1)], new SmoothingOptions());

    /// <summary>Beyond the thousand that are planned too.</summary>
    [Theory]
    [InlineData(900, 300)]
    [InlineData(2_000_000_000, 300)]
    [InlineData(2_000_000_000, 5000)]
    public void Require_MoreSamplesThanFit_NamesTheNumberThatFits(int samples, int fitting)
    {
        using var vae = Stack(fitting);
        var bytes = new StepNeed(vae, new MemberPrograms(vae, Batch, new StepScalars(vae)).All, threads: 2).Bytes;
        StepNeed.Require(vae, Batch, 2, bytes * 1.0001);
        using var more = Stack(samples);
        var error = Assert.Throws<OrnsteinException>(() => StepNeed.Require(more, Batch, 2, bytes * 1.0001));
        Assert.StartsWith($"iwae:{samples}: a step of batches of 16 takes ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"about {fitting} samples fit: give fewer samples, or smaller batches.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_NotEvenOneSampleFits_DoesNotAdviseFewer()
    {
        using var vae = Stack(5);
        Assert.EndsWith(
            "give smaller batches, fewer inner draws or fewer threads.", Assert.Throws<OrnsteinException>(() => StepNeed.Require(vae, Batch, 2, 100)).Message, StringComparison.Ordinal);
    }
}
