using Ornstein.Priors;

namespace Ornstein.Tests.Priors;

public class PriorNameTests
{
    [Fact]
    public void Named_ATextOfTheLibrary_GivesThePrior()
    {
        Assert.Equal(new StandardNormalPrior(), Prior.Named("standard-normal"));
        Assert.Equal(new MixturePrior(10), Prior.Named("mixture"));
        Assert.Equal(new MixturePrior(3), Prior.Named("mixture:3"));
        Assert.Equal(new VampPrior(7), Prior.Named("vamp:7"));
        Assert.Equal(["mixture:10", "mixture:3", "vamp:50", "standard-normal", "other"], new[] { "mixture", "mixture:03", "vamp", "standard-normal", "other" }.Select(Prior.Canonical));
    }

    [Theory]
    [InlineData("gmm", "there is no prior 'gmm'; there are ")]
    [InlineData("standard-normal:2", "the prior 'standard-normal' has no components to count; write standard-normal.")]
    [InlineData("mixture:two", "the prior 'mixture' has a whole number of components, not 'two'; write mixture:COMPONENTS, such as mixture:10.")]
    [InlineData("mixture:", "the prior 'mixture' has a whole number of components, not ''; ")]
    [InlineData("vamp:0", "the prior 'vamp' has 0 components; it must have 1 to 10,000.")]
    public void Named_AWrongText_SaysWhatWouldBeRight(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<OrnsteinException>(() => Prior.Named(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Register_APriorOfOnesOwn_IsKnownByItsNameOnce()
    {
        Prior.Register(new WidePrior(2));
        Prior.Register(new WidePrior(2));
        Assert.Equal(new WidePrior(2), Prior.Named("wide"));
        Assert.Equal("there is a prior 'wide' already; give another name.", Assert.Throws<OrnsteinException>(() => Prior.Register(new WidePrior(3))).Message);
        Assert.Contains("the deviation of the prior is -1", Assert.Throws<OrnsteinException>(() => Prior.Register(new WidePrior(-1))).Message, StringComparison.Ordinal);
        var kind = new PriorKind("test-mixture", count => new MixturePrior(count)) { Standard = 4 };
        Prior.Register(kind);
        Prior.Register(kind);
        Assert.Equal(new MixturePrior(4), Prior.Named("test-mixture"));
        Assert.Contains("a prior is named 'Two words'", Assert.Throws<OrnsteinException>(() => Prior.Register(kind with { Name = "Two words" })).Message, StringComparison.Ordinal);
        Assert.Throws<OrnsteinException>(() => Prior.Register(new PriorKind("mixture", count => new MixturePrior(count))));
    }
}
