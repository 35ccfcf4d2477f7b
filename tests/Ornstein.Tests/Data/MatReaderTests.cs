using Ornstein.Data;
using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

public sealed class MatReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <summary>Byte order, compression, and how numbers are stored (a matrix of doubles may be stored as bytes).</summary>
    public static MatrixTheoryData<bool, bool, int, int> Storages { get; } = new([false, true], [false, true], [9, 2, 7], [6, 7, 9]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Storages))]
    public void Read_AnyStorage_GivesTheNumbers(bool bigEndian, bool compressed, int type, int arrayClass)
    {
        // Names and contents of up to four bytes make small elements.
        var writer = new MatWriter(bigEndian)
            .Add("other", 1, 9, 6, [1, 2, 3], compressed)
            .Add("m", 2, type, arrayClass, [1, 2, 3, 4, 5, 6], compressed)
            .Add("scalar", 1, type, arrayClass, [7], compressed, flags: 2);
        var read = MatReader.Read(_folder.Write("a.mat", writer.ToArray()), ["m", "scalar"]);
        Assert.Equal(["m", "scalar"], read.Keys.Order(StringComparer.Ordinal));
        var m = read["m"];
        Assert.Equal((2, 3), (m.Rows, m.Columns));
        Assert.Equal([1, 3, 5, 2, 4, 6], new[] { m[0, 0], m[0, 1], m[0, 2], m[1, 0], m[1, 1], m[1, 2] });
        Assert.Equal(7, read["scalar"][0, 0]);
    }

    [Fact]
    public void Read_Complex_IsRefused() => Assert.Contains(
        "'m' is not a real",
        Hardening.Refuses(() => MatReader.Read(
            _folder.Write("a.mat", new MatWriter(false).Add("m", 1, 9, 6, [1], flags: 8).ToArray()), ["m"])),
        StringComparison.Ordinal);

    [Fact]
    public void Read_SizeThatContradictsTheNumbers_IsRefused()
    {
        var bytes = new MatWriter(false).Add("m", 1, 9, 6, [1, 2, 3]).ToArray();
        // Columns: after the file's header, the matrix's tag, its flags, and the dimensions' tag and rows.
        bytes[128 + 8 + 16 + 8 + 4 + 3] = 0x70;
        var message = Hardening.Refuses(() => MatReader.Read(_folder.Write("a.mat", bytes), ["m"]));
        Assert.Contains("holds 3 numbers", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NotMatlab_SaysWhatWouldBeRight() => Assert.Contains(
        "-v7", Hardening.Refuses(() => MatReader.Read(_folder.Write("a.mat", new byte[200]), ["m"])), StringComparison.Ordinal);

    [Fact]
    public void Read_Version73_SaysWhatWouldBeRight()
    {
        var bytes = new MatWriter(false).Add("m", 1, 9, 6, [1]).ToArray();
        bytes[125] = 2;
        Assert.Contains("7.3", Hardening.Refuses(() => MatReader.Read(_folder.Write("a.mat", bytes), ["m"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CompressedBombUnderAnotherName_IsPassedOver()
    {
        var bytes = new MatWriter(false).Add("bomb", 1, 2, 9, new double[2_000_000], compressed: true).Add("m", 1, 9, 6, [4]).ToArray();
        var path = _folder.Write("a.mat", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(4, MatReader.Read(path, ["m"])["m"][0, 0]);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 500_000);
    }

    [Theory]
    [InlineData(0, "checksum")]
    [InlineData(1, "truncated")]
    [InlineData(4, "truncated")]
    public void Read_CompressedWithoutItsRightChecksum_IsRefused(int missing, string why)
    {
        // The element's size is in the second four bytes of its tag; its last four bytes are the checksum.
        var bytes = new MatWriter(false).Add("m", 1, 9, 6, [4, 5, 6], compressed: true).ToArray()[..^missing];
        bytes[128 + 4] -= (byte)missing;
        if (missing == 0) bytes[^1] ^= 1;
        Assert.Contains(why, Hardening.Refuses(() => MatReader.Read(_folder.Write("a.mat", bytes), ["m"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_DamagedOrTruncated_NeverThrowsOtherwise(bool compressed)
    {
        var valid = new MatWriter(false).Add("m", 2, 9, 6, [1, 2, 3, 4], compressed).Add("n", 1, 2, 9, [1, 2, 3], compressed).ToArray();
        void Read(string path) => MatReader.Read(path, ["m", "n"]);
        Hardening.EveryTruncation(valid, Read, "truncated.mat");
        Hardening.AnyDamage(valid, Read, "damaged.mat");
        Hardening.AnyBytes(valid[..128], Read, "random.mat");
    }

    [Fact]
    public void Chardata_OfTheLiterature_IsTransposedAndLabelled()
    {
        // One image whose second row is full of ink: in MATLAB's order, every 28th number from the second.
        var image = new double[784];
        for (var x = 0; x < 28; x++) image[(x * 28) + 1] = 1;
        var grey = Array.ConvertAll(image, v => v * 0.5);
        var path = _folder.Write("chardata.mat", new MatWriter(false)
            .Add("data", 784, 9, 6, [.. image, .. grey], compressed: true)
            .Add("target", 3, 2, 6, [0, 1, 0, 1, 0, 0])
            .Add("targetchar", 1, 2, 6, [4, 2])
            .Add("testdata", 784, 7, 7, Array.ConvertAll(grey, v => v + 0.5))
            .Add("testtarget", 3, 9, 6, [0, 1, 0])
            .Add("testtargetchar", 1, 9, 6, [4])
            .ToArray());
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal(path, Assert.Single(data.Files));
        Assert.Equal((2, 1, PixelKind.Intensity), (data.Train.Count, data.Test.Count, data.Kind));
        Assert.All(data.Train.Bytes!.Take(784).Select((b, i) => (b, i)), p => Assert.Equal(p.i / 28 == 1 ? 255 : 0, p.b));
        Assert.Equal(128, data.Train.Bytes![784 + 28]);
        Assert.Equal(255, data.Test.Bytes![28]);
        Assert.Equal([1, 0], data.Train.Labels!);
        Assert.Equal([1], data.Test.Labels!);
    }

    [Fact]
    public void Chardata_WithoutTestdata_IsRefused()
    {
        _folder.Write("chardata.mat", new MatWriter(false).Add("data", 784, 2, 9, new double[784]).ToArray());
        Assert.Contains("'testdata'", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Chardata_WithNumbersOutOfRange_IsRefused()
    {
        var bad = new double[784];
        bad[9] = double.NaN;
        _folder.Write("chardata.mat", new MatWriter(false).Add("data", 784, 9, 6, bad).Add("testdata", 784, 9, 6, bad).ToArray());
        Assert.Contains("outside 0 to 255", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }
}
