using Ornstein.Data;

namespace Ornstein.Tests.Data;

public sealed class OmniglotDataTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Archives_SplitsByDrawerAndCountsDrawingsOnce()
    {
        _folder.Write("images_background_small1.zip", Archive("small1", ["Greek/character01", "Greek/character02"]));
        _folder.Write("images_background_small2.zip", Archive("small2", ["Greek/character02", "Latin/character01"]));
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((3 * 16, 3 * 4), (data.Train.Count, data.Test.Count));
        Assert.Equal((PixelKind.Intensity, new ImageShape(28, 28)), (data.Kind, data.Shape));
        // The drawer's number is drawn as a column of ink: ink is 255, paper 0. In the class order every character comes with every drawer.
        AssertDrawn(data.Train, characters: 3, firstDrawer: 0, drawers: 16);
        AssertDrawn(data.Test, characters: 3, firstDrawer: 16, drawers: 4);
        Assert.Equal(3, data.Train.Labels![..6].Distinct().Count());
    }

    private static void AssertDrawn(DataSplit part, int characters, int firstDrawer, int drawers) => Assert.Equal(
        Enumerable.Range(0, characters).SelectMany(character => Enumerable.Range(firstDrawer, drawers).Select(drawer => (character, drawer))),
        Enumerable.Range(0, part.Count).Select(image => (part.Labels![image], Column(part, image))).Order());

    [Theory]
    [InlineData("../../etc/0001_01.png", "leaves the folder")]
    [InlineData("/etc/character01/0001_01.png", "leaves the folder")]
    [InlineData("x/Greek/..\\..\\0001_01.png", "leaves the folder")]
    [InlineData("x/Greek/character01/0001_21.png", "no drawer 01 to 20")]
    [InlineData("x/Greek/character01/readme.txt", "holds no drawings")]
    public void Load_EntryWithWrongName_IsRefused(string entry, string why)
    {
        _folder.Write("images_background.zip", TestFiles.Zip((entry, Drawing(1))));
        Assert.Contains(why, Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ZipBomb_IsRefused()
    {
        _folder.Write("images_background.zip", TestFiles.Zip(("x/Greek/character01/0001_01.png", new byte[50_000_000])));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("bytes allowed", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000);
    }

    [Fact]
    public void Load_OnlyTrainDrawers_IsRefused()
    {
        _folder.Write("images_background.zip", TestFiles.Zip(("x/Greek/character01/0001_01.png", Drawing(1))));
        Assert.Contains("none of 17 to 20", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedOrTruncatedArchive_NeverThrowsOtherwise()
    {
        var valid = TestFiles.Zip(("x/A/character01/0001_01.png", Drawing(1)), ("x/A/character01/0001_20.png", Drawing(20)));
        static void Read(string path) => OmniglotData.FromArchives([path], "omniglot", CancellationToken.None);
        Hardening.EveryTruncation(valid, Read, "images_background.zip");
        Hardening.AnyDamage(valid, Read, "images_background.zip");
        Hardening.AnyBytes([(byte)'P', (byte)'K'], Read, "images_background.zip");
    }

    private static byte[] Archive(string root, string[] characters) => TestFiles.Zip(
    [
        .. characters.SelectMany(c => Enumerable.Range(1, 20).Select(d => ($"{root}/{c}/0001_{d:00}.png", Drawing(d)))),
        ("__MACOSX/._x.png", [1, 2, 3]),
    ]);

    // A drawing of 105x105 where column 'drawer - 1' of the 28 is black.
    private static byte[] Drawing(int drawer) =>
        TestFiles.Png(105, 105, (_, x) => (byte)((int)(x / 3.75) == drawer - 1 ? 0 : 255), bits: 1);

    private static int Column(DataSplit part, int image)
    {
        var row = part.Bytes!.AsSpan((image * 784) + (14 * 28), 28).ToArray();
        return Array.IndexOf(row, row.Max());
    }
}
