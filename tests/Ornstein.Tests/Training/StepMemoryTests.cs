using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Stacks;
using Ornstein.Training;

namespace Ornstein.Tests.Training;

public class StepMemoryTests
{
    private const int Batch = 16;

    private static TinyStack Stack(int samples, double rho = 1) =>
        new([new Member(rho, 0) { Remedy = new Remedy { Importance = new ImportanceObjective { Samples = samples } } }, new Member(rho, 1)]);

    [Fact]
    public void Require_MoreSamplesThanFit_NamesTheNumberThatFits()
    {
        using var stack = Stack(1000);
        var perSample = StepMemory.PerSample(stack.Vae, Batch);
        var error = Assert.Throws<OrnsteinException>(() => StepMemory.Require(stack.Vae, Batch, (perSample * 300) + 1));
        Assert.StartsWith("iwae:1000: a step of batches of 16 takes about ", error.Message, StringComparison.Ordinal);
        Assert.Contains("about 300 samples fit: give fewer samples, or smaller batches.", error.Message, StringComparison.Ordinal);
        using var fits = Stack(300);
        StepMemory.Require(fits.Vae, Batch, (perSample * 300) + 1); // what it says is what it takes
    }

    [Fact]
    public void Require_NotEvenTwoSamplesFit_DoesNotAdviseFewer()
    {
        using var stack = Stack(5);
        Assert.Contains(
            "give smaller batches", Assert.Throws<OrnsteinException>(() => StepMemory.Require(stack.Vae, Batch, 100)).Message, StringComparison.Ordinal);
    }

    /// <summary>Of all members and data, and of the networks that are smoothed as many times as there are inner draws.</summary>
    [Fact]
    public void PerSample_OfTwiceTheBatchAndOfSmoothedNetworks_Grows()
    {
        using var plain = Stack(5);
        using var smoothed = Stack(5, rho: 0.5);
        Assert.Equal(2 * StepMemory.PerSample(plain.Vae, Batch), StepMemory.PerSample(plain.Vae, 2 * Batch), 1e-6);
        Assert.InRange(StepMemory.PerSample(smoothed.Vae, Batch) / StepMemory.PerSample(plain.Vae, Batch), 1.1, smoothed.Vae.Smoothing.Draws);
    }

    [Fact]
    public void Require_OfThisMachinesMemory_TakesAnOrdinaryStep()
    {
        using var stack = Stack(5);
        StepMemory.Require(stack.Vae, Batch);
    }
}
