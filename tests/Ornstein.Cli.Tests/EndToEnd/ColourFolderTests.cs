using System.Text.Json.Nodes;
using Ornstein.Data;
using Ornstein.Experiments.Settings;
using SkiaSharp;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Colour pictures of a folder go all the way through convolutions: to a report with colour pictures, and back from the run's folder.</summary>
public sealed class ColourFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("png", "8x8", "8x8x3")]
    [InlineData("jpg", "8", "8x8x3")]
    [InlineData("bin", null, "32x32x3")]
    public void Phase_FolderOfColour_TrainsDrawsAndIsMeasuredAgain(string kind, string? size, string shape)
    {
        if (kind == "bin") Cifar();
        else Pictures(kind);
        string[] sized = size is null ? [] : ["--image-size", size];
        InProcess.Run(
            _folder.Path,
            ["phase", "--data", "data", .. sized, "--networks", "convolution", "--latents", "2x4x4,3", "--hidden", "4,4", "--hidden-layers", "1", "--activation", "silu", "--initial-output", "mean", "--draws", "2", "--rho", "0.5,1", "--seeds", "0", "--epochs", "1", "--batch", "10", "--evaluation-draws", "2", "--out", "run"]).Expect(0);
        var config = JsonNode.Parse(File.ReadAllText(_folder.File("run/config.json")))!;
        Assert.Equal(("auto", "gaussian"), ((string)config["colour"]!, (string)config["likelihood"]!));
        foreach (var picture in new[] { "run/samples.png", "run/reconstructions.png" }) Assert.True(HasColour(_folder.File(picture)), picture);
        InProcess.Run(_folder.Path, "phase", "--resume", "--out", "run").Expect(0);
        foreach (var command in new[] { "eval", "diagnose" }) InProcess.Run(_folder.Path, command, "run").Expect(0);
        var info = InProcess.Run(_folder.Path, ["data", "info", "data", .. sized, "--grid", "grid.png"]).Expect(0).Output;
        Assert.Contains($"shape     {shape} (3 channels", info, StringComparison.Ordinal);
        Assert.True(HasColour(_folder.File("grid.png")));
    }

    [Fact]
    public void Train_LikelihoodOfGreyLevels_SaysBitsPerDimension()
    {
        Pictures("png");
        string[] tiny = ["--image-size", "4", "--latents", "3,2", "--hidden", "8,6", "--epochs", "1", "--batch", "10", "--evaluation-draws", "2"];
        var screen = InProcess.Run(_folder.Path, ["train", "--data", "data", .. tiny, "--likelihood", "discretized-logistic", "--initial-output", "mean", "--out", "run"]).Expect(0).Output;
        Assert.Contains("bits/dim", screen, StringComparison.Ordinal);
        var member = JsonNode.Parse(File.ReadAllText(_folder.File("run/phase.json")))!["members"]![0]!;
        Assert.Equal(-(double)member["bounds"]!["sampledElbo"]!["value"]! / (48 * Math.Log(2)), (double)member["bitsPerDimension"]!, 1e-9);
        Assert.Contains("bits/dim", File.ReadAllText(_folder.File("run/report.html")), StringComparison.Ordinal);
        Assert.True(HasColour(_folder.File("run/samples.png")));
        Assert.Contains("bits/dim", InProcess.Run(_folder.Path, "compare", "run").Expect(0).Output, StringComparison.Ordinal);
        // Numbers that are no grey levels.
        Assert.Contains("256 grey levels", TinyRun.OneLine(InProcess.Run(_folder.Path, "train", "--data", "gaussian", "--likelihood", "categorical").Expect(2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("phase --data digits --colour grey", 2, "--colour grey is for pictures in a folder")]
    [InlineData("phase --data digits --image-size 8", 2, "--image-size 8 averages pixels, and those of digits are binary")]
    [InlineData("phase --data data --image-size 8x8x3", 2, "--image-size 8x8x3 has more than a height and a width")]
    [InlineData("phase --data data --colour green", 2, "--colour should be one of auto, grey, rgb")]
    [InlineData("phase --data data --colour rgb --likelihood bernoulli", 2, "bernoulli")]
    [InlineData("phase --data data --networks convolution --latents 4x5x5,3 --hidden 4,4", 1, "12x12, 6x6, 3x3")]
    [InlineData("phase --data data --networks convolution --latents 4x6x6,3 --hidden 4", 2, "--hidden has 1 number(s) of channels")]
    [InlineData("data info gaussian --grid grid.png", 1, "--grid draws pictures")]
    [InlineData("data info data --grid data/train/red/00.png", 2, "one of the data's own files")]
    [InlineData("data info data --image-size 65536", 2, "more than 16384 pixels a side")]
    [InlineData("data info data --colour rgb --image-size 16000", 1, "more than the limit")]
    [InlineData("data info data --image-size 8x8x3", 2, "more than a height and a width")]
    [InlineData("data info digits --image-size 8", 2, "--image-size 8 averages pixels, and those of digits are binary")]
    [InlineData("train --data data --image-size 3.5", 2, "such as 32x48")]
    [InlineData("train --data data --likelihood categorical --decoder-sigma learned", 2, "makes it another")]
    [InlineData("train --data data --likelihood categorical --decoder-variance 0.1", 2, "--decoder-variance 0.1 belongs to a gaussian likelihood")]
    [InlineData("train --data digits --decoder-variance 0.1", 2, "--decoder-variance 0.1 belongs to a gaussian likelihood, and data 'digits' makes it bernoulli")]
    [InlineData("train --data digits --likelihood logistic-mixture-rgb", 2, "is of images with 3 channels, and data 'digits' have one; give another, such as logistic-mixture")]
    public void Run_WhatCannotBe_IsOneLine(string arguments, int code, string why)
    {
        Pictures("png");
        Assert.Contains(why, TinyRun.OneLine(InProcess.Run(_folder.Path, arguments.Split(' ')).Expect(code)), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_RunThatIsOlderThanTheSetting_ReadsItsFolderAsGrey()
    {
        PixelColour Colour(string json) => SettingsJson.Parse(json, "config.json", RunSettings.ForPhase).Colour;
        Assert.Equal(PixelColour.Grey, Colour("""{"data": "pictures", "provenance": {}}"""));
        Assert.Equal(PixelColour.Auto, Colour("""{"data": "digits", "provenance": {}}"""));
        Assert.Equal(PixelColour.Auto, Colour("""{"data": "pictures"}""")); // a file that a user writes
        Assert.Equal(PixelColour.Rgb, Colour("""{"data": "pictures", "colour": "rgb", "provenance": {}}"""));
    }

    private void Pictures(string kind)
    {
        for (var i = 0; i < 40; i++)
        {
            using var bitmap = new SKBitmap(new SKImageInfo(12, 12, SKColorType.Rgba8888, SKAlphaType.Opaque));
            bitmap.Erase(i % 2 == 0 ? SKColors.Crimson : new SKColor(20, (byte)(5 * i), 180));
            using var data = bitmap.Encode(kind == "png" ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 95);
            var path = _folder.File($"data/{(i < 30 ? "train" : "test")}/{(i % 2 == 0 ? "red" : "blue")}/{i:00}.{kind}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, data.ToArray());
        }
    }

    private void Cifar()
    {
        Directory.CreateDirectory(_folder.File("data"));
        var random = new Random(1);
        byte[] Records(int count) => [.. Enumerable.Range(0, count).SelectMany(i => (byte[])
            [(byte)(i % 10), .. Enumerable.Repeat((byte)random.Next(256), 1024), .. Enumerable.Repeat((byte)random.Next(256), 1024), .. Enumerable.Repeat((byte)20, 1024)])];
        File.WriteAllBytes(_folder.File("data/data_batch_1.bin"), Records(30));
        File.WriteAllBytes(_folder.File("data/test_batch.bin"), Records(10));
    }

    private static bool HasColour(string path)
    {
        using var bitmap = SKBitmap.Decode(path);
        return bitmap.Pixels.Any(pixel => Math.Abs(pixel.Red - pixel.Blue) > 20);
    }
}
