using System.Diagnostics;
using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Bench.Compare;

/// <summary>
/// Where a training step's time goes: the trainer's step part by part, from the library's public pieces. Milliseconds, medians over steps.
/// </summary>
/// <param name="Name">Model and stack.</param>
/// <param name="Milliseconds">By part.</param>
/// <param name="ForwardProducts">The forward pass's matrix products alone.</param>
/// <param name="BackwardProducts">The backward pass's.</param>
internal sealed record StepProfile(
    string Name, IReadOnlyDictionary<string, double> Milliseconds, double ForwardProducts, double BackwardProducts)
{
    private static readonly string[] _parts =
        ["batch", "infer", "reconstruction", "kl", "sum", "backward", "read terms", "dispose", "adam"];

    public static StepProfile Measure(BenchModel model, int members, int draws, int steps)
    {
        using var rows = OwnTraining.Digits();
        var smoothing = new SmoothingOptions { Draws = Math.Max(1, draws) };
        using var vae = new HierarchicalVae(model.Options, OwnTraining.MembersOf(members, draws), smoothing);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        using var batches = new StackBatches(rows, vae.Seeds, BenchModel.BatchSize);
        var active = Enumerable.Repeat(true, members).ToArray();
        var times = _parts.Select(_ => new double[steps]).ToArray();
        const int WarmUp = 5;
        for (var step = 1; step <= steps + WarmUp; step++)
        {
            var clock = Stopwatch.StartNew();
            var part = 0;
            var place = Math.Max(0, step - WarmUp - 1);
            void Mark()
            {
                times[part++][place] = clock.Elapsed.TotalMilliseconds;
                clock.Restart();
            }

            using (NewDisposeScope())
            {
                var x = batches.Of(step);
                Mark();
                var noise = StackNoise.OfStep(vae.Seeds, step);
                var pass = vae.Infer(x, noise);
                Mark();
                var reconstruction = vae.Reconstruction(x, pass);
                Mark();
                var kl = vae.SmoothedKl(pass, noise);
                Mark();
                var means = stack(kl.Prepend(reconstruction).Select(term => term.mean([1L])), 0);
                var loss = means.sum([]);
                Mark();
                loss.backward();
                Mark();
                _ = means.to(ScalarType.Float64).data<double>().ToArray();
                Mark();
            }

            Mark();
            adam.Step(step, 1e-3, active);
            Mark();
        }

        var medians = _parts.Zip(times).ToDictionary(pair => pair.First, pair => Quartiles.Of(pair.Second).Median, StringComparer.Ordinal);
        var forward = Products(model, members, draws, steps, forwardOnly: true);
        var all = Products(model, members, draws, steps, forwardOnly: false);
        return new StepProfile($"{model.Name} {OwnTraining.NameOf(members, draws)}", medians, forward, all - forward);
    }

    private static double Products(BenchModel model, int members, int draws, int steps, bool forwardOnly)
    {
        using var floor = new MatmulFloor(model, members, draws, FloorKind.Batched, forwardOnly: forwardOnly);
        floor.Run(3);
        return 1e3 * Quartiles.Of(Enumerable.Range(0, steps).Select(_ => floor.Run(1))).Median;
    }
}
