using System.Globalization;
using Ornstein.Data;
using SkiaSharp;

namespace Ornstein.Kill;

/// <summary>The kinds of runs, each of a second or two. Checkpoints are written at every step, so that most moments lie in or between writes.</summary>
internal static class RunKinds
{
    internal const string Run = "run";

    private static readonly string[] _small =
    [
        "--train-limit", "64", "--test-limit", "32", "--validation", "16", "--batch", "16", "--threads", "1", "--draws", "2", "--rho", "0.3,1", "--seeds", "0",
        "--checkpoint-seconds", "0", "--quiet",
    ];

    internal static string[] Perceptron { get; } = [.. _small, "--latents", "3,2", "--hidden", "6,4"];

    private const string Study = """
        {
          "name": "study",
          "settings": {
            "trainLimit": 64, "testLimit": 32, "validation": 16, "batch": 16, "threads": 1, "draws": 2, "rho": [0.3, 1], "seeds": [0], "epochs": 4,
            "checkpointSeconds": 0, "latents": [3, 2], "hidden": [6, 4]
          },
          "smoothing": { "p": {}, "standard": { "measure": "standard" } },
          "experiments": { "measure": { "question": "Does the measure matter?", "smoothing": ["p", "standard"] } }
        }
        """;

    // Enough pictures to be kept in the cache.
    private const int Pictures = 1000;

    // The one set that a package of the system brings, with files that can be had without a network.
    internal const string KnownSet = "fashion-mnist";

    internal static string? KnownFiles { get; } = Environment.GetEnvironmentVariable("ORNSTEIN_TEST_FASHION_MNIST") is { Length: > 0 } set ? set : DatasetCatalog.FindFolder(KnownSet);

    public static RunKind[] All { get; } =
    [
        new("phase", ["phase", "--resume", "--out", Run, .. Perceptron, "--epochs", "6", "--ema", "0.9"], Nothing),
        new("autograd", ["phase", "--resume", "--out", Run, .. Perceptron, "--epochs", "6", "--prior", "mixture:2"], Nothing),
        new("convolution", ["phase", "--resume", "--out", Run, .. _small, "--epochs", "4", "--networks", "convolution", "--latents", "1x7x7,3", "--hidden", "2,3", "--hidden-layers", "1"], Nothing),
        new(
            "refine",
            [
                "phase", "--resume", "--out", Run, "--data", "gaussian", "--eigenvalues", "20", "--latents", "1,1", "--hidden", "none", "--rho", "0.3,1", "--seeds", "0",
                "--epochs", "15", "--batch", "200", "--draws", "2", "--test-limit", "200", "--refine", "1", "--threads", "1", "--checkpoint-seconds", "0.1", "--quiet",
            ],
            Nothing),
        new(
            "branches",
            [
                "phase", "--resume", "--branches", "both", "--out", Run, "--data", "gaussian", "--eigenvalues", "5", "--latents", "1,1", "--hidden", "none", "--rho", "0.3,1",
                "--seeds", "0", "--epochs", "20", "--batch", "200", "--learning-rate", "0.03", "--draws", "2", "--test-limit", "200", "--threads", "1",
                "--checkpoint-seconds", "0.1", "--quiet",
            ],
            Nothing),
        new("study-run", ["study", "run", "study.json"], WriteStudy) { FailsWithoutMemory = true },
        new("study-work", ["study", "work", "study.json", "--submission", "1", "--element", "0"], folder =>
        {
            WriteStudy(folder);
            Child.Expect(folder, "study", "submit", "study.json", "--launcher", "command");
        }) { FailsWithoutMemory = true },
        new("eval", ["eval", Run, "--out", "diagnoses", "--json"], folder => Child.Expect(folder, ["phase", "--out", Run, .. Perceptron, "--epochs", "2"])),
        new("data-get", ["data", "get", KnownSet, "--from", KnownFiles ?? "", "--cache", "cache"], Nothing)
        {
            Missing = KnownFiles is null ? $"no files of {KnownSet}: set ORNSTEIN_TEST_FASHION_MNIST to their folder" : null,
        },
        new("pictures", ["data", "info", "pictures", "--cache", "cache"], WritePictures) { OnlyKeepsCopies = true },
    ];

    internal static void Nothing(string folder)
    {
        // It reads data that come with the program.
    }

    internal static void WriteStudy(string folder) => File.WriteAllText(Path.Combine(folder, "study.json"), Study);

    internal static void WritePictures(string folder)
    {
        var (place, random) = (Directory.CreateDirectory(Path.Combine(folder, "pictures")), new Random(1));
        using var picture = new SKBitmap(8, 8, SKColorType.Gray8, SKAlphaType.Opaque);
        for (var i = 0; i < Pictures; i++)
        {
            var level = (byte)random.Next(256);
            picture.Erase(new SKColor(level, level, level));
            picture.SetPixel(i % 8, i / 8 % 8, SKColors.White);
            using var file = File.Create(Path.Combine(place.FullName, i.ToString("D4", CultureInfo.InvariantCulture) + ".png"));
            picture.Encode(file, SKEncodedImageFormat.Png, quality: 100);
        }
    }
}
