using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Smoothing;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>
/// Log-weights log p(x, z) - log q(z | x) of samples z, as <see cref="HierarchicalVae.LogRatio(InferencePass)"/> and
/// <see cref="HierarchicalVae.SmoothedGenerativeLogRatio"/> give them: the network that reads x runs once per datum (<see cref="Encoder"/>),
/// all others once per sample.
/// </summary>
internal sealed class LogWeightProgram
{
    /// <summary>The program of the members that smooth the given links.</summary>
    /// <param name="vae">The model.</param>
    /// <param name="data">Data at a time.</param>
    /// <param name="samples">Samples of each at a time.</param>
    /// <param name="isSmoothed">Which links are smoothed.</param>
    public LogWeightProgram(HierarchicalVae vae, int data, int samples, bool[] isSmoothed)
    {
        var build = new ProgramBuilder(vae, data * samples, isSmoothed, new StepScalars(vae), withGradients: false);
        X = build.Given(vae.Options.Features);
        (Shared, Unsmoothed) = (build.Given(1), build.Given(1));
        FirstLayer = build.GivenGaussian(vae.Options.Latents[0].Units);
        var (layers, z) = Infer(build, vae);
        build.Operations.Add(new LogLikelihoodOperation(build.Perceptron(vae.Networks.Decoder.Network, z[0]), X, samples, (IFusedLikelihood)vae.Options.Likelihood, Shared));
        for (var i = 0; i < z.Length; i++) build.Operations.Add(new LogDensityOperation(layers[i], z[i], -1, Shared));
        for (var i = 0; i < z.Length; i++)
        {
            var p = i == z.Length - 1 ? null : build.Gaussian(vae.Networks.P[i], z[i + 1]);
            build.Operations.Add(new LogDensityOperation(p, z[i], 1, Unsmoothed));
        }

        if (vae.Smoothing.Networks.HasFlag(SmoothedNetworks.P) && isSmoothed.Contains(true))
        {
            (Generative, TopLayer) = (build.Given(1), build.GivenGaussian(vae.Options.Latents[^1].Units));
            AddGenerative(build, vae, z, TopLayer, Generative);
        }

        (Memory, Operations, Noise) = (build.Memory, [.. build.Operations], [.. build.Noise]);
    }

    /// <summary>Where everything lies.</summary>
    public WorkspacePlan Memory { get; }

    /// <summary>What is done, in order.</summary>
    public IOperation[] Operations { get; }

    /// <summary>What is drawn before.</summary>
    public NoiseSource[] Noise { get; }

    /// <summary>The data, [1, data, features].</summary>
    public Slot X { get; }

    /// <summary>q(z1 | x) of every sample's datum, to be given.</summary>
    public GaussianSlots FirstLayer { get; }

    /// <summary>N(0, I) of the top layer, to be given; null where p is not smoothed.</summary>
    public GaussianSlots? TopLayer { get; }

    /// <summary>log p(x | z1) - log q(z | x) of every sample; to be cleared before.</summary>
    public Slot Shared { get; }

    /// <summary>log p(z) of the unsmoothed model; to be cleared before.</summary>
    public Slot Unsmoothed { get; }

    /// <summary>log p(z) of the smoothed generative model, to be cleared before; null where it is the unsmoothed one.</summary>
    public Slot? Generative { get; }

    /// <summary>The program that gives q(z1 | x).</summary>
    public static (ProgramBuilder Program, Slot X, GaussianSlots Layer) Encoder(HierarchicalVae vae, int data)
    {
        var build = new ProgramBuilder(vae, data, [], new StepScalars(vae), withGradients: false);
        var x = build.Given(vae.Options.Features);
        return (build, x, build.Gaussian(vae.Networks.Q[0], x));
    }

    private (GaussianSlots[] Layers, Slot[] Samples) Infer(ProgramBuilder build, HierarchicalVae vae) => Chain.Climb(
        vae.Options.Layers, () => FirstLayer,
        (i, below, z) => build.Conditional(SmoothedNetworks.Q, vae.Networks.Q[i], i - 1, below, z, $"smooth.q{i + 1}"),
        (i, layer) => build.Sample(layer, $"z{i + 1}"));

    // From the top down: each layer is smoothed in the coordinates of p's own Gaussian of the layer above.
    private static void AddGenerative(ProgramBuilder build, HierarchicalVae vae, Slot[] z, GaussianSlots top, Slot sums)
    {
        build.Operations.Add(new LogDensityOperation(null, z[^1], 1, sums));
        var above = top;
        for (var link = z.Length - 2; link >= 0; link--)
        {
            above = build.Conditional(SmoothedNetworks.P, vae.Networks.P[link], link, above, z[link + 1], $"generative.p{link + 1}");
            build.Operations.Add(new LogDensityOperation(above, z[link], 1, sums));
        }
    }
}
