using System.CommandLine;
using System.Text.RegularExpressions;
using Ornstein.Cli.Commands;
using Ornstein.Cli.Tests.Packaging;

namespace Ornstein.Cli.Tests.Documents;

/// <summary>What the README and the documents say of the commands.</summary>
public partial class ReadmeTests
{
    [Fact]
    public void Commands_OfTheTable_AreThoseOfTheProgram()
    {
        var table = Read("docs/commands.md").Split("| command | what it does |")[1].Split("\n\n")[0];
        string[] named =
        [
            .. table.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .SelectMany(line => Code().Matches(line.Split('|')[1]))
                .Select(match => string.Join(' ', match.Groups[1].Value.Split(' ').Where(word => word.All(char.IsLower)))),
        ];
        var root = ProgramCommand.Create();
        string[] all = [.. root.Subcommands.SelectMany(child => child.Subcommands.Count == 0
            ? [child.Name]
            : child.Subcommands.Select(grandchild => $"{child.Name} {grandchild.Name}"))];
        Assert.Equal(all.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    public static TheoryData<string> Documents =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(DotNet.Repository, "docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}").Order(StringComparer.Ordinal),
    ];

    /// <summary>Every <c>ornstein COMMAND ... --option</c> in backticks or in a code block.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Options_OfEveryCommandLine_Exist(string document)
    {
        foreach (var match in CommandLine().Matches(Read(document)).Cast<Match>())
        {
            string[] words = match.Groups[1].Value.Split([' ', '`'], StringSplitOptions.RemoveEmptyEntries);
            Command root = ProgramCommand.Create(), at = root;
            foreach (var word in words) at = at.Subcommands.FirstOrDefault(child => child.Name == word) ?? at;
            Assert.True(at != root, $"{document}: '{match.Value}' names no command");
            string[] names = [.. at.Options.Select(option => option.Name), "--help"];
            Assert.All(
                words.Where(word => word.StartsWith("--", StringComparison.Ordinal)),
                word => Assert.True(names.Contains(word, StringComparer.Ordinal), $"{document}: '{match.Value}' has {word}"));
        }
    }

    private static string Read(string document) => File.ReadAllText(Path.Combine(DotNet.Repository, document)).ReplaceLineEndings("\n");

    [GeneratedRegex("`([^`]+)`", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(
        @"(?:^ {4}|`)(?:ornstein|dotnet run -c Release --project src/Ornstein\.Cli --) ([a-z][^`\n]*)", RegexOptions.Multiline, 1000)]
    private static partial Regex CommandLine();
}
