using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Smoothing;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>
/// The objective of members as a list of operations (<see cref="Objectives.TrainingObjective"/> is the same with tensors), with all its memory planned: q, what the
/// decoder makes of its samples, and the terms, each with its derivative.
/// </summary>
internal sealed class StepProgram
{
    /// <summary>Rows of a product, at most, where a batch can be worked on in slices: what they take stays in a cache.</summary>
    public const int MostRows = 256;

    /// <summary>
    /// Floats that maps and their gradients take at most, where a batch can be worked on in slices: thousands of numbers a datum in every operation would fill gigabytes
    /// otherwise, and no cache.
    /// </summary>
    public const int MostFloats = 32 << 20;

    /// <summary>The program of members of a kind.</summary>
    /// <param name="vae">The model.</param>
    /// <param name="batch">Data of a batch.</param>
    /// <param name="kind">What of its members it is for.</param>
    /// <param name="scalars">Numbers of each member.</param>
    /// <param name="mostRows">Rows of a product, at most.</param>
    public StepProgram(HierarchicalVae vae, int batch, ProgramKind kind, StepScalars scalars, int mostRows = MostRows)
    {
        Kind = kind;
        var sliced = Slice(batch, kind.Samples, mostRows);
        var (build, x, terms) = Build(vae, batch, sliced, kind, scalars);
        var mostFloats = MostFloats * (long)mostRows / MostRows;
        if (build.Operations.Exists(operation => operation is IConvolution) && build.Memory.Length > mostFloats)
        {
            sliced = Even(batch, (int)Math.Max(1, mostFloats * sliced / build.Memory.Length));
            (build, x, terms) = Build(vae, batch, sliced, kind, scalars);
        }

        if (sliced < batch && build.Operations.Exists(operation => operation is ICoupled)) (build, x, terms) = Build(vae, batch, batch, kind, scalars);
        (X, Terms) = (x, [.. terms]);
        (Memory, Operations, Noise, Running) = (build.Memory, [.. build.Operations], [.. build.Noise], [.. build.Running]);
        var flow = new GradientFlow();
        foreach (var operation in Operations.Reverse().OfType<IPlanned>()) operation.Plan(flow);
        Pieces = [.. ParameterPiece.Of(Operations.OfType<ITrained>()).OrderByDescending(piece => piece.Work)];
        Stages = ProgramStage.Of(Operations);
    }

    /// <summary>What it is for.</summary>
    public ProgramKind Kind { get; }

    /// <summary>Where everything lies.</summary>
    public WorkspacePlan Memory { get; }

    /// <summary>The data, [1, batch, features].</summary>
    public Slot X { get; }

    /// <summary>What is done, in order; the terms are among them.</summary>
    public IOperation[] Operations { get; }

    /// <summary>The operations in runs that threads may share a batch for.</summary>
    public ProgramStage[] Stages { get; }

    /// <summary>
    /// Data of a slice: those that go forward and backward at a time and are added to the gradient then, in memory that all slices share. All of a batch where rows
    /// are coupled, or where there is one sample of a datum and no more than <see cref="MostFloats"/>.
    /// </summary>
    public int RowsAtOnce => Memory.Slice;

    /// <summary>Whether a batch is more than one slice.</summary>
    public bool IsSliced => Memory.Slice < Memory.Batch;

    /// <summary>What is drawn before.</summary>
    public NoiseSource[] Noise { get; }

    /// <summary>The running means that a step moves.</summary>
    public RunningMean[] Running { get; }

    /// <summary>The terms of the loss: reconstruction, then the KL of every layer, or what stands in its place.</summary>
    public ITerm[] Terms { get; }

    /// <summary>The parameters' gradient in pieces of work, the largest first.</summary>
    public ParameterPiece[] Pieces { get; }

    // An even number of slices where there is more than one, for threads that share them; fours of data, so that the draws of most slots join up.
    private static int Slice(int batch, int samples, int mostRows)
    {
        var most = Math.Max(1, mostRows / samples);
        return samples == 1 || batch <= most ? batch : Even(batch, most);
    }

    private static int Even(int batch, int most)
    {
        if (most >= 4) most -= most % 4;
        var slices = (batch + most - 1) / most;
        var data = (batch + slices + (slices % 2) - 1) / (slices + (slices % 2));
        return most < 4 ? data : (data + 3) / 4 * 4;
    }

    private static (ProgramBuilder Build, Slot X, List<ITerm> Terms) Build(HierarchicalVae vae, int batch, int slice, ProgramKind kind, StepScalars scalars)
    {
        var build = new ProgramBuilder(vae, batch, kind, scalars, withGradients: true, slice);
        var x = build.Given(vae.Options.Features);
        var pass = InferenceProgram.Of(build, InferenceProgram.FromData(build, x), x);
        return (build, x, kind.IsJoint ? [.. JointTerms.Of(build, pass, x, scalars)] : KlTerms(build, pass, x, scalars));
    }

    // In the order of HierarchicalVae.Reconstruction and HierarchicalVae.SmoothedKl.
    private static List<ITerm> KlTerms(ProgramBuilder build, InferenceProgram pass, Slot x, StepScalars scalars)
    {
        var (layers, samples, top) = (pass.Layers, pass.Samples, pass.Layers.Length - 1);
        var terms = new List<ITerm>();
        void Add(ITerm term)
        {
            build.Operations.Add(term);
            terms.Add(term);
        }

        Add(build.Reconstruction(samples, x, values: null, shares: null));
        for (var i = 0; i <= top; i++)
        {
            var p = i == top ? null : pass.Generative?[i] ?? build.Generative(i, above => layers[above], samples, $"smooth.p{i + 1}");
            if (build.Kind.HasAllowance)
            {
                var means = build.Memory.AddShared(layers[i].Mean.Width);
                build.Operations.Add(new UnitKlOperation(layers[i], p, means));
                Add(new AllowedKlTerm(layers[i], p, means, scalars.Costs[i], build.Plain(layers[i].Mean.Width, 1)));
            }
            else
            {
                Add(p is null ? new TopKlTerm(layers[i], scalars.KlWeight[i]) : new KlTerm(layers[i], p, scalars.KlWeight[i]));
            }
        }

        return terms;
    }
}
