using System.Security.Cryptography;
using Ornstein.Data;
using Ornstein.Data.Sources;

namespace Ornstein.Tests.Data;

/// <summary>Files of known sets are held to their hashes whenever they are loaded.</summary>
public sealed class KnownImagesTests : IDisposable
{
    private static readonly byte[][] _contents =
    [
        TestFiles.IdxImages(3, 1, 2, i => (byte)i),
        TestFiles.IdxLabels(0, 1, 2),
        TestFiles.IdxImages(1, 1, 2, i => (byte)(9 + i)),
        TestFiles.IdxLabels(1),
    ];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_TheKnownFiles_AreReadPlainOrGzip(bool gzip)
    {
        Put("system", gzip);
        var data = DatasetCatalog.LoadKnown(Small(), Cache(), CancellationToken.None);
        Assert.Equal(("mnist", PixelKind.Intensity, new ImageShape(1, 2)), (data.Name, data.Kind, data.Shape));
        Assert.Equal([0, 1, 2, 3, 4, 5], data.Train.Bytes!);
        Assert.Equal([9, 10], data.Test.Bytes!);
        Assert.Equal([0, 1, 2], data.Train.Labels!);
        Assert.Equal([1], data.Test.Labels!);
        Assert.Equal(Small().Files.Select(f => _folder["system/" + f.Name + (gzip ? ".gz" : "")]), data.Files);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Load_AFileInTheCacheOfTheKnownLengthThatIsAnother_IsRefused(int file)
    {
        Put("cache/mnist", gzip: false);
        var known = Small().Files[file];
        byte[] other = [.. _contents[file]];
        other[^1]++;
        var path = _folder.Write("cache/mnist/" + known.Name, other);
        var message = Hardening.Refuses(() => DatasetCatalog.LoadKnown(Small(), Cache(), CancellationToken.None));
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(other))[..12], message, StringComparison.Ordinal);
        Assert.Contains(known.Sha256[..12], message, StringComparison.Ordinal);
        Assert.EndsWith($"'ornstein data get mnist --cache {_folder["cache"]}' replaces it.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_AFileOfTheSystemThatIsAnother_SaysWhatToDoAboutThat(bool gzip)
    {
        Put("system", gzip);
        byte[] other = [.. _contents[0]];
        other[^1]++;
        _folder.Write("system/" + Small().Files[0].Name + (gzip ? ".gz" : ""), gzip ? TestFiles.Gzip(other) : other);
        var message = Hardening.Refuses(() => DatasetCatalog.LoadKnown(Small(), Cache(), CancellationToken.None));
        Assert.Contains("Reinstall the package", message, StringComparison.Ordinal);
        Assert.Contains("'ornstein data get mnist", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("fashion-mnist")]
    public void Load_FilesWithHeadersOfTheSetAndNothingDrawn_AreRefused(string name)
    {
        foreach (var file in KnownSets.Find(name)!.Files)
        {
            var count = file.Name.StartsWith("train", StringComparison.Ordinal) ? 60_000 : 10_000;
            var blank = file.Name.Contains("labels", StringComparison.Ordinal)
                ? TestFiles.IdxLabels(new byte[count])
                : TestFiles.IdxImages(count, 28, 28, _ => 0);
            _folder.Write($"{name}/{file.Name}", blank);
        }

        var options = new DataOptions { CacheFolder = _folder.Path };
        Assert.Equal(_folder[name], DatasetCatalog.FindFolder(name, options));
        var message = Hardening.Refuses(() => DatasetCatalog.Load(name, options));
        Assert.Contains("train-images-idx3-ubyte is damaged", message, StringComparison.Ordinal);
        Assert.Contains($"'ornstein data get {name} --cache", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("omniglot", "images_background.zip")]
    [InlineData("omniglot", "images_background_small1.zip")]
    [InlineData("omniglot-small", "images_background_small2.zip")]
    public void Load_AnArchiveOfOmniglotThatIsAnother_IsRefused(string name, string archive)
    {
        var drawing = TestFiles.Png(1, 1, (_, _) => 0);
        var drawings = TestFiles.Zip(("x/A/character01/0001_01.png", drawing), ("x/A/character01/0001_20.png", drawing));
        foreach (var file in KnownSets.Omniglot.Files.Concat(KnownSets.Omniglot.Optional).Where(f => IsNeeded(f.Name)))
        {
            // An archive may have anything before it: its directory is at the end.
            var bytes = new byte[file.Length];
            drawings.CopyTo(bytes, bytes.Length - drawings.Length);
            _folder.Write($"{name}/{file.Name}", bytes);
        }

        var message = Hardening.Refuses(() => DatasetCatalog.Load(name, new DataOptions { CacheFolder = _folder.Path }));
        Assert.Contains("SHA-256", message, StringComparison.Ordinal);
        Assert.Contains($"'ornstein data get {name} --cache", message, StringComparison.Ordinal);

        bool IsNeeded(string file) => file == archive || (name == "omniglot-small" && file.Contains("small", StringComparison.Ordinal))
            || (archive == "images_background.zip" && !file.Contains("small", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_ChardataInTheCache_IsTakenAsItIs()
    {
        _folder.Write("omniglot/chardata.mat", new MatWriter(false)
            .Add("data", 784, 2, 9, new double[784]).Add("testdata", 784, 2, 9, new double[784]).ToArray());
        _folder.Write("omniglot/images_background.zip", [1]);
        Assert.Equal(1, DatasetCatalog.Load("omniglot", new DataOptions { CacheFolder = _folder.Path }).Train.Count);
    }

    // Files of a size for a test, in the place of a set that the catalogue describes.
    private KnownSet Small() => KnownSets.Mnist with
    {
        Files =
        [
            .. KnownSets.Mnist.Files.Zip(_contents, static (file, content) =>
                new KnownFile(file.Name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)))),
        ],
        SystemFolders = [_folder["system"]],
        Mirrors = [],
    };

    private void Put(string folder, bool gzip)
    {
        foreach (var (file, content) in Small().Files.Zip(_contents))
            _folder.Write($"{folder}/{file.Name}{(gzip ? ".gz" : "")}", gzip ? TestFiles.Gzip(content) : content);
    }

    private DataCache Cache() => new(new DataOptions { CacheFolder = _folder["cache"] }) { Npm = null };
}
