using Ornstein.Batching;
using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Steps.Operations;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>
/// Bounds from k joint samples per datum (<see cref="MemberBounds"/>), in memory that does not grow with k: samples come in blocks of a few
/// hundred, of which only the sum of log-weights and the logarithm of the sum of weights are kept. Threads share the data.
/// </summary>
internal sealed unsafe class ImportanceSampler : IDisposable
{
    private readonly HierarchicalVae _vae;
    private readonly int _draws, _rows, _samples, _data; // per datum; rows of a block; samples of a datum in it; its data
    private readonly LogWeightProgram[] _programs;  // by member
    private readonly EncoderProgram _encoder;
    private readonly int[] _units; // of the Gaussians that it gives
    private readonly WorkerThreads _workers;
    private readonly Workspace[] _workspaces; // by thread
    private readonly ParameterMemory _parameters;

    /// <summary>A sampler for a stack.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="draws">Number k of samples per datum.</param>
    public ImportanceSampler(HierarchicalVae vae, int draws)
    {
        if (!Knows(vae)) throw new InvalidOperationException("There is no program for this model's log-weights.");
        (_vae, _draws) = (vae, draws);
        _rows = RowsAtOnce.Of(vae, SampleBlocks.Rows);
        (_samples, _data) = SampleBlocks.Of(draws, _rows);
        (_programs, _encoder) = (ProgramsOf(vae, _data, _samples), new EncoderProgram(vae, _rows));
        _units = [.. EncoderProgram.Units(vae)];
        _workers = new WorkerThreads(get_num_threads());
        WorkspacePlan[] plans = [_encoder.Memory, .. _programs.Select(program => program.Memory)];
        var (slots, packing) = (plans.Max(plan => plan.Length), WorkspacePlan.PackingOf(plans, vae.Parameters.Layout, withGradients: false));
        _workspaces = [.. Enumerable.Range(0, _workers.Count).Select(_ => new Workspace(slots, parameters: 0, packing))];
        _parameters = new ParameterMemory(vae.Members.Count, TensorMemory.Address(vae.Parameters.Values));
    }

    private static LogWeightProgram[] ProgramsOf(HierarchicalVae vae, int data, int samples)
    {
        var known = new Dictionary<ProgramKind, LogWeightProgram>();
        return [.. vae.Members.Select((member, i) =>
        {
            var kind = ProgramKind.Measured(vae.Rho[i].Select(rho => rho != 1), ProgramKind.IsCappedBy(member.Remedy));
            if (!known.TryGetValue(kind, out var program)) known.Add(kind, program = new LogWeightProgram(vae, data, samples, kind));
            return program;
        })];
    }

    /// <summary>Whether <see cref="LogWeightProgram"/> has what a model is made of; <see cref="TensorImportanceSampler"/> knows every one.</summary>
    public static bool Knows(HierarchicalVae vae) => StepSupport.LacksWhenTrained(vae) is null;

    /// <summary>The bounds of every member.</summary>
    /// <param name="rows">Data.</param>
    /// <param name="key">Where the noise comes from: the same for all members.</param>
    /// <param name="part">Told of data that are done, each member's counted; null for nothing.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    public MemberBounds[] Measure(DataRows rows, RandomKey key, MeasuredPart? part = null, CancellationToken stop = default)
    {
        var bounds = new MemberBounds[_vae.Members.Count];
        for (var member = 0; member < bounds.Length; member++)
        {
            var number = member;
            EncodedLayer[] encoded = [.. _units.Select(units => new EncodedLayer(new float[rows.Count * units], new float[rows.Count * units]))];
            _workers.Run((rows.Count + _rows - 1) / _rows, (thread, i) => Encode(thread, number, rows, i * _rows, encoded));
            var weights = new DatumWeights[rows.Count];
            _workers.Run((rows.Count + _data - 1) / _data, (thread, i) =>
            {
                if (stop.IsCancellationRequested) return;
                Weigh(thread, number, rows, i * _data, encoded, weights, key.At(i), stop);
                part?.Advance(Math.Min(_data, rows.Count - (i * _data)));
            });
            stop.ThrowIfCancellationRequested();
            bounds[member] = DatumWeights.Bounds(weights, _draws);
        }

        return bounds;
    }

