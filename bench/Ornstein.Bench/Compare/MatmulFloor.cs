using System.Diagnostics;
using Ornstein.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Bench.Compare;

/// <summary>How a floor calls the products.</summary>
internal enum FloorKind
{
    /// <summary>One batched product for all members, which allocates its output, as a step does.</summary>
    Batched,

    /// <summary>A product a member, into outputs that are there.</summary>
    Preallocated,
}

/// <summary>
/// A training step's matrix products alone through libtorch, back to back at their own shapes. Forward, the weights' gradient and the input's
/// gradient of every dense layer; data need none. TorchSharp has no batched product into an output
/// that is there, so that both ways are timed and the faster is the floor.
/// </summary>
internal sealed class MatmulFloor : IContender
{
    private readonly List<Product> _products = [];
    private readonly FloorKind _kind;

    public MatmulFloor(
        BenchModel model, int members, int draws, FloorKind kind, ScalarType type = ScalarType.Float32)
    {
        _kind = kind;
        Name = NameOf(members, draws, kind, type);
        foreach (var (inputs, outputs, rows, differentiated) in LayerShape.Of(model, draws))
        {
            var x = randn(members, rows, inputs).to(type).DetachFromDisposeScope();
            var w = randn(members, inputs, outputs).to(type).DetachFromDisposeScope();
            var g = randn(members, rows, outputs).to(type).DetachFromDisposeScope();
            _products.Add(new Product(x, w));
            _products.Add(new Product(x.transpose(1, 2), g));
            if (differentiated > 0) _products.Add(new Product(g, w.narrow(1, 0, differentiated).transpose(1, 2)));
        }
    }

    public string Name { get; }

    public int ImagesPerStep => 0;

    public static string NameOf(int members, int draws, FloorKind kind, ScalarType type = ScalarType.Float32)
    {
        var k = draws == 0 ? "" : $" K={draws}";
        return $"products x{members}{k}{(type == ScalarType.BFloat16 ? " bfloat16" : "")} {kind.ToString().ToLowerInvariant()}";
    }

    public double Run(int steps)
    {
        using var guard = no_grad();
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < steps; step++)
        {
            foreach (var product in _products) product.Run(_kind);
        }

        return clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var product in _products) product.Dispose();
    }

    private sealed class Product : IDisposable
    {
        private readonly Tensor _left, _right;
        private readonly (Tensor Left, Tensor Right, Tensor Output)[] _members;

        public Product(Tensor left, Tensor right)
        {
            (_left, _right) = (left, right);
            _members = [.. Enumerable.Range(0, (int)left.shape[0]).Select(member =>
                (left[member], right[member], zeros([left.shape[1], right.shape[2]], dtype: left.dtype)))];
            Verify();
        }

        public void Run(FloorKind kind)
        {
            if (kind == FloorKind.Batched)
            {
                bmm(_left, _right).Dispose();
                return;
            }

            foreach (var (left, right, output) in _members) output.addmm_(left, right, beta: 0, alpha: 1); // returns itself
        }

        public void Dispose()
        {
            foreach (var (left, right, output) in _members)
            {
                left.Dispose();
                right.Dispose();
                output.Dispose();
            }

            _left.Dispose();
            _right.Dispose();
        }

        // Both ways must be the same product: TorchSharp has wrong ones.
        private void Verify()
        {
            using var scope = NewDisposeScope();
            Run(FloorKind.Preallocated);
            var one = stack(_members.Select(member => member.Output), 0);
            var difference = (bmm(_left, _right) - one).to(ScalarType.Float32).abs().max().item<float>();
            if (difference > (one.dtype == ScalarType.Float32 ? 1e-2 : 4)) throw new InvalidOperationException("addmm_ is not bmm.");
        }
    }
}
