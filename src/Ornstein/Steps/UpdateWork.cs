using Ornstein.Batching;
using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>The pieces of work of an update, and the memory of the threads that do them.</summary>
/// <param name="vae">The stack.</param>
/// <param name="adam">Its optimizer.</param>
/// <param name="batches">Its data.</param>
/// <param name="need">The memory.</param>
internal sealed unsafe class UpdateWork(HierarchicalVae vae, Adam adam, StackBatches batches, StepNeed need) : IDisposable
{
    private readonly Workspace[] _workspaces =
        [.. Enumerable.Range(0, need.Threads).Select(_ => new Workspace(need.Slots, vae.Parameters.Layout.Length, need.Packing))];

    private readonly ParameterMemory _parameters = new(vae.Members.Count, TensorMemory.Address(vae.Parameters.Values));
    private readonly double[,] _sums = new double[need.Threads, vae.Options.Layers + 1]; // by part and term
    private readonly bool[] _isEncoder = [.. adam.Segments.Select(segment => ParameterPiece.IsOfEncoder(segment.Entry.Name))];
    private readonly int[] _seedOf = [.. vae.Members.Select(member => vae.Seeds.IndexOf(member.Seed))];

    /// <summary>Whether gradients are left in <see cref="StackParameters.Gradients"/> in place of updates.</summary>
    public bool KeepsGradients { get; set; }

    /// <summary>Receives the terms of the loss, [1 + layers][members].</summary>
    public double[] Told { get; set; } = [];

    /// <summary>Runs of a member's parameters.</summary>
    public int Segments => adam.Segments.Length;

    /// <summary>Data of a batch.</summary>
    public int BatchSize => batches.BatchSize;

    /// <summary>A part of a batch.</summary>
    /// <param name="update">Whose.</param>
    /// <param name="thread">The thread that works on it.</param>
    /// <param name="workspace">The thread whose memory holds it.</param>
    /// <param name="first">First datum.</param>
    /// <param name="count">Number of data.</param>
    public Frame FrameOf(in MemberUpdate update, int thread, int workspace, int first, int count) => new(
        update.Program.Memory, _workspaces[workspace], _parameters, update.Member, first, count, _workspaces[thread]);

    /// <summary>The whole batch.</summary>
    public Frame WholeOf(in MemberUpdate update, int thread, int workspace) => FrameOf(update, thread, workspace, 0, BatchSize);

    /// <summary>The data of a part.</summary>
    public void FillData(in MemberUpdate update, in Frame part)
    {
        var x = update.Program.X;
        batches.Fill(_seedOf[update.Member], update.Batch, part.First, new Span<float>(part.Value(x), part.Floats(x)));
    }

    /// <summary>Every so-many-th of the noise sources, for the whole batch.</summary>
    public static void FillNoise(in MemberUpdate update, in Frame whole, int first, int every)
    {
        var noise = update.Program.Noise;
        for (var i = first; i < noise.Length; i += every) noise[i].Fill(whole, update.Key);
    }

    /// <summary>A slice of a batch.</summary>
    /// <param name="whole">The batch.</param>
    /// <param name="workspace">The thread whose memory holds what is made of the slice.</param>
    /// <param name="program">The program.</param>
    /// <param name="first">First datum.</param>
    public Frame SliceOf(in Frame whole, int workspace, StepProgram program, int first) =>
        whole.Slice(first, Math.Min(program.RowsAtOnce, BatchSize - first), _workspaces[workspace]);

    /// <summary>Forward and backward pass of rows that are not coupled.</summary>
    /// <param name="program">The program.</param>
    /// <param name="frame">The rows.</param>
    /// <param name="sums">The part whose sums the terms are added to.</param>
    public void PassRows(StepProgram program, in Frame frame, int sums)
    {
        var stage = program.Stages[0];
        Forward(program, stage, frame);
        AddTerms(program, frame, sums);
        Backward(program, stage, frame);
    }

