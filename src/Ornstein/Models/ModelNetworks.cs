using Ornstein.Gaussians;
using Ornstein.Networks;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>The networks of a hierarchical VAE, and what each of them reads.</summary>
internal sealed class ModelNetworks
{
    private readonly ModelOptions _options;

    /// <summary>Declares all networks: q from the data up, p from the data up, the decoder.</summary>
    public ModelNetworks(ParameterLayout layout, ModelOptions options)
    {
        _options = options;
        Inference = options.Inference switch
        {
            InferenceKind.Chain => new ChainInference(layout, options, Mode),
            InferenceKind.Ladder => new LadderInference(layout, options, Mode),
            _ => throw new InvalidOperationException($"{options.Inference} is no kind of inference."),
        };
        P = [.. Enumerable.Range(0, options.Layers - 1).Select(i => GaussianNetwork.Declare(
            layout, options.Networks, new NetworkPlace($"p{i + 1}", NetworkRole.Generative, i + 1, ReadFrom(i + 1), options.Latents[i].Twice()) { IsTop = i + 1 == options.Layers - 1, Latent = options.Latents[i + 1], IsOfLadder = options.Inference == InferenceKind.Ladder }, Mode))];
        Decoder = DecoderNetwork.Declare(layout, ReadFrom(0), options, Mode);
        Prior = new TopPrior(layout, options, Inference, Mode);
    }

    /// <summary>Whether the model is being trained.</summary>
    public TrainingMode Mode { get; } = new();

    /// <summary>q: chain or ladder.</summary>
    public IInference Inference { get; }

    /// <summary>
    /// Of a chain: q(z1 | x), then q(z_{i+1} | z_i). Of a ladder: the heads of what climbs from the data, the Gaussians that p is merged with.
    /// </summary>
    public IReadOnlyList<GaussianNetwork> Q => Inference.Q;

    /// <summary>p(z_i | z_{i+1}), that of z1 first.</summary>
    public IReadOnlyList<GaussianNetwork> P { get; }

    /// <summary>p(x | z1).</summary>
    public DecoderNetwork Decoder { get; }

    /// <summary>Every network.</summary>
    public IEnumerable<PlacedNetwork> All => [.. Inference.Networks, .. P.Select(network => network.Network), Decoder.Network];

    /// <summary>Whether a training datum's numbers depend on others of its batch.</summary>
    public bool CouplesRows => All.Any(network => network.Network.CouplesRows);

    /// <summary>p(z_L).</summary>
    public TopPrior Prior { get; }

    /// <summary>Whether generative networks read all layers above, not only the next.</summary>
    public bool SkipsDown => _options.Skip.HasFlag(SkipConnections.Generative);

    /// <summary>What a generative network reads when <paramref name="layer"/> (from 0) is the lowest above it.</summary>
    public Shape ReadFrom(int layer) => SkipsDown ? Shape.Join(_options.Latents.Skip(layer)) : _options.Latents[layer];

    /// <summary>What a generative network reads of samples of all layers: that of a layer, or side by side those from it up.</summary>
    /// <param name="samples">z1 first, each [members, rows, units]; those below <paramref name="layer"/> are not read.</param>
    /// <param name="layer">The lowest layer above the network, from 0.</param>
    public Tensor Read(IReadOnlyList<Tensor> samples, int layer) =>
        SkipsDown && layer < samples.Count - 1 ? cat([.. samples.Skip(layer)], -1) : samples[layer];

    /// <summary>The Gaussian of what a generative network reads.</summary>
    public DiagonalGaussian Read(IReadOnlyList<DiagonalGaussian> layers, int layer) =>
        !SkipsDown || layer == layers.Count - 1 ? layers[layer] : new DiagonalGaussian(
            cat([.. layers.Skip(layer).Select(gaussian => gaussian.Mean)], -1),
            cat([.. layers.Skip(layer).Select(gaussian => gaussian.StandardDeviation.expand(gaussian.Mean.shape))], -1));
}
