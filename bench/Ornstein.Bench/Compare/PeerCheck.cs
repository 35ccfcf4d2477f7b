using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Bench.Compare;

/// <summary>
/// Whether the PyTorch peer is the same model: same weights, data and noise must give the same terms of the loss and the same gradient.
/// </summary>
internal static class PeerCheck
{
    // Both sum the same float32 numbers in other orders: a few hundred roundings of 6e-8.
    private const double Tolerance = 2e-5;

    /// <summary>The greatest relative difference; throws where it is beyond rounding.</summary>
    public static double Run(string python, BenchModel model, int draws)
    {
        var folder = Directory.CreateTempSubdirectory("ornstein-compare-");
        try
        {
            var file = Path.Combine(folder.FullName, "check.safetensors");
            var own = Export(model, draws, file);
            // With all settings: some of OpenBLAS's kernels are wrong on some processors.
            return PyTorchProcess.Candidates.Max(settings => Difference(python, model, draws, settings, file, own));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Difference(string python, BenchModel model, int draws, PyTorchSettings settings, string file, double[] own)
    {
        using var process = PyTorchProcess.Open(python, "train_step.py", model, draws, file, settings);
        var answer = process.Ask("check");
        var terms = answer.GetProperty("terms").EnumerateArray().Select(term => term.GetDouble());
        double[] theirs = [.. terms, answer.GetProperty("gradientNorm").GetDouble()];
        if (theirs.Length != own.Length) throw new InvalidOperationException($"PyTorch's loss has {theirs.Length - 1} terms.");
        var difference = own.Zip(theirs, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a))).Max();
        return difference < Tolerance ? difference : throw new InvalidOperationException(
            $"PyTorch's {model.Name} model with {draws} draws and {process.Threads} is another one: {string.Join(' ', theirs)} for "
            + $"{string.Join(' ', own)}.");
    }

    // Loss terms and the norm of the gradient of Ornstein's model, whose weights, data and noise go into the file.
    private static double[] Export(BenchModel model, int draws, string file)
    {
        using var scope = NewDisposeScope();
        var smoothing = new SmoothingOptions { Draws = Math.Max(1, draws) };
        using var vae = new HierarchicalVae(model.Options, [new Member(BenchModel.RhoOf(draws), 1)], smoothing);
        using var rows = OwnTraining.Digits();
        var x = rows.Slice(0, BenchModel.BatchSize).unsqueeze(0);
        var noise = StackNoise.Shared(RandomKey.FromSeed(5));
        var pass = vae.Infer(x, noise);
        Tensor[] terms = [vae.Reconstruction(x, pass), .. vae.SmoothedKl(pass, noise)];
        var means = stack(terms.Select(term => term.mean([1L])), 0);
        means.sum([]).backward();

        var tensors = WeightsFile.Of(vae, x);
        for (var i = 0; i < model.Options.Layers; i++)
        {
            long units = model.Options.Latents[i].Units;
            tensors.Add(WeightsFile.Tensor($"z{i + 1}", noise.Normal($"z{i + 1}", BenchModel.BatchSize, units)));
            if (i == 0) continue;
            var place = $"smooth.p{i}";
            tensors.Add(WeightsFile.Tensor(place, noise.Normal(place, smoothing.Draws, BenchModel.BatchSize, units)));
        }

        SafetensorsFile.Write(file, tensors);
        return [.. means.to(ScalarType.Float64).data<double>(), vae.Parameters.Gradients.to(ScalarType.Float64).norm().item<double>()];
    }
}
