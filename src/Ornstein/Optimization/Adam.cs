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
    private const int Chunk = 1 << 16; // floats; also fixes the order of summation, whatever the number of threads

    private readonly AdamOptions _options;
    private readonly int _chunksPerMember;
    private readonly double[] _chunkSums;
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
        _chunksPerMember = (int)((parameters.Layout.Length + Chunk - 1) / Chunk);
        _chunkSums = new double[parameters.Members * _chunksPerMember];
    }

    /// <summary>The parameters that are optimized.</summary>
    public StackParameters Parameters { get; }

    /// <summary>Running mean of gradients, float32 [members, length].</summary>
    public Tensor FirstMoment { get; }

    /// <summary>Running mean of squared gradients, float32 [members, length].</summary>
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
        MeasureGradients();
        var update = new Update(step, learningRate, _options);
        var factors = new float[Parameters.Members];
        for (var member = 0; member < factors.Length; member++)
        {
            var norm = GradientNorms[member];
            factors[member] = !active[member] || !double.IsFinite(norm) ? float.NaN
                : _options.ClipNorm is { } clip && norm > clip ? (float)(clip / norm) : 1;
        }

        var length = Parameters.Layout.Length;
        Parallel.For(0, _chunkSums.Length, index =>
        {
            var (offset, count) = Range(index, length);
            var factor = factors[index / _chunksPerMember];
            var gradient = Slice(_gradients, offset, count);
            if (!float.IsNaN(factor))
            {
                update.Apply(
                    Slice(_values, offset, count), gradient, Slice(_first, offset, count), Slice(_second, offset, count), factor);
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
        var length = Parameters.Layout.Length;
        Parallel.For(0, _chunkSums.Length, index =>
        {
            var (offset, count) = Range(index, length);
            _chunkSums[index] = SumOfSquares(Slice(_gradients, offset, count));
        });
        for (var member = 0; member < GradientNorms.Length; member++)
        {
            var sum = 0.0;
            for (var chunk = 0; chunk < _chunksPerMember; chunk++) sum += _chunkSums[(member * _chunksPerMember) + chunk];
            GradientNorms[member] = Math.Sqrt(sum);
        }
    }

    private (long Offset, int Count) Range(int index, long length)
    {
        var (member, chunk) = Math.DivRem(index, _chunksPerMember);
        var start = (long)chunk * Chunk;
        return ((member * length) + start, (int)Math.Min(Chunk, length - start));
    }

    private static unsafe Span<float> Slice(nint start, long offset, int count) => new((float*)start + offset, count);

    // Address of a flat buffer's first element; libtorch never moves it.
    private static unsafe nint Address(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(flat.narrow(0, 0, 1).narrow(1, 0, 1).bytes));
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        // Blocks of 1,024 in float, their sums in double: no overflow of small terms into a large total.
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
