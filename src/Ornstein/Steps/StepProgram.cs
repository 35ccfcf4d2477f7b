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
    private const int FewestRows = 128;

    /// <summary>The program of members of a kind.</summary>
    /// <param name="vae">The model.</param>
    /// <param name="batch">Data of a batch.</param>
    /// <param name="kind">What of its members it is for.</param>
    /// <param name="scalars">Numbers of each member.</param>
    public StepProgram(HierarchicalVae vae, int batch, ProgramKind kind, StepScalars scalars)
    {
        Kind = kind;
        var build = new ProgramBuilder(vae, batch, kind, scalars, withGradients: true);
        X = build.Given(vae.Options.Features);
        var pass = InferenceProgram.Of(build, InferenceProgram.FromData(build, X), X);
        Terms = [.. kind.IsJoint ? JointTerms.Of(build, pass, X, scalars) : KlTerms(build, pass, X, scalars)];
        (Memory, Operations, Noise, Running) = (build.Memory, [.. build.Operations], [.. build.Noise], [.. build.Running]);
        var flow = new GradientFlow();
        foreach (var operation in Operations.Reverse().OfType<IPlanned>()) operation.Plan(flow);
        Pieces = [.. ParameterPiece.Of(Operations.OfType<ITrained>()).OrderByDescending(piece => piece.Work)];
        Stages = ProgramStage.Of(Operations);
        // As many rows of the products as a batch has without samples: their activations stay in the cache, and packing of weights costs little beside them.
        RowsAtOnce = Stages.Length > 1 || kind.Samples == 1 ? batch : Lanes.Whole(Math.Max(1, FewestRows / kind.Samples));
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

    /// <summary>Data that go forward and backward at a time: all, where rows are coupled.</summary>
    public int RowsAtOnce { get; }

    /// <summary>What is drawn before.</summary>
    public NoiseSource[] Noise { get; }

    /// <summary>The running means that a step moves.</summary>
    public RunningMean[] Running { get; }

    /// <summary>The terms of the loss: reconstruction, then the KL of every layer, or what stands in its place.</summary>
    public ITerm[] Terms { get; }

    /// <summary>The parameters' gradient in pieces of work, the largest first.</summary>
    public ParameterPiece[] Pieces { get; }

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
