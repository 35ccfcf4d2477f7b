using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Bench;

/// <summary>
/// Which sampler smooths best with the same K: root mean square error of the smoothed KL terms' functions against 8,192 draws, in units of the
/// error of iid draws, on a model trained on the embedded digits.
/// </summary>
internal static class SamplerError
{
    public static void Run(int epochs)
    {
        var digits = DatasetCatalog.Load("digits");
        using var train = DataRows.FromPixels(digits.Train.Bytes!, digits.Features, Binarization.None, training: true);
        using var test = DataRows.FromPixels(digits.Test.Bytes!, digits.Features, Binarization.None, training: false);
        foreach (var rho in new[] { 0.5, 0.9 })
        {
            var model = new ModelOptions { Data = digits.Features };
            using var vae = new HierarchicalVae(model, [new Member(rho, 0)], new SmoothingOptions());
            using var adam = new Adam(vae.Parameters, new AdamOptions());
            Trainer.Run(vae, adam, new TrainingState(3, 1), train, null, new TrainingOptions { Epochs = epochs });
            using var guard = no_grad();
            using var scope = NewDisposeScope();
            var pass = vae.Infer(test.Slice(0, 100).unsqueeze(0), StackNoise.Shared(RandomKey.FromSeed(7)));
            for (var link = 0; link < 2; link++)
            {
                var truth = Smooth(vae, pass, link, rho, SmoothingSampler.Iid, 8192, 99);
                foreach (var draws in new[] { 2, 4, 8, 16, 32 })
                {
                    var errors = new[] { SmoothingSampler.Iid, SmoothingSampler.Antithetic, SmoothingSampler.Sobol }
                        .Select(sampler => Error(vae, pass, link, rho, sampler, draws, truth)).ToArray();
                    Console.WriteLine(
                        $"rho {rho} link {link + 1} K {draws,2}: error of mean, deviation relative to iid: antithetic "
                        + $"{errors[1].Mean / errors[0].Mean:F2} {errors[1].Deviation / errors[0].Deviation:F2}, "
                        + $"sobol {errors[2].Mean / errors[0].Mean:F2} {errors[2].Deviation / errors[0].Deviation:F2}");
                }
            }
        }
    }

    private static (double Mean, double Deviation) Error(
        HierarchicalVae vae, InferencePass pass, int link, double rho, SmoothingSampler sampler, int draws, DiagonalGaussian truth)
    {
        var (mean, deviation) = (0.0, 0.0);
        const int Repeats = 40;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            using var scope = NewDisposeScope();
            var estimate = Smooth(vae, pass, link, rho, sampler, draws, repeat);
            mean += (estimate.Mean - truth.Mean).Squared().mean([]).item<float>() / Repeats;
            deviation += (estimate.StandardDeviation - truth.StandardDeviation).Squared().mean([]).item<float>() / Repeats;
        }

        return (Math.Sqrt(mean), Math.Sqrt(deviation));
    }

    private static DiagonalGaussian Smooth(
        HierarchicalVae vae, InferencePass pass, int link, double rho, SmoothingSampler sampler, int draws, long seed)
    {
        using var operation = new SmoothingOperator([rho], new SmoothingOptions { Draws = draws, Sampler = sampler });
        return operation.Apply(
            z => vae.Generative(link, z), pass.Layers[link + 1], pass.Samples[link + 1],
            StackNoise.Shared(RandomKey.FromSeed(seed).At("samplers").At((int)sampler)), "draws");
    }
}
