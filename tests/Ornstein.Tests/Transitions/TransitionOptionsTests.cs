using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

/// <summary>What is out of range is named, with its range, by whatever takes the options.</summary>
public sealed class TransitionOptionsTests
{
    public static TheoryData<TransitionOptions, string> Wrong => new()
    {
        { new() { CollapseThreshold = 0 }, "collapse threshold is 0; it must be positive." },
        { new() { CollapseThreshold = -1 }, "collapse threshold is -1; it must be positive." },
        { new() { CollapseThreshold = double.NaN }, "collapse threshold is NaN; it must be positive." },
        { new() { UnitThreshold = 0 }, "unit threshold is 0; it must be positive." },
        { new() { UnitThreshold = -1 }, "unit threshold is -1; it must be positive." },
        { new() { UnitThreshold = double.NaN }, "unit threshold is NaN; it must be positive." },
        { new() { Resamples = 99 }, "resamples is 99; it must be at least 100." },
        { new() { RhosPerRound = 0 }, "rhos per round is 0; it must be at least 1." },
        { new() { Resolution = 0 }, "resolution is 0; it must lie in [0.0002, 1)." },
        { new() { Resolution = 0.00019 }, "resolution is 0.00019; it must lie in [0.0002, 1)." },
        { new() { Resolution = 1 }, "resolution is 1; it must lie in [0.0002, 1)." },
        { new() { Resolution = double.NaN }, "resolution is NaN; it must lie in [0.0002, 1)." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_OutOfRange_NamesTheValueAndItsRange(TransitionOptions options, string message) =>
        Assert.Equal(message, Assert.Throws<OrnsteinException>(options.Validate).Message);

    /// <summary>Also the number of resamples, which brackets do not need.</summary>
    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_OutOfRange_IsSaidByAllThatTakesOptions(TransitionOptions options, string message)
    {
        MemberResult[] models = [TransitionLocatorTests.Member(0, 0, 1), TransitionLocatorTests.Member(1, 0, 0)];
        Func<object>[] calls =
        [
            () => TransitionLocator.Locate(models, options), () => TransitionLocator.Locate([models[0] with { Kl = [1] }], options), () => TransitionLocator.Layers(models, options),
            () => RhoRefinement.Brackets(models, options), () => RhoRefinement.Next(models, options),
        ];
        Assert.All(calls, call => Assert.Equal(message, Assert.Throws<OrnsteinException>(() => call()).Message));
    }

    [Fact]
    public void Validate_OnABoundThatBelongsToTheRange_Passes()
    {
        new TransitionOptions().Validate();
        new TransitionOptions { CollapseThreshold = double.Epsilon, UnitThreshold = double.Epsilon, Resamples = 100, RhosPerRound = 1, Resolution = 0.0002 }.Validate();
        new TransitionOptions { Resolution = 0.999 }.Validate();
    }
}
