using Ornstein.Storage;

namespace Ornstein.Tests.Storage;

public sealed class FilePresenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void IsAt_WhatIsThereAndWhatIsNot_IsTold()
    {
        _folder.File("a.txt", "");
        Assert.True(FilePresence.IsAt(_folder.Path));
        Assert.True(FilePresence.IsAt(_folder.File("a.txt")));
        Assert.False(FilePresence.IsAt(_folder.File("b.txt")));
        Assert.False(FilePresence.IsAt(_folder.File("none/b.txt")));
        Assert.False(FilePresence.IsAt(_folder.File("a.txt/b.txt")));
    }

    /// <summary>As of a server that does not answer, of which File.Exists says that there is nothing.</summary>
    [Fact]
    public void IsAt_WhatCannotBeLookedAt_IsNotCalledMissing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a link that leads nowhere");
        File.CreateSymbolicLink(_folder.File("loop"), _folder.File("loop"));
        Assert.False(File.Exists(_folder.File("loop/a.txt")));
        Assert.StartsWith("Cannot look for '", Assert.Throws<OrnsteinException>(() => FilePresence.IsAt(_folder.File("loop/a.txt"))).Message, StringComparison.Ordinal);
    }
}
