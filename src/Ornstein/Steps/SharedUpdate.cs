using Ornstein.Kernels;
using Ornstein.Optimization;

namespace Ornstein.Steps;

/// <summary>
/// An update of one member by all threads, in the first one's memory: they split the rows of the batch, columns where rows are coupled, and the parameters. They are
/// sent off once, and meet between phases.
/// </summary>
internal sealed class SharedUpdate
{
    private readonly UpdateWork _work;
    private readonly WorkerThreads _workers;
    private readonly Rendezvous _meeting = new();
    private readonly double[] _squares; // by segment
    private readonly Action<int, int> _pass;

    // What the threads work on.
    private MemberUpdate _update;
    private int _parts;
    private float _factor;

    public SharedUpdate(UpdateWork work, WorkerThreads workers)
    {
        (_work, _workers, _pass) = (work, workers, Pass);
        _squares = new double[work.Segments];
    }

    /// <summary>Takes the update where loss and gradient are finite and the gradient is not too long.</summary>
    public void Run(in MemberUpdate update)
    {
        _update = update;
        _parts = update.Program.IsSliced ? _workers.Count : Math.Min(_workers.Count, (_work.BatchSize + Lanes.Count - 1) / Lanes.Count);
        _meeting.Begin(_workers.Count);
        _workers.Run(_workers.Count, _pass);
    }

    private void Pass(int thread, int part)
    {
        try
        {
            Pass(_work.WholeOf(_update, thread, 0), thread, part);
        }
        catch (Exception problem)
        {
            _meeting.Break(problem);
            throw;
        }
    }

    // Between two meetings nobody takes up what another writes. Threads beyond the parts of a small batch have no rows, and help with all else.
    private void Pass(in Frame whole, int thread, int part)
    {
        var program = _update.Program;
        var own = part < _parts ? Part(thread, part) : whole.Part(0, 0);
        if (own.Count > 0) _work.FillData(_update, own);
        UpdateWork.FillNoise(_update, whole, part, _workers.Count);
        _work.ClearSums(part);
        _meeting.Wait();
        if (program.IsSliced) PassSlices(whole, part);
        else if (program.Stages.Length > 1) PassStages(whole, own, part);
        else if (own.Count > 0) _work.PassRows(program, own, part);
        _meeting.Wait();
        if (!program.IsSliced) Differentiate(whole, 1, 0);
        _meeting.Wait();
        for (var i = _meeting.Take(); i < _squares.Length; i = _meeting.Take()) _squares[i] = _work.SquaresOf(_update, 0, i);
        _meeting.Wait();
        if (part == 0) Judge(whole);
        _meeting.Wait();
        if (float.IsNaN(_factor) && !_work.KeepsGradients) return;
        for (var i = _meeting.Take(); i < _squares.Length; i = _meeting.Take()) _work.Apply(_update, 0, i, _factor);
    }

    // A slice for every thread, in its own memory; then all of them go into the gradient, in their order whatever the number of threads.
    private void PassSlices(in Frame whole, int part)
    {
        var (program, rows) = (_update.Program, _update.Program.RowsAtOnce);
        for (var first = 0; first < whole.Batch; first += _workers.Count * rows)
        {
            if (first > 0) _meeting.Wait();
            var own = first + (part * rows);
            if (own < whole.Batch) _work.PassRows(program, _work.SliceOf(whole, part, program, own), part);
            _meeting.Wait();
            Differentiate(whole, _workers.Count, first);
        }
    }

    // Pieces of the parameters, each from slices in the memory of so many threads.
    private void Differentiate(in Frame whole, int slices, int first)
    {
        var (program, pieces) = (_update.Program, _update.Program.Pieces);
        for (var i = _meeting.Take(); i < pieces.Length; i = _meeting.Take())
        {
            var begin = first;
            for (var slice = 0; slice < slices && begin < whole.Batch; slice++, begin += program.RowsAtOnce)
                UpdateWork.Differentiate(_update, pieces[i], _work.SliceOf(whole, slice, program, begin), add: begin > 0);
        }
    }

    private void PassStages(in Frame whole, in Frame own, int part)
    {
        var (program, stages) = (_update.Program, _update.Program.Stages);
        foreach (var stage in stages)
        {
            if (own.Count > 0) UpdateWork.Forward(program, stage, own);
            if (stage.Then is null) continue;
            _meeting.Wait();
            for (var i = _meeting.Take(); i < stage.Pieces; i = _meeting.Take()) stage.Couple(whole, i);
            _meeting.Wait();
        }

        if (own.Count > 0) _work.AddTerms(program, own, part);
        for (var i = stages.Length - 1; i >= 0; i--)
        {
            if (own.Count > 0) UpdateWork.Backward(program, stages[i], own);
            if (i == 0) return;
            _meeting.Wait();
            for (var piece = _meeting.Take(); piece < stages[i - 1].Pieces; piece = _meeting.Take()) stages[i - 1].CoupleBack(whole, piece);
            _meeting.Wait();
        }
    }

    // Running means are moved before others write parameters: the optimizer writes those without a gradient too, as they are.
    private void Judge(in Frame whole)
    {
        _factor = _work.Judge(_update, _work.Loss(_update, 0, _parts), Adam.Total(_squares));
        if (!float.IsNaN(_factor)) _work.MoveRunning(_update, whole);
    }

    // Rows of a part: whole vectors whatever the width, the last part the rest.
    private Frame Part(int thread, int part)
    {
        var blocks = (_work.BatchSize + Lanes.Count - 1) / Lanes.Count;
        int first = blocks * part / _parts * Lanes.Count, end = blocks * (part + 1) / _parts * Lanes.Count;
        return _work.FrameOf(_update, thread, 0, first, Math.Min(end, _work.BatchSize) - first);
    }
}
