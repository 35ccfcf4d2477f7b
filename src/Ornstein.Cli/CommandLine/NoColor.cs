namespace Ornstein.Cli.CommandLine;

/// <summary><c>NO_COLOR</c> by the convention of no-color.org: it asks for no colours only where it is not empty.</summary>
internal static class NoColor
{
    /// <summary>The variable.</summary>
    public const string Variable = "NO_COLOR";

    /// <summary>Takes an empty one away, before the console is made, which asks only whether there is one.</summary>
    public static void Settle()
    {
        if (Environment.GetEnvironmentVariable(Variable) is "") Environment.SetEnvironmentVariable(Variable, null);
    }
}
