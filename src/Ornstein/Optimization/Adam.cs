using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ornstein.Kernels;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Optimization;

/// <summary>
/// Adam over the flat buffers of a stack: one vectorised pass that updates moments and values and clears the gradients.
/// Members never share a number, so that one which diverges cannot touch the others; a member whose gradient is not finite is
/// left as it was, and so is one whose gradient is too long (<see cref="AdamOptions.SkipNorm"/>). Parameters on a device take the same step in tensors.
/// </summary>
public sealed class Adam : IDisposable
{
    private readonly AdamOptions _options;
    private readonly double[] _sums; // of squared gradients, per member and segment: their order is fixed, whatever the number of threads
    private readonly float[] _factors;
    private readonly nint _values, _gradients, _first, _second; // on the processor
    private readonly TensorAdam? _tensors;

    /// <summary>An optimizer for the parameters of a stack, its moments where they begin.</summary>
    /// <exception cref="OrnsteinException">A setting is out of range.</exception>
    public Adam(StackParameters parameters, AdamOptions options)
        : this(parameters, options, isByTensors: false)
    {
    }

    /// <summary>The same; on the processor in tensors too where one asks for it.</summary>
    internal Adam(StackParameters parameters, AdamOptions options, bool isByTensors)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        Parameters = parameters;
        FirstMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = TensorCreation.FilledLike(parameters.Values, options.InitialSecondMoment).DetachFromDisposeScope();
        if (options.AverageDecay is { } decay) Average = new WeightAverage(parameters, decay);
        if (isByTensors || !parameters.IsOnProcessor)
        {
            _tensors = new TensorAdam(parameters, FirstMoment, SecondMoment, options);
        }
        else
        {
            (_values, _gradients) = (TensorMemory.Address(parameters.Values), TensorMemory.Address(parameters.Gradients));
            (_first, _second) = (TensorMemory.Address(FirstMoment), TensorMemory.Address(SecondMoment));
        }

