using Ornstein.View.Access;

namespace Ornstein.Cli.Tests.View;

/// <summary>Where the secret of a folder's page lies.</summary>
public sealed class ViewTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File(ViewToken.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_AFolder_IsKeptInIt()
    {
        var token = ViewToken.Of(_folder.Path);
        Assert.Equal(token, File.ReadAllText(FilePath));
        Assert.Equal(token, ViewToken.Of(_folder.Path));
    }

    [Fact]
    public void Of_AFileThatOthersCanRead_IsAnotherToken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes");
        var token = ViewToken.Of(_folder.Path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.NotEqual(token, ViewToken.Of(_folder.Path));
    }

    /// <summary>As CIFS and Windows' own file systems under WSL are: they take any mode and keep none.</summary>
    [Fact]
    public void Of_AFileSystemWithoutModes_LeavesNoFile()
    {
        File.WriteAllText(FilePath, LoopbackAccess.NewToken()); // of an earlier version
        var token = ViewToken.Of(_folder.Path, _ => false);
        Assert.True(LoopbackAccess.IsToken(token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.NotEqual(token, ViewToken.Of(_folder.Path, _ => false));
    }
}
