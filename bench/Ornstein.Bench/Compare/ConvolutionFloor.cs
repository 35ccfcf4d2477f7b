using System.Diagnostics;
using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Steps.Operations;
using TorchSharp;

namespace Ornstein.Bench.Compare;

/// <summary>
/// The limit of a convolutional member: the products of a step alone, convolutions and dense layers of its own program, forward, backward and for the weights, shared
/// among threads as in a step. Data, noise, nonlinearities, Gaussians, likelihood and optimizer are left out.
/// </summary>
internal sealed class ConvolutionFloor : IContender
{
    private readonly HierarchicalVae _vae;
    private readonly StepProgram _program;
    private readonly IOperation[] _products;
    private readonly Workspace[] _workspaces;
    private readonly ParameterMemory _parameters;
    private readonly WorkerThreads _workers = new(torch.get_num_threads());

    public ConvolutionFloor(BenchModel model)
    {
        _vae = new HierarchicalVae(model.Options, [new Member(1, 0)], new SmoothingOptions());
        _program = new MemberPrograms(_vae, model.BatchSize, new StepScalars(_vae)).Of(0);
        _products = [.. _program.Operations.Where(operation => operation is IConvolution or DenseOperation)];
        var need = new StepNeed(_vae, [_program], _workers.Count);
        _workspaces = [.. Enumerable.Range(0, _workers.Count).Select(_ => new Workspace(need.Slots, _vae.Parameters.Layout.Length, need.Packing))];
        unsafe
        {
            _parameters = new ParameterMemory(1, TensorMemory.Address(_vae.Parameters.Values));
        }
    }

    public static string Title => "products x1 own";

    public string Name => Title;

    public int ImagesPerStep => 0;

    public double Run(int steps)
    {
        var (clock, batch, rows) = (Stopwatch.StartNew(), _program.Memory.Batch, _program.RowsAtOnce);
        for (var step = 0; step < steps; step++)
        {
            for (var first = 0; first < batch; first += _workers.Count * rows)
            {
                var from = first;
                var parts = Math.Min(_workers.Count, (batch - from + rows - 1) / rows);
                _workers.Run(parts, (_, part) => Pass(Slice(part, part, from + (part * rows))));
                _workers.Run(_program.Pieces.Length, (thread, piece) =>
                {
                    for (var part = 0; part < parts; part++) _program.Pieces[piece].Differentiate(Slice(thread, part, from + (part * rows)), add: from + part > 0);
                });
            }
        }

        return clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        _workers.Dispose();
        foreach (var workspace in _workspaces) workspace.Dispose();
        _vae.Dispose();
    }

    private void Pass(in Frame frame)
    {
        foreach (var product in _products) product.Forward(frame);
        for (var i = _products.Length - 1; i >= 0; i--) _products[i].Backward(frame);
    }

    // A slice in the memory of one thread, with the packing memory of another.
    private Frame Slice(int thread, int workspace, int first) =>
        new Frame(_program.Memory, _workspaces[workspace], _parameters, 0, 0, _program.Memory.Batch, _workspaces[thread])
            .Slice(first, Math.Min(_program.RowsAtOnce, _program.Memory.Batch - first), _workspaces[workspace]);
}
