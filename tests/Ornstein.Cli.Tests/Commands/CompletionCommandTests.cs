using Ornstein.Cli.Tests.EndToEnd;

namespace Ornstein.Cli.Tests.Commands;

/// <summary>What shells make of the scripts of <c>completion</c>: they ask the real program.</summary>
public class CompletionCommandTests
{
    private const string Program = "ornstein() { dotnet \"$DLL\" \"$@\"; }";

    [Theory]
    [InlineData("ornstein pha", "phase")]
    [InlineData("ornstein phase --sampler a", "antithetic")]
    [InlineData("ornstein train --data fash", "fashion-mnist")]
    [InlineData("ornstein preset run burda-1-v", "burda-1-vae")]
    [InlineData("ornstein data ", "--help -? -h get info list")]
    [InlineData("ornstein eval /no-such", "")] // files, which bash completes itself
    public void Bash_LineUpToTheCursor_GivesTheWordsThatCanStandThere(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash");
        string script = $$"""
            {{Program}}
            source <(ornstein completion bash)
            COMP_LINE="{{line}}" COMP_POINT={{line.Length}}
            read -ra COMP_WORDS <<< "$COMP_LINE"
            [ "${COMP_LINE: -1}" = " " ] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _ornstein
            echo "${COMPREPLY[*]}"
            """;
        Assert.Equal(expected, Say("/bin/bash", "-c", script));
    }

    [Theory]
    [InlineData("ornstein pha", "phase")]
    [InlineData("ornstein preset run burda-1-v", "burda-1-vae")]
    [InlineData("cd . && ornstein pha", "phase")]
    public void Fish_LineUpToTheCursor_GivesTheWordsThatCanStandThere(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "needs fish");
        Assert.Equal(expected, Say("/usr/bin/fish", "--no-config", "-c", $"""
            function ornstein; dotnet $DLL $argv; end
            ornstein completion fish | source
            complete -C "{line}"
            """));
    }

    [Fact]
    public void Zsh_Script_IsAFunctionOfItsCompletion()
    {
        Assert.SkipUnless(File.Exists("/bin/zsh") || File.Exists("/usr/bin/zsh"), "needs zsh");
        Assert.Equal("_ornstein", Say("zsh", "-f", "-c", $$"""
            {{Program}}
            autoload -Uz compinit; compinit -u -D
            source <(ornstein completion zsh)
            echo "${_comps[ornstein]}"
            """));
    }

    [Fact]
    public void OtherShell_IsOneLineThatNamesThose()
    {
        using var folder = new TemporaryFolder();
        Outcome outcome = ChildProgram.Run(folder.Path, "completion", "tcsh").Expect(ExitCodes.Usage);
        Assert.Equal("ornstein: there is no completion for 'tcsh'; give bash, zsh or fish", outcome.ErrorLines.Single());
    }

    private static string Say(string shell, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        return ChildProgram.RunOther(folder.Path, "env", [$"DLL={ChildProgram.Dll}", shell, .. arguments]).Expect(0).Output.Trim();
    }
}
