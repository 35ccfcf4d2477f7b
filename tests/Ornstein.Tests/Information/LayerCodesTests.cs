using Ornstein.Batching;
using Ornstein.Information;
using Ornstein.Stacks;

namespace Ornstein.Tests.Information;

/// <summary>What is refused before a layer is measured, and which bound counts.</summary>
public sealed class LayerCodesTests
{
    [Theory]
    [InlineData(1, 1, "information data is 1; it must be at least 2.")]
    [InlineData(2, 0, "information draws is 0; it must be at least 1.")]
    [InlineData(2, 1, null)]
    public void Validate_OfFewDataOrDraws_AllowsTwoAndOne(int data, int draws, string? message)
    {
        var options = new InformationOptions { Data = data, Draws = draws };
        Assert.Equal(message, Record.Exception(options.Validate)?.Message);
    }

    [Fact]
    public void Of_OneDatum_IsRefusedAndTwoAreNot()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        var options = new InformationOptions { Draws = 1 };
        using var one = TinyStack.Images(1, Binarization.Static);
        var error = Assert.Throws<OrnsteinException>(() => MutualInformation.Of(stack.Vae, one, [0], options));
        Assert.Equal("mutual information over 1 data; at least 2 are needed.", error.Message);
        using var two = TinyStack.Images(2, Binarization.Static);
        Assert.NotNull(MutualInformation.Of(stack.Vae, two, [0], options)[0]);
    }

    /// <summary>By their means: single terms of either may be smaller.</summary>
    [Fact]
    public void Upper_OfTwoBounds_IsTheOneWithTheSmallerMean()
    {
        double[] high = [0, 9], low = [3, 4];
        Assert.Same(low, new BoundTerms([], UpperLeaveOneOut: high, UpperGaussian: low).Upper);
        Assert.Same(low, new BoundTerms([], UpperLeaveOneOut: low, UpperGaussian: high).Upper);
    }
}
