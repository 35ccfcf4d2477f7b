using Ornstein.Data;

namespace Ornstein.Tests.Data;

public sealed class FolderDataTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz")]
    [InlineData("test-images-idx3-ubyte.gz", "test-labels.idx1-ubyte")]
    public void Load_IdxUnderUsualNames_IsRead(string images, string labels)
    {
        _folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(3, 2, 2, i => (byte)i));
        _folder.Write("train-labels-idx1-ubyte", TestFiles.IdxLabels(1, 0, 1));
        Write(images, TestFiles.IdxImages(2, 2, 2, i => (byte)i));
        Write(labels, TestFiles.IdxLabels(4, 5));
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((3, 2, 4, PixelKind.Intensity), (data.Train.Count, data.Test.Count, data.Features, data.Kind));
        Assert.Equal([1, 0, 1], data.Train.Labels!);
        Assert.Equal([4, 5], data.Test.Labels!);
        Assert.Equal(4, data.Files.Count);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(1)]
    public void Load_IdxOfTwoLevels_IsBinary(byte full)
    {
        _folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, i => (byte)(i % 2 * full)));
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(1, 1, 2, i => (byte)(i % 2 * full)));
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal(PixelKind.Binary, data.Kind);
        Assert.Equal([0, 255, 0, 255], data.Train.Bytes!);
        Assert.Null(data.Train.Labels);
    }

    [Fact]
    public void Load_IdxThatDisagree_IsRefused()
    {
        _folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, _ => 3));
        Assert.Contains("t10k-images-idx3-ubyte", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 2, 2, _ => 3));
        Assert.Contains("1x2", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, _ => 3));
        _folder.Write("t10k-labels-idx1-ubyte", TestFiles.IdxLabels(1));
        Assert.Contains("1 labels for 2 images", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PngsDirectly_HoldsBackTheLastTenth()
    {
        for (var i = 0; i < 30; i++) _folder.Write($"{i:00}.png", TestFiles.Png(2, 3, (_, _) => (byte)i));
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((27, 3, new ImageShape(2, 3)), (data.Train.Count, data.Test.Count, data.Shape));
        Assert.Equal([27, 28, 29], new[] { 0, 6, 12 }.Select(i => (int)data.Test.Bytes![i]).Order());
        Assert.Null(data.Train.Labels);
    }

    [Fact]
    public void Load_PngsInTrainAndTestWithClasses_Labels()
    {
        foreach (var (name, value) in new[] { ("train/cat/1", 1), ("train/dog/1", 2), ("train/dog/2", 3), ("test/dog/9", 4) })
            _folder.Write(name + ".png", TestFiles.Png(1, 1, (_, _) => (byte)value));
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal([(1, 0), (2, 1), (3, 1)], data.Train.Bytes!.Zip(data.Train.Labels!).Select(row => ((int)row.First, row.Second)).Order());
        Assert.Equal([1], data.Test.Labels!);
    }

    [Fact]
    public void Load_PngsInClassFolders_HoldsBackOfEveryClass()
    {
        foreach (var label in new[] { "a", "b" })
        {
            for (var i = 0; i < 20; i++) _folder.Write($"{label}/{i:00}.png", TestFiles.Png(1, 1, (_, _) => (byte)i));
        }

        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal([(18, 0), (18, 1), (19, 0), (19, 1)], data.Test.Bytes!.Zip(data.Test.Labels!).Select(row => ((int)row.First, row.Second)).Order());
    }

    [Fact]
    public void Load_PngsOfDifferentSizes_NamesTheFile()
    {
        _folder.Write("a.png", TestFiles.Png(2, 2, (_, _) => 1));
        _folder.Write("b.png", TestFiles.Png(2, 3, (_, _) => 1));
        Assert.Contains("b.png is 2x3", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyFolder_ListsWhatWouldBeRecognised()
    {
        var message = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        foreach (var known in new[] { "train-images-idx3-ubyte", "chardata.mat", "images_background.zip", "PNG" })
            Assert.Contains(known, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownName_ListsTheNames() => Assert.Contains(
        "digits, mnist, fashion-mnist, omniglot, omniglot-small, kmnist, cifar10, svhn, gaussian",
        Hardening.Refuses(() => DatasetCatalog.Load("no-such-set")),
        StringComparison.Ordinal);

    private void Write(string name, byte[] content) =>
        _folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? TestFiles.Gzip(content) : content);
}
