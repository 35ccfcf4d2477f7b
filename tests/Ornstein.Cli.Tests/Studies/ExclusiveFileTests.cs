using System.Globalization;
using Ornstein.Storage;
using Ornstein.Studies;

namespace Ornstein.Cli.Tests.Studies;

public sealed class ExclusiveFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryCreate_FileOfAProcessThatWasKilled_IsRemoved()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there it stays");
        var path = _folder.File("submissions/1.json");
        Directory.CreateDirectory(_folder.File("submissions"));
        var own = UnfinishedFile.For(path);
        File.WriteAllText(own.Replace($"-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-", $"-{int.MaxValue}-", StringComparison.Ordinal), "");
        Assert.True(ExclusiveFile.TryCreate(path, "first"));
        Assert.False(ExclusiveFile.TryCreate(path, "second"));
        Assert.Equal("first", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder.File("submissions")))));
    }
}
