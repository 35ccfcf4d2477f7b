using System.Globalization;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Remedies;

namespace Ornstein.Bench.Compare;

/// <summary>How the scripts of bench/peers/pytorch are told a model.</summary>
internal static class PyTorchArguments
{
    private const string PerceptronsScript = "train_step.py", ConvolutionsScript = "train_convolutions.py";

    /// <summary>The script of a model's training steps.</summary>
    public static string TrainingScript(BenchModel model) => model.Options.Networks is Convolutions ? ConvolutionsScript : PerceptronsScript;

    /// <summary>What a script is told of a model with a number of inner draws (none: vanilla).</summary>
    public static IEnumerable<string> Of(BenchModel model, int draws, string script) => model.Options.Networks is Convolutions networks
        ? OfConvolutions(model, networks)
        : [.. OfPerceptrons(model, draws), .. script == PerceptronsScript ? ObjectiveOf(model.Remedy) : []];

    private static IEnumerable<string> OfConvolutions(BenchModel model, Convolutions networks) =>
    [
        "--data", $"{model.Options.Data}", "--latents", Join(model.Options.Latents), "--widths", Join(networks.Widths), "--blocks", $"{networks.Blocks}",
        "--likelihood", model.Options.Likelihood.Name, "--batch", $"{model.BatchSize}", "--rows", $"{MadeImages.Count}",
    ];

    private static IEnumerable<string> OfPerceptrons(BenchModel model, int draws) =>
    [
        "--features", $"{model.Options.Features}", "--latents", Join(model.Options.Units), "--hidden", Join(model.Perceptrons.Hidden),
        "--hidden-layers", $"{model.Perceptrons.HiddenLayers}",
        "--rho", Text(BenchModel.RhoOf(draws)), "--draws", $"{Math.Max(1, draws)}",
        .. model.Perceptrons.NormalizesBatches ? ["--batch-norm"] : Array.Empty<string>(),
        .. model.Options.Skip == SkipConnections.Both ? ["--skips"] : Array.Empty<string>(),
        .. model.Options.Inference == InferenceKind.Ladder ? ["--ladder"] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> ObjectiveOf(Remedy remedy) =>
    [
        .. remedy.Importance is { } importance ? ["--samples", $"{importance.Samples}"] : Array.Empty<string>(),
        .. remedy.Importance?.Gradient == ImportanceGradient.DoublyReparameterized ? ["--doubly"] : Array.Empty<string>(),
        .. remedy.FreeBits is { } bits ? ["--free-bits", Text(bits.Nats)] : Array.Empty<string>(),
        .. remedy.WarmUp is { } warmUp ? ["--warm-up", Text(warmUp.Epochs)] : Array.Empty<string>(),
    ];

    private static string Join<T>(IEnumerable<T> values) => string.Join(',', values);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
