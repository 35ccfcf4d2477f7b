using System.Diagnostics;
using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Storage;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Bench.Compare;

/// <summary>The importance-weighted bound of one vanilla member; a "step" is all images with all draws.</summary>
internal static class Importance
{
    public const string Evaluator = "ornstein evaluator", BoundAlone = "ornstein bound alone", PyTorch = "pytorch importance";

    /// <summary>Times each; the bounds of all must agree, and the peer's thread settings come with them.</summary>
    public static (Rounds Rounds, string? PyTorch, double Difference) Run(string title, BenchModel model, CompareOptions options, bool withPyTorch)
    {
        var (draws, images, rounds) = options.Importance;
        var folder = Directory.CreateTempSubdirectory("ornstein-compare-");
        var file = Path.Combine(folder.FullName, "weights.safetensors");
        using var vae = new HierarchicalVae(model.Options, [new Member(1, 1)], new SmoothingOptions());
        using var digits = OwnTraining.Digits();
        using var x = digits.Slice(0, images).DetachFromDisposeScope();
        using (NewDisposeScope()) SafetensorsFile.Write(file, WeightsFile.Of(vae, x.unsqueeze(0)));
        try
        {
            var pixels = x.Times(255).round().to(ScalarType.Byte).data<byte>().ToArray();
            using var rows = DataRows.FromPixels(pixels, digits.Features, Binarization.None, training: false);
            var contenders = new List<Bound>
            {
                new(Evaluator, images, draws, count => Evaluate(vae, rows, count)),
                new(BoundAlone, images, draws, count => Alone(vae, rows, count)),
            };
            string? description = null;
            if (withPyTorch)
            {
                var (process, settings) = Fastest(options.Python, model, file);
                description = settings;
                double Ask(int count) => process.Ask($"bound {count}").GetProperty("bound").GetDouble();
                contenders.Add(new Bound(PyTorch, images, draws, Ask, process));
            }

            var result = Rounds.Run(title, contenders, options with { Rounds = rounds });
            var values = contenders.Select(contender => contender.Value).ToArray();
            var difference = values.Max() - values.Min();
            return difference < 1 ? (result, description, difference)
                : throw new InvalidOperationException($"the bounds differ: {string.Join(' ', values)} nats.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What `eval --importance-draws` does; it measures more than the bound.
    private static double Evaluate(HierarchicalVae vae, DataRows rows, int draws) =>
        Ornstein.Evaluation.Evaluator.Members(vae, rows, new EvaluationOptions { ImportanceDraws = draws })[0].Bounds!.ImportanceWeighted.Value;

    private static double Alone(HierarchicalVae vae, DataRows rows, int draws) =>
        ImportanceBounds.Of(vae, rows, draws, RandomKey.FromSeed(3))[0].ImportanceWeighted.Value;

    private static (PyTorchProcess Process, string Description) Fastest(string python, BenchModel model, string file)
    {
        var candidates = PyTorchProcess.Candidates
            .Select(settings => PyTorchProcess.Open(python, "importance.py", model, draws: 0, file, settings)).ToArray();
        double Time(PyTorchProcess process) => process.Ask("bound 20").GetProperty("seconds").GetDouble();
        foreach (var candidate in candidates) Time(candidate);
        var best = candidates.MinBy(Time)!;
        foreach (var candidate in candidates.Where(candidate => candidate != best)) candidate.Dispose();
        return (best, $"PyTorch {best.Ask("settings").GetProperty("torch").GetString()}, {best.Settings}");
    }

    private sealed class Bound(string name, int images, int draws, Func<int, double> bound, IDisposable? owned = null) : IContender
    {
        public string Name => name;

        public int ImagesPerStep => images;

        public double Value { get; private set; }

        public bool IsLong => true;

        public double Run(int steps)
        {
            var clock = Stopwatch.StartNew();
            for (var step = 0; step < steps; step++) Value = bound(draws);
            return clock.Elapsed.TotalSeconds;
        }

        public void Dispose() => owned?.Dispose();
    }
}
