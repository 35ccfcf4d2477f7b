using Ornstein.Batching;
using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>
/// Training steps of a stack without autograd: what <see cref="HierarchicalVae"/> computes with tensors, as a <see cref="StepProgram"/> over
/// memory that is planned once. A thread takes a member through its whole step, so that weights, activations and gradient stay in
/// its caches; members that are left over are shared among the threads, by rows of the batch and then by parameters.
/// </summary>
/// <remarks>
/// Nothing is allocated in a step, and no member sees another's numbers: a member's parameters come out the same, bit for bit, alone and
/// in any stack, whatever the number of threads.
/// </remarks>
internal sealed unsafe class FusedStep : ITrainingStep
{
    private readonly HierarchicalVae _vae;
    private readonly Adam _adam;
    private readonly StackBatches _batches;
    private readonly WorkerThreads _workers;
    private readonly StepScalars _scalars;
    private readonly long _steps;
    private readonly StepProgram[] _programs; // by member
    private readonly Workspace[] _workspaces; // by thread
    private readonly ParameterMemory _parameters;
    private readonly double[,] _sums;         // by part and term
    private readonly double[] _squares;       // by segment
    private readonly int[] _order;            // active members
    private readonly Action<int, int> _member, _fill, _differentiate, _piece, _measure, _apply;

    // What the threads work on.
    private long _step;
    private AdamUpdate _update;
    private int _current, _parts;
    private float _factor;
    private bool _keepsGradients;
    private double[] _terms = [];

    private readonly StepNumbers[] _numbers; // of the last step