        GradientNorms = new double[parameters.Members];
        Segments = SegmentPlan.Of(parameters.Layout);
        _sums = new double[Segments.Length * parameters.Members];
        _factors = new float[parameters.Members];
    }

    /// <summary>The parameters that are optimized.</summary>
    public StackParameters Parameters { get; }

    /// <summary>Running mean of gradients, float32 [members * length].</summary>
    public Tensor FirstMoment { get; }

    /// <summary>Running mean of squared gradients, float32 [members * length].</summary>
    public Tensor SecondMoment { get; }

    /// <summary>The moving average of the parameters; null where none is kept (<see cref="AdamOptions.AverageDecay"/>).</summary>
    public WeightAverage? Average { get; }

    /// <summary>Its settings.</summary>
    internal AdamOptions Options => _options;

    /// <summary>Whether it steps in tensors: on a device, always.</summary>
    internal bool IsByTensors => _tensors is not null;

    /// <summary>Euclidean norm of every member's last gradient, before clipping.</summary>
    public double[] GradientNorms { get; }

    /// <summary>A member's parameters in runs that can be worked on in parallel.</summary>
    internal Segment[] Segments { get; }

    /// <summary>
    /// Takes one step for every active member whose gradient in <see cref="StackParameters.Gradients"/> is finite and not too long, and clears all gradients:
    /// for objectives that autograd differentiates.
    /// </summary>
    /// <param name="step">Number of this step, from 1: corrects the moments' bias.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    public void Step(long step, double learningRate, ReadOnlySpan<bool> active)
    {
        Average?.Begin();
        Step(learningRate, active, (_, _) => step);
        if (Average is null) return;
        var takes = active.ToArray();
        for (var member = 0; member < takes.Length; member++) takes[member] &= _options.Takes(GradientNorms[member]);
        using var scope = NewDisposeScope();
        MoveAverage(tensor(takes, device: Parameters.Device));
    }

    /// <summary>Moves the average, where there is one, after a step.</summary>
    /// <param name="takes">Members that took it, bool [members].</param>
    internal void MoveAverage(Tensor takes)
    {
        if (Average is not { } average) return;
        if (_tensors is not null)
        {
            using var scope = NewDisposeScope();
            average.Move(_tensors.OfMembers(takes));
            return;
        }

        var moves = takes.data<bool>().ToArray();
        ForEach((member, i) =>
        {
            if (moves[member]) average.Move(member, Segments[i]);
        });
    }

    /// <summary>The same where parameters take steps of their own.</summary>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    /// <param name="number">Number of this step of a member's parameter, from 1; 0 leaves the parameter, and its gradient out of the norm.</param>
    internal void Step(double learningRate, ReadOnlySpan<bool> active, Func<int, ParameterEntry, long> number)
    {
        RequireAlive();
        var members = Parameters.Members;
        if (_tensors is not null)
        {
            using var scope = NewDisposeScope();
            _tensors.Step(learningRate, tensor(active.ToArray(), device: Parameters.Device), number).cpu().data<double>().CopyTo(GradientNorms);
            return;
        }

        ForEach((member, i) => _sums[(member * Segments.Length) + i] =
            number(member, Segments[i].Entry) == 0 ? 0 : SumOfSquares(Gradient(member, Segments[i])));
        for (var member = 0; member < members; member++)
        {
            GradientNorms[member] = Options.NormOf(Math.Sqrt(Total(_sums.AsSpan(member * Segments.Length, Segments.Length))));
            _factors[member] = active[member] ? FactorOf(GradientNorms[member]) : float.NaN;
        }

        ForEach((member, i) =>
        {
            var gradient = Gradient(member, Segments[i]);
            var step = number(member, Segments[i].Entry);
            if (step != 0 && !float.IsNaN(_factors[member])) Apply(UpdateOf(step, learningRate), member, Segments[i], gradient, _factors[member]);
            gradient.Clear();
        });
    }

    /// <summary>The same in tensors; no number of it is waited for.</summary>
    /// <returns>Norms of the gradients, float64 [members].</returns>
    internal Tensor Step(double learningRate, Tensor takes, Func<int, ParameterEntry, long> number)
    {
        RequireAlive();
        return _tensors!.Step(learningRate, takes, number);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tensors?.Dispose();
        Average?.Dispose();
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }

    /// <summary>The arithmetic of a step.</summary>
    internal AdamUpdate UpdateOf(long step, double learningRate) => new(step, learningRate, _options);

    /// <summary>What a gradient of this norm is multiplied by; NaN for one that is not finite or too long for a step.</summary>
    internal float FactorOf(double norm) => !_options.Takes(norm) ? float.NaN
        : _options.ClipNorm is { } clip && norm > clip ? (float)(clip / norm) : 1;

    /// <summary>Updates a run of a member's parameters.</summary>
    internal void Apply(in AdamUpdate update, int member, Segment segment, ReadOnlySpan<float> gradient, float factor) => update.Apply(
        Slice(_values, member, segment), gradient, Slice(_first, member, segment), Slice(_second, member, segment), factor);

    /// <summary>A run of a member's gradients in <see cref="StackParameters.Gradients"/>.</summary>
    internal Span<float> Gradient(int member, Segment segment) => Slice(_gradients, member, segment);

    /// <summary>Sum of squares, in blocks: a long sum in float would lose its small terms.</summary>
    internal static double SumOfSquares(ReadOnlySpan<float> values)
    {
        const int Block = 64; // vectors
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var sum = 0.0;
        for (var start = 0; start < vectors.Length; start += Block)
        {
            var total = Vector512<float>.Zero;
            foreach (var vector in vectors[start..Math.Min(start + Block, vectors.Length)]) total += vector * vector;
            sum += Vector512.Sum(total);
        }

        foreach (var value in values[(vectors.Length * Vector512<float>.Count)..]) sum += value * value;
        return double.IsFinite(sum) ? sum : SumOfLargeSquares(values);
    }

    // Beyond 1.8e19 a square is no number of single precision, and the bounds of the norm are there for such bursts.
    private static double SumOfLargeSquares(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += (double)value * value;
        return sum;
    }

    /// <summary>A sum in order.</summary>
    internal static double Total(ReadOnlySpan<double> sums)
    {
        var total = 0.0;
        foreach (var sum in sums) total += sum;
        return total;
    }

    /// <summary>Throws where the buffers are gone.</summary>
    internal void RequireAlive() => ObjectDisposedException.ThrowIf(FirstMoment.IsInvalid || Parameters.Values.IsInvalid, this);

    private void ForEach(Action<int, int> action)
    {
        var threads = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        Parallel.For(0, _sums.Length, threads, place => action(place / Segments.Length, place % Segments.Length));
    }

    private unsafe Span<float> Slice(nint start, int member, Segment segment) =>
        new((float*)start + segment.OffsetIn(Parameters.Members, member), segment.Count);
}