    /// <summary>The gradient of a piece of the parameters; nothing where the update leaves it.</summary>
    /// <param name="update">The update.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="frame">The rows.</param>
    /// <param name="add">Whether it is added to what is there.</param>
    public static void Differentiate(in MemberUpdate update, in ParameterPiece piece, in Frame frame, bool add)
    {
        if (!update.IsOfEncoder || piece.IsEncoder) piece.Differentiate(frame, add);
    }

    /// <summary>The forward pass of a stage.</summary>
    public static void Forward(StepProgram program, in ProgramStage stage, in Frame frame)
    {
        for (var i = stage.First; i < stage.End; i++) program.Operations[i].Forward(frame);
    }

    /// <summary>Begins the sums of a part.</summary>
    public void ClearSums(int sums)
    {
        for (var i = 0; i < _sums.GetLength(1); i++) _sums[sums, i] = 0;
    }

    /// <summary>Adds the terms of rows to the sums of a part, at the end of the forward pass.</summary>
    public void AddTerms(StepProgram program, in Frame frame, int sums)
    {
        for (var i = 0; i < program.Terms.Length; i++) _sums[sums, i] += program.Terms[i].Sum(frame);
    }

    /// <summary>The backward pass of a stage.</summary>
    public static void Backward(StepProgram program, in ProgramStage stage, in Frame frame)
    {
        for (var i = stage.End - 1; i >= stage.First; i--) program.Operations[i].Backward(frame);
    }

    /// <summary>The loss, from the sums of parts; the terms of a step's own update are told.</summary>
    public double Loss(in MemberUpdate update, int first, int parts)
    {
        var loss = 0.0;
        for (var i = 0; i < update.Program.Terms.Length; i++)
        {
            var sum = 0.0;
            for (var part = first; part < first + parts; part++) sum += _sums[part, i];
            loss += sum / BatchSize;
            if (!update.IsOfEncoder) Told[(i * vae.Members.Count) + update.Member] = sum / BatchSize;
        }

        return loss;
    }

    /// <summary>Sum of squares of a run of the gradient; 0 of what the update leaves.</summary>
    public double SquaresOf(in MemberUpdate update, int workspace, int segment) =>
        Moves(update, segment) ? Adam.SumOfSquares(GradientOf(workspace, adam.Segments[segment])) : 0;

    /// <summary>What the gradient is to be multiplied by; NaN where the member must stay as it is: loss or gradient is not finite, or the gradient too long.</summary>
    public float Judge(in MemberUpdate update, double loss, double squares)
    {
        adam.GradientNorms[update.Member] = adam.Options.NormOf(Math.Sqrt(squares));
        return double.IsFinite(loss) ? adam.FactorOf(adam.GradientNorms[update.Member]) : float.NaN;
    }

    /// <summary>Updates a run of parameters, after running means, and its average.</summary>
    public void Apply(in MemberUpdate update, int workspace, int segment, float factor)
    {
        if (!Moves(update, segment)) return;
        var own = adam.Segments[segment];
        var gradient = GradientOf(workspace, own);
        if (KeepsGradients) gradient.CopyTo(adam.Gradient(update.Member, own));
        else adam.Apply(_isEncoder[segment] ? update.Encoder : update.Others, update.Member, own, gradient, factor);
        if (!KeepsGradients && !update.IsOfEncoder) adam.Average?.Move(update.Member, own);
    }

    /// <summary>Moves the running means.</summary>
    public void MoveRunning(in MemberUpdate update, in Frame frame)
    {
        if (KeepsGradients) return;
        foreach (var running in update.Program.Running) running.Move(frame, update.RunningRate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var workspace in _workspaces) workspace.Dispose();
    }

    private bool Moves(in MemberUpdate update, int segment) => !update.IsOfEncoder || _isEncoder[segment];

    private Span<float> GradientOf(int workspace, Segment segment) => new(_workspaces[workspace].Gradient + segment.Offset, segment.Count);
}
