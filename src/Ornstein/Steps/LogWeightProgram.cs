using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Smoothing;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>
/// Log-weights log p(x, z) - log q(z | x) of samples z, as <see cref="HierarchicalVae.LogRatio(InferencePass)"/> and
/// <see cref="HierarchicalVae.SmoothedGenerativeLogRatio"/> give them: networks that read the data alone run once per datum
/// (<see cref="EncoderProgram"/>), all others once per sample.
/// </summary>
internal sealed class LogWeightProgram
{
    /// <summary>The program of the members that smooth the given links.</summary>
    /// <param name="vae">The model.</param>
    /// <param name="data">Data at a time.</param>
    /// <param name="samples">Samples of each at a time.</param>
    /// <param name="kind">What of its members it is for.</param>
    public LogWeightProgram(HierarchicalVae vae, int data, int samples, ProgramKind kind)
    {
        var build = new ProgramBuilder(vae, data * samples, kind, new StepScalars(vae), withGradients: false);
        X = build.Given(vae.Options.Features);
        Rows = vae.Options.Skip.HasFlag(SkipConnections.Inference) ? build.Given(vae.Options.Features) : null;
        (Shared, Unsmoothed) = (build.Given(1), build.Given(1));
        FromData = [.. EncoderProgram.Units(vae).Select(build.GivenGaussian)];
        var pass = InferenceProgram.Of(build, FromData, Rows ?? X);
        var (layers, z) = (pass.Layers, pass.Samples);
        build.Operations.Add(new LogLikelihoodOperation(build.Decode(z), X, samples, (IFusedLikelihood)vae.Options.Likelihood, build.OwnNumbers(), Shared));
        for (var i = 0; i < z.Length; i++) build.Operations.Add(new LogDensityOperation(layers[i], z[i], -1, Shared));
        for (var i = 0; i < z.Length; i++)
        {
            var p = i == z.Length - 1 ? null : build.Gaussian(vae.Networks.P[i], build.Read(z, i + 1));
            build.Operations.Add(new LogDensityOperation(p, z[i], 1, Unsmoothed));
        }

        if (vae.Smoothing.Networks.HasFlag(SmoothedNetworks.P) && kind.SmoothsAny)
        {
            (Generative, TopLayer) = (build.Given(1), build.GivenGaussian(vae.Options.Latents[^1].Units));
            AddGenerative(build, z, TopLayer, Generative);
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

    /// <summary>The data of every sample, to be given; null where no network of samples reads them.</summary>
    public Slot? Rows { get; }

    /// <summary>What <see cref="EncoderProgram"/> gives of every sample's datum, to be given.</summary>
    public GaussianSlots[] FromData { get; }

    /// <summary>N(0, I) of the top layer, to be given; null where p is not smoothed.</summary>
    public GaussianSlots? TopLayer { get; }

    /// <summary>log p(x | z1) - log q(z | x) of every sample; to be cleared before.</summary>
    public Slot Shared { get; }

    /// <summary>log p(z) of the unsmoothed model; to be cleared before.</summary>
    public Slot Unsmoothed { get; }

    /// <summary>log p(z) of the smoothed generative model, to be cleared before; null where it is the unsmoothed one.</summary>
    public Slot? Generative { get; }

    // From the top down: each layer is smoothed in the coordinates of p's own Gaussians of the layers above.
    private static void AddGenerative(ProgramBuilder build, Slot[] z, GaussianSlots top, Slot sums)
    {
        build.Operations.Add(new LogDensityOperation(null, z[^1], 1, sums));
        var layers = new GaussianSlots[z.Length];
        layers[^1] = top;
        for (var link = z.Length - 2; link >= 0; link--)
        {
            layers[link] = build.Generative(link, above => layers[above], z, $"generative.p{link + 1}");
            build.Operations.Add(new LogDensityOperation(layers[link], z[link], 1, sums));
        }
    }
}
