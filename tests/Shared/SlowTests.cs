using System.Reflection;
using System.Runtime.CompilerServices;

namespace Ornstein.Shared;

/// <summary>
/// Tests that take long are marked <c>Explicit = true</c>: <c>dotnet test</c> leaves them out unless <c>--explicit on</c> asks for them, as <c>.ci/run</c> does.
/// Both projects have this class.
/// </summary>
public class SlowTests
{
    [Fact]
    public void Explicit_InARun_AreAskedForOrSaidToBeLeftOut()
    {
        if (AreAskedFor(Environment.GetCommandLineArgs())) return;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "the slow tests are left out where CI is true; give --explicit on");
        Assert.Skip($"{Marked()} slow tests are left out; 'dotnet test -c Release --explicit on' runs them too");
    }

    /// <summary>It may not become a way to have tests that nobody runs.</summary>
    [Fact]
    public void Explicit_InCi_AreAskedForInEveryPart()
    {
        Assert.True(Marked() > 0);
        var tests = File.ReadLines(Path.Combine(Repository(), ".ci", "run")).Where(line => line.Contains("dotnet test ", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(tests);
        Assert.All(tests, line => Assert.Contains(" --explicit on ", line, StringComparison.Ordinal));
    }

    // As the Microsoft.Testing.Platform and as xunit's own runner write it.
    private static bool AreAskedFor(string[] arguments)
    {
        var at = Array.FindIndex(arguments, word => word is "--explicit" or "-explicit");
        return at >= 0 && at + 1 < arguments.Length && arguments[at + 1] is "on" or "only";
    }

    // Methods, or lines of data.
    private static int Marked() => Assembly.GetExecutingAssembly().GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.CustomAttributes)
        .Count(attribute => attribute.NamedArguments.Any(argument => argument is { MemberName: "Explicit", TypedValue.Value: true }));

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
