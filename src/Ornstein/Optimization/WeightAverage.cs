using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ornstein.Kernels;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Optimization;

/// <summary>
/// An exponential moving average of all parameters of a stack: a &lt;- a + (1 - decay) (w - a) after every step that a member takes, running means of networks too.
/// It begins at the weights that training begins with. Training never reads it: what is measured does, between <see cref="Lend"/> and the end of the loan.
/// </summary>
public sealed class WeightAverage : IDisposable
{
    private readonly StackParameters _parameters;
    private readonly float _share; // that a step's weights have in it
    private readonly nint _own, _weights; // on the processor
    private bool _isBegun;

    internal WeightAverage(StackParameters parameters, double decay)
    {
        (_parameters, _share) = (parameters, (float)(1 - decay));
        Values = zeros_like(parameters.Values).DetachFromDisposeScope();
        if (parameters.IsOnProcessor) (_own, _weights) = (TensorMemory.Address(Values), TensorMemory.Address(parameters.Values));
    }

    /// <summary>The average, float32 [members * length], in the form of the parameters.</summary>
    public Tensor Values { get; }

    /// <summary>Begins at the weights as they are; where it has begun, or was restored, it stays.</summary>
    public void Begin()
    {
        if (_isBegun) return;
        using var guard = no_grad();
        Values.copy_(_parameters.Values);
        _isBegun = true;
    }

    /// <summary>Puts the average in the place of the weights, and these back when the loan is disposed.</summary>
    public IDisposable Lend()
    {
        Exchange();
        return new Loan(this);
    }

    /// <summary>Puts the average in the place of the weights for good: nothing is trained after it.</summary>
    public void Take()
    {
        using var guard = no_grad();
        _parameters.Values.copy_(Values);
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();

    /// <summary>Says that it is where a training stopped.</summary>
    internal void Restored() => _isBegun = true;

    /// <summary>Moves a run of a member's parameters.</summary>
    internal unsafe void Move(int member, Segment segment)
    {
        var offset = segment.OffsetIn(_parameters.Members, member);
        var own = new Span<float>((float*)_own + offset, segment.Count);
        var weights = new ReadOnlySpan<float>((float*)_weights + offset, segment.Count);
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(own);
        var moved = MemoryMarshal.Cast<float, Vector512<float>>(weights);
        for (var i = 0; i < vectors.Length; i++) vectors[i] += (moved[i] - vectors[i]) * _share;
        for (var i = vectors.Length * Vector512<float>.Count; i < own.Length; i++) own[i] += (weights[i] - own[i]) * _share;
    }

    /// <summary>Moves in tensors.</summary>
    /// <param name="takes">Whose numbers move, bool [members * length].</param>
    internal void Move(Tensor takes)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Values.copy_(where(takes, Values.Plus((_parameters.Values - Values).Times(_share)), Values));
    }

    private void Exchange()
    {
        using var guard = no_grad();
        using var weights = _parameters.Values.clone();
        _parameters.Values.copy_(Values);
        Values.copy_(weights);
    }

    private sealed class Loan(WeightAverage average) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (_isOver) return;
            _isOver = true;
            average.Exchange();
        }
    }
}
