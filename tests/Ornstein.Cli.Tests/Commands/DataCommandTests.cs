using System.Text.Json;
using Ornstein.Cli.Commands;
using Ornstein.Data;

namespace Ornstein.Cli.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private readonly string _cache = Directory.CreateTempSubdirectory("ornstein-test-").FullName;

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    [Fact]
    public void List_AsTable_NamesEverySet()
    {
        var (code, output, error) = Run("list", "--cache", _cache);
        Assert.Equal((0, ""), (code, error));
        foreach (var name in new[] { "digits", "mnist", "fashion-mnist", "omniglot", "omniglot-small", "gaussian" })
            Assert.Contains(output.Split('\n'), line => line.StartsWith(name + " ", StringComparison.Ordinal));
    }

    [Fact]
    public void List_AsJson_SaysWhatIsHere()
    {
        var (code, output, _) = Run("list", "--json", "--cache", _cache);
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        var here = document.RootElement.EnumerateArray().ToDictionary(
            e => e.GetProperty("name").GetString()!, e => e.GetProperty("here").GetBoolean());
        Assert.True(here["digits"]);
        Assert.False(here["mnist"]);
    }

    [Fact]
    public void Info_OfDigitsAsJson_GivesCountsAndLicence()
    {
        var (code, output, error) = Run("info", "digits", "--json");
        Assert.Equal((0, ""), (code, error));
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal("binary", root.GetProperty("kind").GetString());
        Assert.Equal(11_000, root.GetProperty("train").GetProperty("count").GetInt32());
        Assert.Equal(10, root.GetProperty("test").GetProperty("classes").GetInt32());
        Assert.InRange(root.GetProperty("train").GetProperty("mean").GetDouble(), 0.12, 0.14);
        Assert.Contains("CC BY-SA 3.0", root.GetProperty("attribution").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Info_OfFolder_HashesItsFiles()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7, 9];
        File.WriteAllBytes(Path.Combine(_cache, "train-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(_cache, "t10k-images-idx3-ubyte"), images);
        var (code, output, _) = Run("info", _cache);
        Assert.Equal(0, code);
        Assert.Contains("shape     1x1 (1 pixels)", output, StringComparison.Ordinal);
        Assert.Contains("train     2, mean 0.0314", output, StringComparison.Ordinal);
        Assert.Contains("(18 bytes, SHA-256 ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_FromFolderWithoutFiles_ThrowsOneLine()
    {
        var e = Assert.Throws<OrnsteinException>(() => Run("get", "mnist", "--from", _cache, "--cache", Path.Combine(_cache, "cache")));
        Assert.Contains("train-images-idx3-ubyte", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Get_OfEmbeddedSet_SaysThatNothingIsNeeded() =>
        Assert.Contains("needs no files", Run("get", "digits").Output, StringComparison.Ordinal);

    [Fact]
    public void Get_Quiet_SaysWhatItFetchedAlone()
    {
        if (!DatasetCatalog.IsKnown(FetchedSet.Name)) DatasetCatalog.Register(new FetchedSet());
        Assert.Equal((0, "here/images\n", "fetching images: 1.00 of 2.00 MB\n"), Run("get", FetchedSet.Name));
        Assert.Equal((0, "here/images\n", ""), Run("get", FetchedSet.Name, "--quiet"));
    }

    private sealed class FetchedSet : IDatasetSource
    {
        public const string Name = "fetched-set";

        public DatasetDescription Description { get; } = new()
        {
            Name = Name, Summary = "a set that is fetched", Kind = PixelKind.Real, TrainCount = 1, TestCount = 1, License = "none needed", HowToGet = "made here", Shape = null, AlwaysPresent = true,
        };

        public Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) => throw new NotSupportedException();

        public IReadOnlyList<string> Fetch(string? from, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
        {
            progress?.Report(new DataProgress("images", 1_000_000, 2_000_000));
            return ["here/images"];
        }
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = DataCommand.Create().Parse(args).Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }
}
