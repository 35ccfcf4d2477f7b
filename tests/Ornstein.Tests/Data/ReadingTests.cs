using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

public sealed class ReadingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<Exception> Failures { get; } =
    [
        new EndOfStreamException(),
        new InvalidDataException("about '\u001b[31m'"),
        new FileNotFoundException(),
        new IOException("about '\u001b[31m'"),
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public void Guard_NameOrMessageWithAnEscape_ShowsIt(Exception failure)
    {
        var message = Hardening.Refuses(() => Reading.Guard<int>("/no/\u001b[31mred", () => throw failure));
        Assert.StartsWith("/no/\\x1b[31mred ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', message);
    }

    [Fact]
    public void Guard_NameThatIsNotUtf8_SaysThatRenamingMendsIt()
    {
        var message = Hardening.Refuses(() => PngReader.Read(_folder["a\uFFFD.png"]));
        Assert.Contains("a\uFFFD.png cannot be opened: its name is not valid UTF-8. Rename it.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Guard_FolderThatHoldsANameThatIsNotUtf8_NamesBoth()
    {
        var message = Hardening.Refuses(() => Reading.Guard(_folder.Path, () => Directory.GetFiles(_folder["class\uFFFD"])));
        Assert.StartsWith($"{_folder.Path} holds a name that is not valid UTF-8. Rename it", message, StringComparison.Ordinal);
        Assert.Contains("class\uFFFD", message, StringComparison.Ordinal);
    }
}
