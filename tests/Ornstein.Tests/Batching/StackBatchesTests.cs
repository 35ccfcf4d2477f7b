using Ornstein.Batching;
using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Batching;

public class StackBatchesTests
{
    [Fact]
    public void Of_OneEpoch_GivesEveryRowAtMostOnceAndAllThatFit()
    {
        using var rows = Numbered(50);
        using var seeds = new StackSeeds([new Member(1, 3)]);
        var batches = new StackBatches(rows, seeds, 8);
        Assert.Equal(6, batches.StepsPerEpoch);
        var seen = Enumerable.Range(1, 6).SelectMany(step => Values(batches.Of(step))).ToArray();
        Assert.Equal(48, seen.Distinct().Count());
        Assert.NotEqual(seen, Enumerable.Range(7, 6).SelectMany(step => Values(batches.Of(step))));
    }

    [Fact]
    public void Of_AnyStep_IsAFunctionOfSeedAndStepAlone()
    {
        using var rows = Numbered(50);
        using var seeds = new StackSeeds([new Member(0, 3), new Member(1, 4), new Member(0.5, 3)]);
        using var alone = new StackSeeds([new Member(1, 4)]);
        var batches = new StackBatches(rows, seeds, 8);
        var other = new StackBatches(rows, alone, 8);
        var late = Values(batches.Of(20));
        Assert.Equal(Values(batches.Of(2)), Values(batches.Of(2)));
        Assert.Equal(late, Values(batches.Of(20)));
        Assert.Equal(late[..8], late[16..]); // members of one seed see the same rows
        Assert.NotEqual(late[..8], late[8..16]);
        Assert.Equal(late[8..16], Values(other.Of(20)));
    }

    [Fact]
    public void Gather_DynamicBinarization_DrawsPixelsWithTheirIntensityAsProbability()
    {
        using var scope = NewDisposeScope();
        const int Count = 40_000;
        using var rows = DataRows.FromPixels([.. Enumerable.Repeat((byte)51, Count)], 1, Binarization.Dynamic, training: true);
        float[] Drawn(long seed)
        {
            var target = new float[Count];
            rows.Gather([.. Enumerable.Range(0, Count)], first: 0, Ornstein.Randomness.RandomKey.FromSeed(seed), target);
            return target;
        }

        var values = Drawn(1);
        Assert.All(values, value => Assert.True(value is 0 or 1));
        Assert.InRange(values.Average(), 0.2 - (6 * Math.Sqrt(0.16 / Count)), 0.2 + (6 * Math.Sqrt(0.16 / Count)));
        Assert.NotEqual(values, Drawn(2));
    }

    [Theory]
    [InlineData(Binarization.Static, true)]
    [InlineData(Binarization.Static, false)]
    [InlineData(Binarization.Dynamic, false)]
    public void FromPixels_DrawnOnce_IsBinaryAndAlwaysTheSame(Binarization binarization, bool training)
    {
        byte[] pixels = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i % 256))];
        using var first = DataRows.FromPixels(pixels, 1, binarization, training);
        using var second = DataRows.FromPixels(pixels, 1, binarization, training);
        var values = Values(first.Slice(0, 5000));
        Assert.Equal(values, Values(second.Slice(0, 5000)));
        Assert.All(values, value => Assert.True(value is 0 or 1));
        var expected = pixels.Average(pixel => pixel / 255.0);
        var error = Math.Sqrt(pixels.Average(pixel => pixel / 255.0 * (1 - (pixel / 255.0))) / pixels.Length);
        Assert.InRange(values.Average(), expected - (6 * error), expected + (6 * error));
    }

    [Fact]
    public void FromPixels_Threshold_IsOneFromOneHalf()
    {
        using var rows = DataRows.FromPixels([0, 127, 128, 255], 4, Binarization.Threshold, training: true);
        Assert.Equal([0, 0, 1, 1], Values(rows.Slice(0, 1)));
    }

    [Fact]
    public void FromPixels_None_KeepsIntensities()
    {
        using var rows = DataRows.FromPixels([0, 51, 255, 102], 2, Binarization.None, training: true);
        Assert.Equal([0, 0.2f, 1, 0.4f], Values(rows.Slice(0, 2)).Select(value => MathF.Round(value, 6)));
    }

    private static DataRows Numbered(int count) => DataRows.FromReals([.. Enumerable.Range(0, count).Select(i => (float)i)], 1);

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