    /// <summary>Steps of a stack.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="adam">Its optimizer.</param>
    /// <param name="batches">Its data.</param>
    /// <param name="threads">Processor threads; 0 takes as many as libtorch.</param>
    /// <param name="epochs">Epochs of the whole training, to which schedules of remedies refer.</param>
    /// <exception cref="OrnsteinException">The model or a member's remedy is of a kind that steps have no operations for.</exception>
    public FusedStep(HierarchicalVae vae, Adam adam, StackBatches batches, int threads = 0, int epochs = 1)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(adam);
        ArgumentNullException.ThrowIfNull(batches);
        StepSupport.Require(StepSupport.Lacks(vae));
        (_vae, _adam, _batches) = (vae, adam, batches);
        var count = threads > 0 ? threads : get_num_threads();
        (_scalars, _steps) = (new StepScalars(vae), (long)epochs * batches.StepsPerEpoch);
        _programs = ProgramBuilder.ByMember(
            vae, (member, link) => vae.Members[member].MaySmooth(link, vae.Options.Layers - 1), isSmoothed => new StepProgram(vae, batches.BatchSize, isSmoothed, _scalars));
        var layout = vae.Parameters.Layout;
        var (slots, depth) = (_programs.Max(program => program.Memory.Length), _programs.Max(program => program.Memory.DepthWith(layout)));
        RequireMemory(4.0 * count * (slots + layout.Length + MatrixProduct.PanelLength(depth)), count, batches.BatchSize);
        _workers = new WorkerThreads(count);
        _workspaces = [.. Enumerable.Range(0, _workers.Count).Select(_ => new Workspace(slots, layout.Length, depth))];
        _parameters = new ParameterMemory(vae.Members.Count, TensorMemory.Address(vae.Parameters.Values));
        _sums = new double[_workers.Count, vae.Options.Layers + 1];
        _squares = new double[adam.Segments.Length];
        _order = new int[vae.Members.Count];
        _numbers = [new StepNumbers(new double[(vae.Options.Layers + 1) * vae.Members.Count], adam.GradientNorms)];
        (_member, _fill, _differentiate, _piece, _measure, _apply) =
            (StepMember, FillPart, DifferentiatePart, DifferentiateParameters, MeasureSegment, ApplySegment);
    }

    /// <summary>
    /// One step for every active member: batch, noise, forward and backward pass, and Adam's update where loss and gradient are finite.
    /// </summary>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    /// <param name="terms">Receives the terms of the loss, nats per datum, [1 + layers][members]; NaN for members that take no part.</param>
    public void Run(long step, double learningRate, ReadOnlySpan<bool> active, double[] terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        _adam.RequireAlive();
        (_step, _update, _terms) = (step, _adam.UpdateOf(step, learningRate), terms);
        Array.Fill(terms, double.NaN);
        _batches.Prepare(step);
        _scalars.MoveTo(new TrainingClock(step - 1, _batches.StepsPerEpoch, _steps));
        var count = 0;
        for (var member = 0; member < active.Length; member++)
        {
            if (active[member]) _order[count++] = member;
        }

        var rest = count % _workers.Count;
        if (2 * rest > _workers.Count) rest = 0; // most threads have a member: sharing would gain nothing
        if (count > rest) _workers.Run(count - rest, _member);
        for (var i = count - rest; i < count; i++) StepTogether(_order[i]);
    }

    int ITrainingStep.StepsAtOnce => 1;

    void ITrainingStep.Run(long step, double learningRate, ReadOnlySpan<bool> active) => Run(step, learningRate, active, _numbers[0].Terms);

    IReadOnlyList<StepNumbers> ITrainingStep.Collect() => _numbers;

    /// <summary>What <see cref="Run"/> does, with every member's gradient left in <see cref="StackParameters.Gradients"/> in place of an update.</summary>
    internal void Differentiate(long step, double[] terms)
    {
        _keepsGradients = true;
        Run(step, 0, [.. Enumerable.Repeat(true, _vae.Members.Count)], terms);
        _keepsGradients = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _workers.Dispose();
        foreach (var workspace in _workspaces) workspace.Dispose();
    }

    // Asked for before it is taken: systems that promise more than they have end the program instead.
    private static void RequireMemory(double needed, int threads, int batch)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed <= available) return;
        throw new OrnsteinException(
            $"a step of batches of {batch} takes {needed / 1e9:F1} GB on {threads} threads, and there are {available / 1e9:F1} GB; give "
            + "smaller batches, fewer inner draws or fewer threads.");
    }

    // A member's whole step on one thread.
    private void StepMember(int thread, int place)
    {
        var member = _order[place];
        var program = _programs[member];
        var frame = FrameOf(thread, thread, member, 0, _batches.BatchSize);
        Fill(program, frame, 0, 1);
        Differentiate(program, frame, thread);
        Report(member, program, thread, parts: 1);
        foreach (var piece in program.Pieces) piece.Operation.ParameterGradient(frame, piece.First, piece.Count);
        var squares = 0.0;
        foreach (var segment in _adam.Segments) squares += Adam.SumOfSquares(GradientOf(thread, segment));
        var factor = Judge(member, squares);
        if (float.IsNaN(factor)) return;
        foreach (var segment in _adam.Segments) Apply(member, thread, segment, factor);
    }

    // A member's step on all threads, in the first one's workspace.
    private void StepTogether(int member)
    {
        var program = _programs[member];
        _current = member;
        _parts = Math.Min(_workers.Count, (_batches.BatchSize + Lanes.Count - 1) / Lanes.Count);
        _workers.Run(_parts, _fill);
        _workers.Run(_parts, _differentiate);
        Report(member, program, 0, _parts);
        _workers.Run(program.Pieces.Length, _piece);
        _workers.Run(_squares.Length, _measure);
        _factor = Judge(member, Adam.Total(_squares));
        if (!float.IsNaN(_factor)) _workers.Run(_squares.Length, _apply);
    }

    private void FillPart(int thread, int part) => Fill(_programs[_current], Part(thread, part), part, _parts);

    private void DifferentiatePart(int thread, int part) => Differentiate(_programs[_current], Part(thread, part), part);

    private void DifferentiateParameters(int thread, int i)
    {
        var piece = _programs[_current].Pieces[i];
        piece.Operation.ParameterGradient(FrameOf(thread, 0, _current, 0, _batches.BatchSize), piece.First, piece.Count);
    }

    private void MeasureSegment(int thread, int i) => _squares[i] = Adam.SumOfSquares(GradientOf(0, _adam.Segments[i]));

    private void ApplySegment(int thread, int i) => Apply(_current, 0, _adam.Segments[i], _factor);

    private void Apply(int member, int workspace, Segment segment, float factor)
    {
        var gradient = GradientOf(workspace, segment);
        if (_keepsGradients) gradient.CopyTo(_adam.Gradient(member, segment));
        else _adam.Apply(_update, member, segment, gradient, factor);
    }

    // The data of a part, and every so-many-th of the noise sources for the whole batch.
    private void Fill(StepProgram program, in Frame part, int first, int every)
    {
        var seed = _vae.Members[part.Member].Seed;
        _batches.Fill(_vae.Seeds.IndexOf(seed), _step, part.First, new Span<float>(part.Value(program.X), part.Floats(program.X)));
        var (whole, key) = (part.WholeBatch(), StackNoise.KeyOf(seed, _step));
        for (var i = first; i < program.Noise.Length; i += every) program.Noise[i].Fill(whole, key);
    }

    private void Differentiate(StepProgram program, in Frame frame, int sums)
    {
        foreach (var operation in program.Operations) operation.Forward(frame);
        for (var i = 0; i < program.Terms.Length; i++) _sums[sums, i] = program.Terms[i].Sum(frame);
        for (var i = program.Operations.Length - 1; i >= 0; i--) program.Operations[i].Backward(frame);
    }

    private void Report(int member, StepProgram program, int first, int parts)
    {
        for (var i = 0; i < program.Terms.Length; i++)
        {
            var sum = 0.0;
            for (var part = first; part < first + parts; part++) sum += _sums[part, i];
            _terms[(i * _vae.Members.Count) + member] = sum / _batches.BatchSize;
        }
    }

    // What the gradient is to be multiplied by; NaN where the member must stay as it is.
    private float Judge(int member, double squares)
    {
        _adam.GradientNorms[member] = Math.Sqrt(squares);
        var loss = 0.0;
        for (var i = member; i < _terms.Length; i += _vae.Members.Count) loss += _terms[i];
        return double.IsFinite(loss) ? _adam.FactorOf(_adam.GradientNorms[member]) : float.NaN;
    }

    // Rows of a part: whole vectors whatever the width, the last part the rest.
    private Frame Part(int thread, int part)
    {
        var blocks = (_batches.BatchSize + Lanes.Count - 1) / Lanes.Count;
        int first = blocks * part / _parts * Lanes.Count, end = blocks * (part + 1) / _parts * Lanes.Count;
        return FrameOf(thread, 0, _current, first, Math.Min(end, _batches.BatchSize) - first);
    }

    private Frame FrameOf(int thread, int workspace, int member, int first, int count) => new(
        _programs[member].Memory, _workspaces[workspace], _parameters, member, first, count, _workspaces[thread].Panel);

    private Span<float> GradientOf(int workspace, Segment segment) =>
        new(_workspaces[workspace].Gradient + segment.Offset, segment.Count);
}
