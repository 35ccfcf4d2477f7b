using Ornstein.Data;
using Xunit;

namespace Ornstein.Tests.Data;

public sealed class SizedImagesTests
{
    [Fact]
    public void Of_HalfTheSides_IsTheMeanOfFourPixelsOfEachChannel()
    {
        var data = Colours(PixelKind.Intensity, new ImageShape(2, 4, 3));
        var half = SizedImages.Of(data, new Shape(1, 2));
        Assert.Equal(new ImageShape(1, 2, 3), half.Shape);
        Assert.Equal(data.Train.Labels, half.Train.Labels);
        foreach (var (from, to) in new[] { (data.Train, half.Train), (data.Validation!, half.Validation!), (data.Test, half.Test) })
        {
            Assert.Equal(from.Count, to.Count);
            // Two rows of four pixels: a new pixel is the mean of two columns of both.
            for (var image = 0; image < from.Count * 3; image++)
            {
                for (var column = 0; column < 2; column++)
                {
                    var at = (image * 8) + (2 * column);
                    var mean = (from.Bytes![at] + from.Bytes[at + 1] + from.Bytes[at + 4] + from.Bytes[at + 5]) / 4.0;
                    Assert.InRange(Math.Abs(to.Bytes![(image * 2) + column] - mean), 0, 0.5);
                }
            }
        }
    }

    [Fact]
    public void Of_NoSizeOrTheirOwn_IsTheSameBytes()
    {
        var data = Colours(PixelKind.Intensity, new ImageShape(4, 4));
        Assert.Same(data, SizedImages.Of(data, null));
        Assert.Same(data, SizedImages.Of(data, 4));
        var binary = Colours(PixelKind.Binary, new ImageShape(4, 4));
        Assert.Same(binary, SizedImages.Of(binary, new Shape(4, 4)));
    }

    [Theory]
    [InlineData(PixelKind.Binary, "2", "averages pixels, and those of made are binary")]
    [InlineData(PixelKind.Intensity, "2x2x3", "has more than a height and a width")]
    [InlineData(PixelKind.Intensity, "20000", "more than 16384 pixels a side")]
    [InlineData(PixelKind.Intensity, "16000", "10 images of 16000x16000 are more than the limit")]
    public void Of_WhatCannotBe_IsOneLine(PixelKind kind, string size, string why) =>
        Assert.Contains(why, Assert.Throws<OrnsteinException>(() => SizedImages.Of(Colours(kind, new ImageShape(4, 4)), Sides(size))).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_NamedSetOfVectors_IsRefused() => Assert.Contains(
        "is for images, and the data of gaussian are vectors",
        Assert.Throws<OrnsteinException>(() => DatasetCatalog.Load("gaussian", new DataOptions { ImageSize = 4 })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Load_IdxFolder_HasTheSize()
    {
        using var folder = new TestFolder();
        folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(3, 2, 4, i => (byte)(10 * i)));
        folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 2, 4, i => (byte)(20 * i)));
        var data = DatasetCatalog.Load(folder.Path, new DataOptions { ImageSize = new Shape(1, 2) });
        Assert.Equal(new ImageShape(1, 2), data.Shape);
        // Pixels 0 to 7 of the first image: 0, 10, 40 and 50 on the left.
        Assert.Equal([25, 45], data.Train.Bytes![..2]);
        Assert.Equal(4, data.Test.Bytes!.Length);
    }

    private static Shape Sides(string text) => Shape.TryParse(text, out var size) ? size : throw new ArgumentException(text);

    private static Dataset Colours(PixelKind kind, ImageShape shape)
    {
        var random = new Random(5);
        var features = shape.Height * shape.Width * shape.Channels;
        DataSplit Part(int count)
        {
            var bytes = new byte[count * features];
            random.NextBytes(bytes);
            return DataSplit.FromBytes(bytes, features, [.. Enumerable.Range(0, count)]);
        }

        return new Dataset { Name = "made", Kind = kind, Shape = shape, Train = Part(5), Validation = Part(2), Test = Part(3), Attribution = "none" };
    }
}