    public void Dispose()
    {
        _workers.Dispose();
        foreach (var workspace in _workspaces) workspace.Dispose();
    }

    private void Encode(int thread, int member, DataRows rows, int first, EncodedLayer[] encoded)
    {
        var count = Math.Min(_rows, rows.Count - first);
        var frame = new Frame(_encoder.Memory, _workspaces[thread], _parameters, member, 0, count, _workspaces[thread]);
        rows.Read(first, new Span<float>(frame.Value(_encoder.X), count * rows.Features));
        foreach (var operation in _encoder.Operations) operation.Forward(frame);
        for (var i = 0; i < _units.Length; i++)
        {
            var (layer, units) = (_encoder.Layers[i], _units[i]);
            new Span<float>(frame.Value(layer.Mean), count * units).CopyTo(encoded[i].Mean.AsSpan(first * units));
            new Span<float>(frame.Value(layer.Deviation), count * units).CopyTo(encoded[i].Deviation.AsSpan(first * units));
        }
    }

    // All samples of a few data.
    private void Weigh(
        int thread, int member, DataRows rows, int first, EncodedLayer[] encoded, DatumWeights[] weights, RandomKey key, CancellationToken stop)
    {
        var program = _programs[member];
        var data = Math.Min(_data, rows.Count - first);
        var frame = new Frame(
            program.Memory, _workspaces[thread], _parameters, member, 0, _data * _samples, _workspaces[thread]);
        rows.Read(first, new Span<float>(frame.Value(program.X), data * rows.Features));
        if (program.Rows is { } all) Give(frame, all, new Span<float>(frame.Value(program.X), data * rows.Features));
        for (var i = 0; i < _units.Length; i++)
        {
            var (layer, units) = (program.FromData[i], _units[i]);
            Give(frame, layer.Mean, encoded[i].Mean.AsSpan(first * units, data * units));
            Give(frame, layer.Deviation, encoded[i].Deviation.AsSpan(first * units, data * units));
        }

        if (program.TopLayer is { } top)
        {
            Values(frame, top.Mean).Clear();
            Values(frame, top.Deviation).Fill(1);
        }

        for (var (done, block) = (0, 0); done < _draws && !stop.IsCancellationRequested; block++)
        {
            foreach (var noise in program.Noise) noise.Fill(frame, key.At(block));
            Values(frame, program.Shared).Clear();
            Values(frame, program.Unsmoothed).Clear();
            if (program.Generative is { } sums) Values(frame, sums).Clear();
            foreach (var operation in program.Operations) operation.Forward(frame);
            var count = Math.Min(_samples, _draws - done);
            for (var i = 0; i < data; i++) Add(frame, program, i * _samples, count, ref weights[first + i]);
            done += count;
        }
    }

    // Every datum's numbers to each of its samples.
    private void Give(in Frame frame, Slot slot, ReadOnlySpan<float> perDatum)
    {
        var target = Values(frame, slot);
        for (var i = 0; i < perDatum.Length / slot.Width; i++)
        {
            var row = perDatum.Slice(i * slot.Width, slot.Width);
            for (var sample = 0; sample < _samples; sample++) row.CopyTo(target[(((i * _samples) + sample) * slot.Width)..]);
        }
    }

    private static Span<float> Values(in Frame frame, Slot slot) => new(frame.Value(slot), frame.Floats(slot));

    private static void Add(in Frame frame, LogWeightProgram program, int first, int count, ref DatumWeights datum)
    {
        float* shared = frame.Value(program.Shared), unsmoothed = frame.Value(program.Unsmoothed);
        var generative = program.Generative is { } sums ? frame.Value(sums) : unsmoothed;
        for (var row = first; row < first + count; row++)
        {
            datum.Unsmoothed.Add((double)shared[row] + unsmoothed[row]);
            datum.Generative.Add((double)shared[row] + generative[row]);
        }
    }

    // A Gaussian of q that the data alone give, of all data.
    private sealed record EncodedLayer(float[] Mean, float[] Deviation);
}
