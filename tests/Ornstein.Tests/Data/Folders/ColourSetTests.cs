using System.Text;
using Ornstein.Data;

namespace Ornstein.Tests.Data.Folders;

/// <summary>The files that colour sets are published in: CIFAR-10's, SVHN's, and CelebA's list of parts.</summary>
public sealed class ColourSetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_CifarBinary_GivesPlanesAndClasses()
    {
        _folder.Write("cifar-10-batches-bin/data_batch_1.bin", [.. Record(3, 1), .. Record(9, 2)]);
        _folder.Write("cifar-10-batches-bin/data_batch_2.bin", Record(0, 3));
        _folder.Write("cifar-10-batches-bin/test_batch.bin", Record(7, 4));
        _folder.Write("cifar-10-batches-bin/batches.meta.txt", "airplane"u8.ToArray());
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((PixelKind.Intensity, new ImageShape(32, 32, 3)), (data.Kind, data.Shape));
        Assert.Equal([3, 9, 0], data.Train.Labels!);
        Assert.Equal([7], data.Test.Labels!);
        Assert.Equal(Record(9, 2)[1..], data.Train.Bytes.AsSpan(3072, 3072).ToArray());
    }

    [Theory]
    [InlineData(3072, 0, "no whole number of records")]
    [InlineData(0, 0, "truncated")]
    [InlineData(3073, 10, "of class 10")]
    public void Load_DamagedCifar_IsRefused(int length, byte label, string why)
    {
        _folder.Write("data_batch_1.bin", Record(label, 1)[..length]);
        _folder.Write("test_batch.bin", Record(0, 1));
        var message = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        Assert.Contains("data_batch_1.bin", message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CifarWithoutTest_SaysWhatIsMissing()
    {
        _folder.Write("data_batch_1.bin", Record(1, 1));
        Assert.Contains("has no test_batch.bin", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(9, true)]
    public void Load_Svhn_GivesPlanesAndDigits(int labelType, bool compressed)
    {
        // [32, 32, 3, count], the first axis fastest: row, column, channel, image.
        static double Level(int row, int column, int channel, int image) => ((row * 7) + (column * 3) + (channel * 50) + image) % 256;
        byte[] Mat(int count, double[] digits) => new MatWriter(false)
            .Add("X", [32, 32, 3, count], 2, 9, [.. from n in Enumerable.Range(0, count) from c in Enumerable.Range(0, 3) from x in Enumerable.Range(0, 32) from y in Enumerable.Range(0, 32) select Level(y, x, c, n)], compressed)
            .Add("y", [count, 1], labelType, 9, digits, compressed).ToArray();
        _folder.Write("train_32x32.mat", Mat(3, [10, 1, 9]));
        _folder.Write("test_32x32.mat", Mat(2, [5, 10]));
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal([0, 1, 9], data.Train.Labels!);
        Assert.Equal([5, 0], data.Test.Labels!);
        Assert.Equal(new ImageShape(32, 32, 3), data.Shape);
        for (var i = 0; i < 3 * 3072; i++) Assert.Equal(Level(i / 32 % 32, i % 32, i / 1024 % 3, i / 3072), data.Train.Bytes![i]);
    }

    [Theory]
    [InlineData(0.37, 1, "has the number 0.37")]
    [InlineData(0, 0, "has no images")]
    public void Load_SvhnOfOtherNumbers_IsRefused(double level, int count, string why)
    {
        var mat = new MatWriter(false).Add("X", [32, 32, 3, count], 9, 6, [.. Enumerable.Repeat(level, 3072 * count)]).Add("y", [count, 1], 2, 9, [.. Enumerable.Repeat(1.0, count)]).ToArray();
        _folder.Write("train_32x32.mat", mat);
        _folder.Write("test_32x32.mat", mat);
        Assert.Contains(why, Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SvhnOfAnotherSize_IsRefused()
    {
        var mat = new MatWriter(false).Add("X", [8, 8, 3, 1], 2, 9, new double[192]).Add("y", 1, 2, 9, [1]).ToArray();
        _folder.Write("train_32x32.mat", mat);
        _folder.Write("test_32x32.mat", mat);
        Assert.Contains("'X' is 8x8x3x1", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CelebA_TakesThePartsOfItsList()
    {
        var list = new StringBuilder();
        for (var i = 0; i < 9; i++)
        {
            _folder.Write($"img_align_celeba/{i:000000}.jpg", JpegReaderTests.Jpeg(6, 4, (_, _) => new SkiaSharp.SKColor((byte)(20 * i), 9, 200)));
            list.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i:000000}.jpg {i % 3}\n");
        }

        _folder.Write("list_eval_partition.txt", Encoding.ASCII.GetBytes(list.ToString()));
        _folder.Write("list_attr_celeba.txt", [1]);
        var data = DatasetCatalog.Load(_folder.Path, new DataOptions { ImageSize = 2 });
        Assert.Equal((3, 3, 3, new ImageShape(2, 2, 3)), (data.Train.Count, data.Validation!.Count, data.Test.Count, data.Shape));
        byte[] reds = [.. Enumerable.Range(0, 3).Select(i => data.Test.Bytes![12 * i]).Order()]; // pictures 2, 5 and 8
        for (var i = 0; i < 3; i++) Assert.InRange(reds[i] - (40 + (60 * i)), -4, 4);

        _folder.Write("img_celeba/000001.jpg", JpegReaderTests.Jpeg(6, 4, (_, _) => SkiaSharp.SKColors.Red));
        Assert.Contains("have one name", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
        Directory.Delete(_folder["img_celeba"], recursive: true);
        _folder.Write("img_align_celeba/extra.jpg", JpegReaderTests.Jpeg(6, 4, (_, _) => SkiaSharp.SKColors.Red));
        Assert.Contains("extra.jpg is not in", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
        _folder.Write("list_eval_partition.txt", "000000.jpg 3\n"u8.ToArray());
        Assert.Contains("list_eval_partition.txt", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    private static byte[] Record(byte label, int seed)
    {
        var record = new byte[3073];
        new Random(seed).NextBytes(record);
        record[0] = label;
        return record;
    }
}
