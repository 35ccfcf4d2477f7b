namespace Ornstein.Cli.Tests;

public class SmokeTests
{
    [Fact]
    public void Test() => Assert.Equal(3, 1 + 2);
}
