using Ornstein.Storage;

namespace Ornstein.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("result.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteText_NewFile_HoldsTheTextAndNothingElseIsLeft()
    {
        AtomicFile.WriteText(Target, "ρ = 0.5\n");

        Assert.Equal("ρ = 0.5\n"u8.ToArray(), File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void WriteText_ExistingFile_IsReplaced()
    {
        AtomicFile.WriteText(Target, "a long first content");
        AtomicFile.WriteText(Target, "short");

        Assert.Equal("short", File.ReadAllText(Target));
    }

    [Fact]
    public void WriteText_RelativePath_GoesToTheCurrentFolder()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, Target);
        AtomicFile.WriteText(relative, "here");

        Assert.Equal("here", File.ReadAllText(Target));
    }

    [Fact]
    public void Write_WhileWriting_OldContentIsStillThere()
    {
        File.WriteAllText(Target, "old");
        string? seen = null;
        AtomicFile.Write(Target, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            seen = File.ReadAllText(Target);
        });

        Assert.Equal("old", seen);
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void Write_WriterThrows_OldFileStandsAndTemporaryIsRemoved()
    {
        File.WriteAllText(Target, "old");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidDataException("mine");
        }));

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>What a killed process had begun of this file goes with the next write of it; what another process is writing stays, and so do other files.</summary>
    [Fact]
    public void Write_UnfinishedFilesAreThere_OnlyThoseThatNobodyWritesGo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes no open files");
        var name = "";
        AtomicFile.Write(Target, _ => name = Assert.Single(Directory.GetFiles(_folder.Path)));
        string Left(string path)
        {
            File.WriteAllText(path, "half");
            return path;
        }

        // No process has a number as high.
        var ofTheDead = name.Replace($"-{Environment.ProcessId}-", $"-{int.MaxValue}-", StringComparison.Ordinal);
        Assert.NotEqual(name, ofTheDead);
        var (dead, written, living, other) = (Left(ofTheDead), Left(ofTheDead + "2"), Left(name), Left(_folder.File(UnfinishedFile.Prefix + "other")));
        using (new FileStream(written, FileMode.Open, FileAccess.Write, FileShare.None)) AtomicFile.WriteText(Target, "new");
        Assert.Equal("new", File.ReadAllText(Target));
        Assert.False(File.Exists(dead));
        Assert.Equal(new[] { Target, written, living, other }.Order(StringComparer.Ordinal), Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    /// <summary>A folder that cannot be made, since the disk fails, is not told apart from a file by being one.</summary>
    [Fact]
    public void Cannot_BrokenDisk_SaysSoAlsoOfAFolder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has another number for it");
        Assert.EndsWith("': the disk or its server reports an error.", FileTrouble.Cannot("make the folder", _folder.Path, new IOException("Input/output error", 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DiskFull_SaysSoAndOldFileStands()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs Linux's /dev/full");
        File.WriteAllText(Target, "old");
        var error = Assert.Throws<OrnsteinException>(() => AtomicFile.Write(Target, _ =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write("x"u8);
        }));

        Assert.Equal($"Cannot write '{Target}': the disk is full.", error.Message);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_NoPermission_SaysSo()
    {
        var error = Assert.Throws<OrnsteinException>(
            () => AtomicFile.Write(Target, _ => throw new UnauthorizedAccessException("as a file system would")));

        Assert.Equal($"Cannot write '{Target}': no permission.", error.Message);
    }

    [Fact]
    public void Write_FolderWithoutPermission_SaysSo()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "needs an unprivileged user");
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("needs Unix permissions");
            return;
        }

        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = Assert.Throws<OrnsteinException>(() => AtomicFile.WriteText(Target, "x"));
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal($"Cannot write '{Target}': no permission.", error.Message);
    }

    [Fact]
    public void Write_MissingFolder_SaysSo()
    {
        string path = Path.Combine(_folder.Path, "no", "file");
        var error = Assert.Throws<OrnsteinException>(() => AtomicFile.WriteText(path, "x"));

        Assert.Equal($"Cannot write '{path}': its folder does not exist.", error.Message);
    }

    [Fact]
    public void Write_PathIsAFolder_SaysSoAndLeavesIt()
    {
        Directory.CreateDirectory(Target);
        var error = Assert.Throws<OrnsteinException>(() => AtomicFile.WriteText(Target, "x"));

        Assert.Equal($"Cannot write '{Target}': it is a folder.", error.Message);
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_LineBreakInPath_MessageIsOneLine()
    {
        var error = Assert.Throws<OrnsteinException>(() => AtomicFile.WriteText(_folder.File("a\nb/c"), "x"));

        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Write_SymbolicLink_IsFollowedAndStaysALink()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "symbolic links need a privilege on Windows");
        File.WriteAllText(_folder.File("real"), "old");
        File.CreateSymbolicLink(Target, _folder.File("real"));
        AtomicFile.WriteText(Target, "new");

        Assert.Equal("new", File.ReadAllText(_folder.File("real")));
        Assert.NotNull(new FileInfo(Target).LinkTarget);
    }

    /// <summary>With links and, as on a file system without them, by a copy: eight want one name, one gets it, and the content is its own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryName_ManyAtOnce_OneGetsTheName(bool copies)
    {
        for (var round = 0; round < 50; round++)
        {
            File.Delete(Target);
            var taken = new bool[8];
            Parallel.For(0, taken.Length, new ParallelOptions { MaxDegreeOfParallelism = taken.Length }, i =>
            {
                var own = _folder.File($"{i}");
                File.WriteAllText(own, $"{i}");
                taken[i] = copies ? AtomicFile.TryCopy(own, Target) : AtomicFile.TryName(own, Target);
            });
            Assert.Equal($"{Array.IndexOf(taken, true)}", File.ReadAllText(Target));
            Assert.Single(taken, isTaken => isTaken);
        }
    }
}
