using Ornstein.Cli.CommandLine;

namespace Ornstein.Cli.Tests.CommandLine;

public class ProgramCultureTests
{
    [Fact]
    public void Set_UserWithDecimalComma_HoldsForThisThreadAndOthers()
    {
        using var culture = new DecimalComma();
        Assert.Equal("\u22121,5", $"{-1.5}");
        ProgramCulture.Set();
        string other = "";
        var thread = new Thread(() => other = $"{-1.5}");
        thread.Start();
        thread.Join();
        Assert.Equal(("-1.5", "-1.5"), ($"{-1.5}", other));
    }
}
