using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Smoothing;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>
/// The smoothed objective of a model as a list of operations, in the order of <see cref="HierarchicalVae.Infer"/>,
/// <see cref="HierarchicalVae.Reconstruction(TorchSharp.torch.Tensor, InferencePass)"/> and <see cref="HierarchicalVae.SmoothedKl"/>, with all its memory planned.
/// </summary>
internal sealed class StepProgram
{
    /// <summary>The program of the members that smooth the given links.</summary>
    public StepProgram(HierarchicalVae vae, int batch, bool[] isSmoothed, StepScalars scalars)
    {
        var build = new ProgramBuilder(vae, batch, isSmoothed, scalars, withGradients: true);
        X = build.Given(vae.Options.Features);
        var terms = Build(build, vae, X, scalars);
        (Memory, Operations, Noise, Terms) = (build.Memory, [.. build.Operations], [.. build.Noise], [.. terms]);
        var flow = new GradientFlow();
        foreach (var operation in Operations.Reverse().OfType<IPlanned>()) operation.Plan(flow);
        Pieces = [.. Operations.OfType<ITrained>().SelectMany(ParameterPiece.Of).OrderByDescending(piece => piece.Work)];
    }

    /// <summary>Where everything lies.</summary>
    public WorkspacePlan Memory { get; }

    /// <summary>The data, [1, batch, features].</summary>
    public Slot X { get; }

    /// <summary>What is done, in order; the terms are among them.</summary>
    public IOperation[] Operations { get; }

    /// <summary>What is drawn before.</summary>
    public NoiseSource[] Noise { get; }

    /// <summary>The terms of the loss: reconstruction, then the KL of every layer.</summary>
    public ITerm[] Terms { get; }

    /// <summary>The parameters' gradient in pieces of work, the largest first.</summary>
    public ParameterPiece[] Pieces { get; }

    private static List<ITerm> Build(ProgramBuilder build, HierarchicalVae vae, Slot x, StepScalars scalars)
    {
        var q = vae.Networks.Q;
        var (layers, samples) = Chain.Climb(
            q.Count, () => build.Gaussian(q[0], x),
            (i, below, z) => build.Conditional(SmoothedNetworks.Q, q[i], i - 1, below, z, $"smooth.q{i + 1}"),
            (i, layer) => build.Sample(layer, $"z{i + 1}"));
        var terms = new List<ITerm>();
        void Add(ITerm term)
        {
            build.Operations.Add(term);
            terms.Add(term);
        }

        Add(new ReconstructionTerm(build.Perceptron(vae.Networks.Decoder.Network, samples[0]), x, (IFusedLikelihood)vae.Options.Likelihood));
        for (var link = 0; link < layers.Length - 1; link++)
        {
            var network = vae.Networks.P[link];
            var p = build.Conditional(SmoothedNetworks.P, network, link, layers[link + 1], samples[link + 1], $"smooth.p{link + 1}");
            Add(new KlTerm(layers[link], p, scalars.KlWeight[link]));
        }

        Add(new TopKlTerm(layers[^1], scalars.KlWeight[^1]));
        return terms;
    }
}
