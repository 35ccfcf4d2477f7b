using System.Diagnostics;
using Ornstein.Batching;
using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Steps.Operations;

namespace Ornstein.Bench.Compare;

/// <summary>
/// Where a training step's time goes: a member's step on one thread, kind by kind of operation. Milliseconds, medians over steps.
/// </summary>
/// <param name="Name">Model and draws.</param>
/// <param name="Milliseconds">By kind.</param>
internal sealed record StepProfile(string Name, IReadOnlyDictionary<string, double> Milliseconds)
{
    public static unsafe StepProfile Measure(BenchModel model, int draws, int steps)
    {
        const int WarmUp = 30;
        using var rows = model.Images();
        var smoothing = new SmoothingOptions { Draws = Math.Max(1, draws) };
        using var vae = new HierarchicalVae(model.Options, [OwnTraining.MembersOf(1, draws)[0] with { Remedy = model.Remedy }], smoothing);
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        var batches = new StackBatches(rows, vae.Seeds, model.BatchSize);
        var kind = ProgramKind.Trained(vae.Members[0].Remedy, Enumerable.Repeat(draws > 0, model.Options.Layers - 1));
        var program = new StepProgram(vae, model.BatchSize, kind, new StepScalars(vae));
        var layout = vae.Parameters.Layout;
        using var memory = new Workspace(program.Memory.Length, layout.Length, WorkspacePlan.PackingOf([program.Memory], layout, withGradients: true));
        var times = new Dictionary<string, double[]>(StringComparer.Ordinal);
        var clock = new Stopwatch();
        for (var step = 1; step <= steps + WarmUp; step++)
        {
            var place = step - WarmUp - 1;
            void Time(string kind, Action work)
            {
                clock.Restart();
                work();
                var milliseconds = clock.Elapsed.TotalMilliseconds;
                if (place < 0) return;
                if (!times.TryGetValue(kind, out var values)) times.Add(kind, values = new double[steps]);
                values[place] += milliseconds;
            }

            var parameters = new ParameterMemory(1, TensorMemory.Address(vae.Parameters.Values));
            Frame Whole() => new(
                program.Memory, memory, parameters, 0, 0, model.BatchSize, memory);
            Span<float> Gradient(Segment segment) => new(memory.Gradient + segment.Offset, segment.Count);

            var frame = Whole();
            batches.Prepare(step);
            Time("data", () => batches.Fill(0, step, 0, new Span<float>(frame.Value(program.X), frame.Floats(program.X))));
            foreach (var noise in program.Noise) Time("noise", () => noise.Fill(frame, StackNoise.KeyOf(1, step)));
            // In the order of a step: a slice goes forward and backward at a time, and into the gradient.
            for (var first = 0; first < model.BatchSize; first += program.RowsAtOnce)
            {
                var (some, add) = (Whole().Slice(first, Math.Min(program.RowsAtOnce, model.BatchSize - first), memory), first > 0);
                foreach (var operation in program.Operations) Time(Kind(operation, "forward"), () => operation.Forward(some));
                foreach (var term in program.Terms) Time("terms", () => term.Sum(some));
                foreach (var operation in program.Operations.Reverse()) Time(Kind(operation, "backward"), () => operation.Backward(some));
                foreach (var piece in program.Pieces) Time("parameters' gradient", () => piece.Differentiate(some, add));
            }

            foreach (var segment in adam.Segments) Time("norm", () => Adam.SumOfSquares(Gradient(segment)));
            var update = adam.UpdateOf(step, 1e-3);
            foreach (var segment in adam.Segments) Time("adam", () => adam.Apply(update, 0, segment, Gradient(segment), 1));
        }

        var medians = times.ToDictionary(pair => pair.Key, pair => Quartiles.Of(pair.Value).Median, StringComparer.Ordinal);
        return new StepProfile($"{model.Name}{(draws == 0 ? "" : $" K={draws}")}, one member on one thread", medians);
    }

    private static string Kind(IOperation operation, string pass) => operation switch
    {
        DenseOperation => $"dense {pass}",
        NormalizeOperation => $"normalization {pass}",
        RowReconstructionTerm => $"reconstruction {pass}",
        _ => $"elementwise {pass}",
    };
}
