using Ornstein.Cli.Tests.Packaging;

namespace Ornstein.Cli.Tests.Studies.Attempts;

/// <summary>The model of the attempts at a cell, with spin.</summary>
public sealed class AttemptModelTests
{
    [Fact(Explicit = true)]
    public void Model_OfTwoProcesses_HoldsWhatItPromises() =>
        Assert.Contains("model: apart, kept and done hold for 2 processes, 1 deaths, 0 silences and 0 failures", Model(0, "2", "1", "0"), StringComparison.Ordinal);

    /// <summary>The model finds a fault where there is one: a result that is taken for useless, as it was a moment ago, and moved aside with the attempts.</summary>
    [Fact(Explicit = true)]
    public void Model_OfPublishingAsItWas_FindsTheFault() =>
        Assert.Contains("does not hold with 2 processes", Model(1, "2", "1", "1", "-DTRUSTING"), StringComparison.Ordinal);

    /// <summary>A result that was moved aside, since it came between the look and the move, was replaced by one that may be of no use.</summary>
    [Fact(Explicit = true)]
    public void Model_OfReplacingAsItWas_FindsTheFault() =>
        Assert.Contains("does not hold with 2 processes", Model(1, "2", "0", "1", "1", "-DREPLACING"), StringComparison.Ordinal);

    /// <summary>Numbers that began at 1 again on a retry gave a process of before the folder of the retry.</summary>
    [Fact(Explicit = true)]
    public void Model_OfNumbersAsTheyWere_FindsTheFault() =>
        Assert.Contains("does not hold with 2 processes", Model(1, "2", "0", "1", "1", "-DRESTARTING"), StringComparison.Ordinal);

    private static string Model(int expected, params string[] arguments)
    {
        var (code, output) = DotNet.Run(Path.Combine(DotNet.Repository, "build", "model"), DotNet.Repository, arguments);
        Assert.SkipWhen(code == 2, output);
        Assert.True(code == expected, output);
        return output;
    }
}
