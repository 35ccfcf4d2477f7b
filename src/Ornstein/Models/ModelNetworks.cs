using Ornstein.Gaussians;
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
        var mode = Mode;
        Q = [.. Enumerable.Range(0, options.Layers).Select(i => GaussianNetwork.Declare(
            layout, $"q{i + 1}", [InferenceInputs(i), .. HiddenOf(i)], options.Latents[i], options, mode))];
        P = [.. Enumerable.Range(0, options.Layers - 1).Select(i => GaussianNetwork.Declare(
            layout, $"p{i + 1}", [UnitsFrom(i + 1), .. HiddenOf(i + 1)], options.Latents[i], options, mode))];
        Decoder = DecoderNetwork.Declare(layout, "p0", [UnitsFrom(0), .. HiddenOf(0)], options, mode);
        Prior = new TopPrior(layout, options, mode);
    }

    /// <summary>Whether the model is being trained.</summary>
    public TrainingMode Mode { get; } = new();

    /// <summary>
    /// Of a chain: q(z1 | x), then q(z_{i+1} | z_i). Of a ladder: what climbs from the data, each reading the hidden layer of the one before, and the
    /// Gaussians that p is merged with.
    /// </summary>
    public IReadOnlyList<GaussianNetwork> Q { get; }

    /// <summary>p(z_i | z_{i+1}), that of z1 first.</summary>
    public IReadOnlyList<GaussianNetwork> P { get; }

    /// <summary>p(x | z1).</summary>
    public DecoderNetwork Decoder { get; }

    /// <summary>p(z_L).</summary>
    public TopPrior Prior { get; }

    /// <summary>Whether generative networks read all layers above, not only the next.</summary>
    public bool SkipsDown => _options.Skip.HasFlag(SkipConnections.Generative);

    /// <summary>Units that a generative network reads when <paramref name="layer"/> (from 0) is the lowest above it.</summary>
    public int UnitsFrom(int layer) => SkipsDown ? _options.Latents.Skip(layer).Sum() : _options.Latents[layer];

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

    private int InferenceInputs(int i) => i == 0 ? _options.Features : _options.Inference switch
    {
        InferenceKind.Chain => _options.Latents[i - 1] + (_options.Skip.HasFlag(SkipConnections.Inference) ? _options.Features : 0),
        InferenceKind.Ladder => _options.Hidden[i - 1],
        _ => throw new InvalidOperationException($"{_options.Inference} is no kind of inference."),
    };

    private IEnumerable<int> HiddenOf(int layer) =>
        _options.IsLinear ? [] : Enumerable.Repeat(_options.Hidden[layer], _options.HiddenLayers);
}
