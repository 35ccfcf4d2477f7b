using System.Diagnostics;
using System.Runtime.InteropServices;
using Ornstein.Kernels;
using Ornstein.Steps;
using Ornstein.Steps.Operations;
using TorchSharp;

namespace Ornstein.Bench.Compare;

/// <summary>
/// The limit: a training step's matrix products alone, through Ornstein's own, back to back at their own shapes and shared among threads as
/// in a step: members one a thread; a single member by rows, and its weights' gradients by columns.
/// </summary>
internal sealed unsafe class OwnFloor : IContender
{
    // Columns of a weight's gradient that a thread takes at a time when it shares a member.
    private const int PieceColumns = 96;

    private readonly IReadOnlyList<LayerShape> _layers;
    private readonly int _members;
    private readonly WorkerThreads _workers = new(torch.get_num_threads());
    private readonly List<nint> _blocks = [];
    private readonly float*[] _panels, _strips, _inputs, _outputs, _gradients; // by thread
    private readonly float*[] _weights;                              // by member: every layer's, one after another
    private readonly (int Layer, int First, int Count)[] _pieces;

    public OwnFloor(BenchModel model, int members, int draws)
    {
        (Name, _members) = (NameOf(members, draws), members);
        _layers = LayerShape.Of(model, draws);
        var threads = _workers.Count;
        (_panels, _strips) = (new float*[threads], new float*[threads]);
        (_inputs, _outputs, _gradients) = (new float*[threads], new float*[threads], new float*[threads]);
        var (depth, parameters) = (_layers.Max(layer => Math.Max(layer.Rows, Math.Max(layer.Inputs, layer.Outputs))), Parameters());
        for (var i = 0; i < threads; i++)
        {
            _panels[i] = Allocate(checked((int)MatrixProduct.PanelLength(depth)));
            _strips[i] = Allocate(checked((int)MatrixProduct.StripsLength(_layers.Max(layer => layer.Inputs), DenseOperation.Deepest)));
            _gradients[i] = Allocate(parameters);
            _inputs[i] = Allocate(_layers.Max(layer => layer.Rows * layer.Inputs));
            _outputs[i] = Allocate(_layers.Max(layer => layer.Rows * layer.Outputs));
        }

        _weights = new float*[members];
        for (var member = 0; member < members; member++) _weights[member] = Allocate(parameters);
        _pieces = [.. Enumerable.Range(0, _layers.Count).SelectMany(Pieces)];
    }

    public string Name { get; }

    public int ImagesPerStep => 0;

    public static string NameOf(int members, int draws) => $"products x{members}{(draws == 0 ? "" : $" K={draws}")} own";

    public double Run(int steps)
    {
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < steps; step++)
        {
            var rest = _members % _workers.Count;
            if (_members > rest) _workers.Run(_members - rest, Member);
            for (var member = _members - rest; member < _members; member++)
            {
                var current = member;
                _workers.Run(_workers.Count, (thread, part) => Activations(thread, current, _workers.Count));
                _workers.Run(_pieces.Length, (thread, i) => WeightGradient(thread, _pieces[i]));
            }
        }

        return clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        _workers.Dispose();
        foreach (var block in _blocks) NativeMemory.AlignedFree((void*)block);
    }

    private void Member(int thread, int member)
    {
        Activations(thread, member, parts: 1);
        for (var layer = 0; layer < _layers.Count; layer++) WeightGradient(thread, (layer, 0, _layers[layer].Outputs));
    }

    // Forward products and those of the inputs' gradients, for a part of the rows.
    private void Activations(int thread, int member, int parts)
    {
        var weight = _weights[member];
        foreach (var layer in _layers)
        {
            var rows = layer.Rows / parts;
            new MatrixProduct
            {
                A = Factor.Rows(_inputs[thread], layer.Inputs), B = Factor.Rows(weight, layer.Outputs),
                C = _outputs[thread], CRow = layer.Outputs, Rows = rows, Depth = layer.Inputs, Columns = layer.Outputs, Panel = _panels[thread],
            }.Compute();
            if (layer.Differentiated > 0)
            {
                new MatrixProduct
                {
                    A = Factor.Rows(_outputs[thread], layer.Outputs), B = Factor.Transposed(weight, layer.Outputs),
                    C = _inputs[thread], CRow = layer.Inputs, Rows = rows, Depth = layer.Outputs, Columns = layer.Differentiated, Panel = _panels[thread],
                }.Compute();
            }

            weight += layer.Inputs * layer.Outputs;
        }
    }

    private void WeightGradient(int thread, (int Layer, int First, int Count) piece)
    {
        var layer = _layers[piece.Layer];
        var gradient = _gradients[thread];
        for (var i = 0; i < piece.Layer; i++) gradient += _layers[i].Inputs * _layers[i].Outputs;
        for (var first = 0; first < layer.Rows; first += DenseOperation.Deepest)
        {
            new MatrixProduct
            {
                A = Factor.Transposed(_inputs[thread] + ((nint)first * layer.Inputs), layer.Inputs),
                B = Factor.Rows(_outputs[thread] + ((nint)first * layer.Outputs) + piece.First, layer.Outputs),
                C = gradient + piece.First, CRow = layer.Outputs, Rows = layer.Inputs, Depth = Math.Min(DenseOperation.Deepest, layer.Rows - first),
                Columns = piece.Count, Panel = _panels[thread], Strips = _strips[thread], Add = first > 0,
            }.Compute();
        }
    }

    private IEnumerable<(int Layer, int First, int Count)> Pieces(int layer)
    {
        for (var first = 0; first < _layers[layer].Outputs; first += PieceColumns)
        {
            yield return (layer, first, Math.Min(PieceColumns, _layers[layer].Outputs - first));
        }
    }

    private int Parameters() => _layers.Sum(layer => layer.Inputs * layer.Outputs);

    // Products read a little beyond a matrix.
    private float* Allocate(int floats)
    {
        var beyond = Tiles.Rows * _layers.Max(layer => Math.Max(layer.Inputs, layer.Outputs));
        var bytes = (nuint)(floats + beyond) * sizeof(float);
        var block = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(block, bytes);
        _blocks.Add((nint)block);
        return block;
    }
}
