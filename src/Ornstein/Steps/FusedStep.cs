using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>
/// Training steps of a stack without autograd: what <see cref="HierarchicalVae"/> computes with tensors, as a <see cref="StepProgram"/> over
/// memory that is planned once. A thread takes a member through its whole step, so that weights, activations and gradient stay in
/// its caches; members that are left over are shared among the threads, by rows of the batch and then by parameters.
/// </summary>
/// <remarks>
/// Nothing is allocated in a step, and no member sees another's numbers: a member's parameters come out the same, bit for bit, alone and
/// in any stack, whatever the number of threads; the terms that are told may differ in their last digit. Members may differ in remedies: each has the program of its own kind, and pays for no other.
/// </remarks>
internal sealed class FusedStep : ITrainingStep
{
    private readonly HierarchicalVae _vae;
    private readonly Adam _adam;
    private readonly StackBatches _batches;
    private readonly WorkerThreads _workers;
    private readonly StepScalars _scalars;
    private readonly MemberPrograms _programs;
    private readonly long _steps;
    private readonly UpdateWork _work;
    private readonly SharedUpdate _shared;
    private readonly int[] _order;           // active members
    private readonly Action<int, int> _member;
    private readonly StepNumbers[] _numbers; // of the last step

    // What the threads work on.
    private TrainingClock _clock;
    private AdamUpdate _update;
    private double _learningRate;
    private (long Batch, int Draw)? _other; // of a gradient that is no step's own

