using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Optimization;

/// <summary>
/// Adam over the flat buffers of a stack: one vectorised pass that updates moments and values and clears the gradients.
/// Members never share a number, so that one which diverges cannot touch the others; a member whose gradient is not finite is
/// left as it was.
/// </summary>
public sealed class Adam : IDisposable
{
    private readonly AdamOptions _options;
    private readonly SegmentPlan _plan;
    private readonly double[] _sums; // of squared gradients, per segment: their order is fixed, whatever the number of threads
    private readonly float[] _factors;
    private readonly nint _values, _gradients, _first, _second;

    /// <summary>An optimizer with zero moments for the parameters of a stack.</summary>
    /// <exception cref="OrnsteinException">A setting is out of range.</exception>
    public Adam(StackParameters parameters, AdamOptions options)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        Parameters = parameters;
        FirstMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        (_values, _gradients) = (Address(parameters.Values), Address(parameters.Gradients));
        (_first, _second) = (Address(FirstMoment), Address(SecondMoment));
        GradientNorms = new double[parameters.Members];
        _plan = new SegmentPlan(parameters.Layout, parameters.Members);
        _sums = new double[_plan.Segments.Length];
        _factors = new float[parameters.Members];
    }

    /// <summary>The parameters that are optimized.</summary>
    public StackParameters Parameters { get; }

    /// <summary>Running mean of gradients, float32 [members * length].</summary>
    public Tensor FirstMoment { get; }

    /// <summary>Running mean of squared gradients, float32 [members * length].</summary>
    public Tensor SecondMoment { get; }

    /// <summary>Euclidean norm of every member's last gradient, before clipping.</summary>
    public double[] GradientNorms { get; }

    /// <summary>
    /// Takes one step for every active member whose gradient is finite, and clears all gradients.
    /// </summary>
    /// <param name="step">Number of this step, from 1: corrects the moments' bias.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    public void Step(long step, double learningRate, ReadOnlySpan<bool> active)
    {
        ObjectDisposedException.ThrowIf(FirstMoment.IsInvalid || Parameters.Values.IsInvalid, this);
        MeasureGradients();
        for (var member = 0; member < _factors.Length; member++)
        {
            var norm = GradientNorms[member];
            _factors[member] = !active[member] || !double.IsFinite(norm) ? float.NaN
                : _options.ClipNorm is { } clip && norm > clip ? (float)(clip / norm) : 1;
        }

        var update = new Update(step, learningRate, _options);
        _plan.ForEach((_, segment) =>
        {
            var factor = _factors[segment.Member];
            var gradient = Slice(_gradients, segment);
            if (!float.IsNaN(factor))
            {
                update.Apply(Slice(_values, segment), gradient, Slice(_first, segment), Slice(_second, segment), factor);
            }

            gradient.Clear();
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }

    private void MeasureGradients()
    {
        _plan.ForEach((index, segment) => _sums[index] = SumOfSquares(Slice(_gradients, segment)));
        Array.Clear(GradientNorms);
        for (var i = 0; i < _sums.Length; i++) GradientNorms[_plan.Segments[i].Member] += _sums[i];
        for (var member = 0; member < GradientNorms.Length; member++) GradientNorms[member] = Math.Sqrt(GradientNorms[member]);
    }

    private static unsafe Span<float> Slice(nint start, Segment segment) => new((float*)start + segment.Offset, segment.Count);

    // Address of a flat buffer's first element; libtorch never moves it.
    private static unsafe nint Address(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(flat.narrow(0, 0, 1).bytes));
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        // Blocks of 1,024 in float, their sums in double: a long sum in float would lose its small terms.
        for (var start = 0; start < values.Length; start += 1024)
        {
            var block = values[start..Math.Min(start + 1024, values.Length)];
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
            var total = Vector<float>.Zero;
            foreach (var vector in vectors) total += vector * vector;
            sum += Vector.Sum(total);
            foreach (var value in block[(vectors.Length * Vector<float>.Count)..]) sum += value * value;
        }

        return sum;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Update(long step, double learningRate, AdamOptions options)
    {
        private readonly float _beta1 = (float)options.Beta1;
        private readonly float _beta2 = (float)options.Beta2;
        private readonly float _epsilon = (float)options.Epsilon;
        private readonly float _rate = (float)(learningRate / (1 - Math.Pow(options.Beta1, step)));
        private readonly float _correction = (float)(1 / (1 - Math.Pow(options.Beta2, step)));

        public void Apply(Span<float> values, Span<float> gradient, Span<float> first, Span<float> second, float factor)
        {
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
            var gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
            var firsts = MemoryMarshal.Cast<float, Vector<float>>(first);
            var seconds = MemoryMarshal.Cast<float, Vector<float>>(second);
            for (var i = 0; i < vectors.Length; i++)
            {
                var g = gradients[i] * factor;
                var m = (firsts[i] * _beta1) + (g * (1 - _beta1));
                var v = (seconds[i] * _beta2) + (g * g * (1 - _beta2));
                firsts[i] = m;
                seconds[i] = v;
                vectors[i] -= m * _rate / (Vector.SquareRoot(v * _correction) + new Vector<float>(_epsilon));
            }

            for (var i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
            {
                var g = gradient[i] * factor;
                first[i] = (first[i] * _beta1) + (g * (1 - _beta1));
                second[i] = (second[i] * _beta2) + (g * g * (1 - _beta2));
                values[i] -= first[i] * _rate / (MathF.Sqrt(second[i] * _correction) + _epsilon);
            }
        }
    }
}
