using Ornstein.Cli.Tests.EndToEnd;

namespace Ornstein.Cli.Tests.BadInput;

/// <summary>
/// Mistakes of a user, hundreds of them, as data: each is one line that names what is wrong, an exit code, and leaves nothing behind. They run within this process;
/// <c>EndToEnd</c> has some as processes of their own.
/// </summary>
public class BadInputTests
{
    public static TheoryData<string> Files => [.. BadInputFile.Names];

    [Fact]
    public void Cases_OfAllFiles_AreHundreds() => Assert.InRange(BadInputFile.Names.Sum(name => BadInputFile.Read(name).Cases.Count), 400, 10_000);

    [Theory]
    [MemberData(nameof(Files))]
    public void Run_EveryCase_IsOneLineAndLeavesNothing(string file)
    {
        using var folder = new TemporaryFolder();
        var cases = BadInputFile.Read(file);
        cases.Prepare(folder.Path);
        var before = TinyRun.Snapshot(folder.Path);
        var wrong = new List<string>();
        foreach (var each in cases.Cases)
        {
            var outcome = InProcess.Run(folder.Path, each.Arguments);
            if (WhatIsWrong(each, outcome) is { } what) wrong.Add($"{each.Text}\n  {what}\n  {outcome.Code}: {outcome.Error}{outcome.Output}");
            var after = TinyRun.Snapshot(folder.Path);
            if (!before.SequenceEqual(after)) wrong.Add($"{each.Text}\n  it changed {string.Join(", ", after.Except(before).Concat(before.Except(after)))}");
            before = after;
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static string? WhatIsWrong(BadInputCase each, Outcome outcome)
    {
        var lines = outcome.Error.TrimEnd('\n', '\r').Split('\n');
        return outcome.Code != each.Code || outcome.Code == 0 ? $"exit code {outcome.Code} instead of {each.Code}"
            : outcome.Output.Length > 0 ? "something on standard output"
            : lines.Length != 1 || !lines[0].StartsWith("ornstein: ", StringComparison.Ordinal) ? "not one line on standard error"
            : lines[0].Any(char.IsControl) ? "a control character"
            : lines[0].Contains("Exception", StringComparison.Ordinal) || lines[0].Contains("   at ", StringComparison.Ordinal) || lines[0].Contains("this is a defect", StringComparison.Ordinal) ? "a defect"
            : !lines[0].Contains(each.Piece, StringComparison.Ordinal) ? $"no '{each.Piece}'"
            : null;
    }
}
