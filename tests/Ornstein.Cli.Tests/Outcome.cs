namespace Ornstein.Cli.Tests;

/// <summary>What a program left behind.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    public string[] ErrorLines => Error.TrimEnd('\n', '\r').Split('\n');

    /// <summary>Fails with what the program said unless it ended with <paramref name="code"/>.</summary>
    public Outcome Expect(int code)
    {
        Assert.True(Code == code, $"exit code {Code} instead of {code}; standard error:\n{Error}\nstandard output:\n{Output}");
        return this;
    }
}
