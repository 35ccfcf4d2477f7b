using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Tests.Settings;

public class SuggestionsTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_Pair_CountsEdits(string a, string b, int distance) => Assert.Equal(distance, Suggestions.Distance(a, b));

    [Theory]
    [InlineData("--rhos", "--rho")]
    [InlineData("--decoder", "--decoder-variance")]
    [InlineData("--x", null)]
    public void Nearest_Word_IsTheOneMeantOrNone(string word, string? expected) =>
        Assert.Equal(expected, Suggestions.Nearest(word, ["--rho", "--epochs", "--decoder-variance"]));
}