    /// <summary>Steps of a stack.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="adam">Its optimizer.</param>
    /// <param name="batches">Its data.</param>
    /// <param name="threads">Processor threads; 0 takes as many as libtorch.</param>
    /// <param name="epochs">Epochs of the whole training, to which schedules of remedies refer.</param>
    /// <param name="mostRows">Rows of a product, at most, where a batch can be worked on in slices.</param>
    /// <exception cref="OrnsteinException">There are no operations for the model or a member's remedy, or less memory than a step takes.</exception>
    public FusedStep(HierarchicalVae vae, Adam adam, StackBatches batches, int threads = 0, int epochs = 1, int mostRows = StepProgram.MostRows)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(adam);
        ArgumentNullException.ThrowIfNull(batches);
        StepNeed.Require(vae, batches.BatchSize, threads);
        (_vae, _adam, _batches) = (vae, adam, batches);
        (_scalars, _steps) = (new StepScalars(vae), (long)epochs * batches.StepsPerEpoch);
        _programs = new MemberPrograms(vae, batches.BatchSize, _scalars, mostRows: mostRows);
        var need = new StepNeed(vae, _programs.All, threads);
        _workers = new WorkerThreads(need.Threads);
        _work = new UpdateWork(vae, adam, batches, need);
        _shared = new SharedUpdate(_work, _workers);
        _order = new int[vae.Members.Count];
        _numbers = [new StepNumbers(new double[(vae.Options.Layers + 1) * vae.Members.Count], adam.GradientNorms)];
        _member = StepMember;
    }

    /// <summary>
    /// One step for every active member: batch, noise, forward and backward pass, and Adam's update where loss and gradient are finite and the gradient is not too long; before it those of q alone
    /// that the member's remedies ask for.
    /// </summary>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="active">Which members take part.</param>
    /// <param name="terms">Receives the terms of the loss, nats per datum, [1 + layers][members]; NaN for members that take no part.</param>
    public void Run(long step, double learningRate, ReadOnlySpan<bool> active, double[] terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        _adam.RequireAlive();
        (_clock, _update, _learningRate) = (new TrainingClock(step - 1, _batches.StepsPerEpoch, _steps), _adam.UpdateOf(step, learningRate), learningRate);
        _work.Told = terms;
        Array.Fill(terms, double.NaN);
        _batches.Prepare(step);
        _scalars.MoveTo(_clock);
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

    void ITrainingStep.Differentiate(long step, long batch, int draw)
    {
        _other = (batch, draw);
        try
        {
            Differentiate(step, _numbers[0].Terms);
        }
        finally
        {
            _other = null;
        }
    }

    /// <summary>What <see cref="Run"/> does, with every member's gradient left in <see cref="StackParameters.Gradients"/> in place of an update.</summary>
    internal void Differentiate(long step, double[] terms)
    {
        _work.KeepsGradients = true;
        try
        {
            Run(step, 0, [.. Enumerable.Repeat(true, _vae.Members.Count)], terms);
        }
        finally
        {
            _work.KeepsGradients = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _workers.Dispose();
        _work.Dispose();
    }

    // A member's whole step on one thread.
    private void StepMember(int thread, int place)
    {
        var member = _order[place];
        for (var n = 1; n <= Before(member); n++) Update(OfEncoder(member, n), thread);
        Update(Whole(member), thread);
    }

    // A member's step on all threads.
    private void StepTogether(int member)
    {
        for (var n = 1; n <= Before(member); n++) _shared.Run(OfEncoder(member, n));
        _shared.Run(Whole(member));
    }

    private void Update(in MemberUpdate update, int thread)
    {
        var (program, frame) = (update.Program, _work.WholeOf(update, thread, thread));
        _work.FillData(update, frame);
        UpdateWork.FillNoise(update, frame, 0, 1);
        _work.ClearSums(thread);
        for (var first = 0; first < frame.Batch; first += program.RowsAtOnce)
        {
            var slice = _work.SliceOf(frame, thread, program, first);
            if (program.Stages.Length == 1) _work.PassRows(program, slice, thread);
            else PassStages(program, slice, thread);
            DifferentiateParameters(update, slice, add: first > 0);
        }

        var squares = 0.0;
        for (var i = 0; i < _work.Segments; i++) squares += _work.SquaresOf(update, thread, i);
        var factor = _work.Judge(update, _work.Loss(update, thread, parts: 1), squares);
        if (float.IsNaN(factor) && !_work.KeepsGradients) return;
        _work.MoveRunning(update, frame);
        for (var i = 0; i < _work.Segments; i++) _work.Apply(update, thread, i, factor);
    }

    // Run by run of rows, which stay in a cache for all pieces meanwhile.
    private static void DifferentiateParameters(in MemberUpdate update, in Frame frame, bool add)
    {
        var (pieces, runs) = (update.Program.Pieces, 1);
        for (var run = 0; run < runs; run++)
        {
            foreach (var piece in pieces)
            {
                if (update.IsOfEncoder && !piece.IsEncoder) continue;
                runs = Math.Max(runs, piece.Runs(frame));
                piece.Differentiate(frame, run, add);
            }
        }
    }

    private void PassStages(StepProgram program, in Frame frame, int sums)
    {
        foreach (var stage in program.Stages)
        {
            UpdateWork.Forward(program, stage, frame);
            stage.Then?.Forward(frame);
        }

        _work.AddTerms(program, frame, sums);
        for (var i = program.Stages.Length - 1; i >= 0; i--)
        {
            program.Stages[i].Then?.Backward(frame);
            UpdateWork.Backward(program, program.Stages[i], frame);
        }
    }

    // Updates of q alone before the step; none where gradients are asked for.
    private long Before(int member) => _work.KeepsGradients ? 0 : _vae.Members[member].Remedy.EncoderUpdatesBefore(_clock);

    private MemberUpdate Whole(int member)
    {
        var (own, key) = (_vae.Members[member].Remedy.NumberOfStep(_clock), StackNoise.KeyOf(_vae.Members[member].Seed, _clock.Done + 1));
        return new(
            member, _programs.Of(member), _other?.Batch ?? (_clock.Done + 1), _other is { Draw: > 0 } other ? StackNoise.OtherKey(key, other.Batch, other.Draw) : key, IsOfEncoder: false,
            own == _clock.Done + 1 ? _update : _adam.UpdateOf(own, _learningRate), _update, (float)RunningMean.RateAfter(_clock.Done));
    }

    private MemberUpdate OfEncoder(int member, int n)
    {
        var (own, key) = (_vae.Members[member].Remedy.NumberOfUpdate(_clock, n), StackNoise.KeyOf(_vae.Members[member].Seed, _clock.Done + 1));
        return new(
            member, _programs.Of(member), _batches.OtherStep(_clock.Done + 1, n), key.At("encoder").At(n), IsOfEncoder: true,
            _adam.UpdateOf(own, _learningRate), _update, (float)RunningMean.RateAfter(_clock.Done));
    }
}
