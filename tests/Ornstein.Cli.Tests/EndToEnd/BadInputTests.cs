namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>
/// Mistakes of a user, in processes of their own: each is one line that names what is wrong, and leaves nothing behind. Hundreds more, within this process, are in
/// <see cref="BadInput.BadInputTests"/>.
/// </summary>
[Collection(EndToEndGroup.Name)]
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BadInputTests()
    {
        Directory.CreateDirectory(_folder.File("full"));
        _folder.File("full/notes.txt", "mine");
        _folder.File("key.json", """{ "epocs": 3 }""");
        IdxFolder.WriteTruncated(_folder.File("idx-truncated"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("phase --rho 0.5,1.5", "--rho 1.5 is out of range; it must be between 0 and 1")]
    [InlineData("phase --epocs 3", "unknown option '--epocs' for 'ornstein phase'; did you mean '--epochs'?")]
    [InlineData("phase --remedy iwae:0", "--remedy iwae:0: the importance-weighted objective needs at least 2 samples, not 0")]
    [InlineData("phase --config key.json", "key.json: unknown key \"epocs\"; did you mean 'epochs'?")]
    [InlineData("fase", "unknown command 'fase'; did you mean 'phase'?")]
    [InlineData("sample full --count 0", "--count 0 is out of range")]
    public void Run_WrongUse_IsOneLineAndExitCode2(string arguments, string expected) =>
        Assert.Contains(expected, Mistake(arguments, 2), StringComparison.Ordinal);

    [Theory]
    [InlineData("phase --data nosuch", "'nosuch' is neither a data set")]
    [InlineData("phase --data idx-truncated", "train-images-idx3-ubyte")]
    [InlineData("phase --remedy iwae:2000000000", "samples fit: give fewer samples, or smaller batches")] // before a file is written
    [InlineData("phase --out full", "run folder 'full' exists and is not empty")]
    [InlineData("phase --device cuda:99", "the device cpu")] // whatever is missing here
    [InlineData("eval full", "'full' is no run folder")]
    public void Run_WhatIsThereDoesNotFit_IsOneLineAndExitCode1(string arguments, string expected) =>
        Assert.Contains(expected, Mistake(arguments, 1), StringComparison.Ordinal);

    private string Mistake(string arguments, int code)
    {
        var before = TinyRun.Snapshot(_folder.Path);
        // Where a mistake goes unnoticed, the run that follows is short.
        var limits = arguments.StartsWith("phase", StringComparison.Ordinal) && !arguments.Contains("--resume", StringComparison.Ordinal)
            ? "--train-limit 64 --test-limit 8 --threads 1".Split(' ')
            : [];
        var words = arguments.Split(' ');
        var outcome = ChildProgram.Run(_folder.Path, [words[0], .. limits, .. words[1..]]).Expect(code);
        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
        return TinyRun.OneLine(outcome);
    }
}
