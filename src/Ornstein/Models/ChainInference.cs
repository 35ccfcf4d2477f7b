using Ornstein.Gaussians;
using Ornstein.Networks;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>q(z | x) = q(z1 | x) prod q(z_{i+1} | z_i), or prod q(z_{i+1} | z_i, x) with skip connections.</summary>
internal sealed class ChainInference : IInference
{
    private readonly ModelOptions _options;

    /// <summary>Declares q's networks, from the data up.</summary>
    public ChainInference(ParameterLayout layout, ModelOptions options, TrainingMode mode)
    {
        _options = options;
        Q = [.. Enumerable.Range(0, options.Layers).Select(i => GaussianNetwork.Declare(
            layout, options.Networks, new NetworkPlace($"q{i + 1}", NetworkRole.Inference, i, Reads(i), options.Latents[i].Twice()) { IsTop = i == options.Layers - 1, Latent = options.Latents[i] }, mode))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<GaussianNetwork> Q { get; }

    /// <inheritdoc/>
    public IEnumerable<PlacedNetwork> Networks => Q.Select(network => network.Network);

    /// <inheritdoc/>
    public DiagonalGaussian[] FromData(HierarchicalVae vae, Tensor x) => [Q[0].Forward(vae.Parameters, x.expand(vae.Members.Count, -1, -1))];

    /// <inheritdoc/>
    public InferencePass Infer(HierarchicalVae vae, Tensor x, IReadOnlyList<DiagonalGaussian> fromData, StackNoise noise)
    {
        var data = x.expand(vae.Members.Count, -1, -1);
        DiagonalGaussian Top(int i, DiagonalGaussian layer) => i == Q.Count - 1 ? vae.Capped(layer) : layer;
        var (layers, samples) = Chain.Climb(
            Q.Count,
            () => Top(0, fromData[0]),
            (i, below, z) => Top(i, vae.Smooth(
                SmoothedNetworks.Q, Q[i], points => Q[i].Forward(vae.Parameters, Input(data, points)), i - 1, below, z, noise, $"smooth.q{i + 1}")),
            (i, layer) => layer.Sample(noise.Normal($"z{i + 1}", x.shape[1], _options.Latents[i].Units)));
        return new InferencePass(layers, samples);
    }

    /// <inheritdoc/>
    public DiagonalGaussian[] LayersAt(HierarchicalVae vae, StackParameters parameters, Tensor x, IReadOnlyList<Tensor> samples)
    {
        var data = x.expand(vae.Members.Count, -1, -1);
        var (layers, _) = Chain.Climb(
            Q.Count, () => Q[0].Forward(parameters, data), (i, _, z) => Q[i].Forward(parameters, Input(data, z)), (i, _) => samples[i]);
        layers[^1] = vae.Capped(layers[^1]);
        return layers;
    }

    /// <inheritdoc/>
    public Shape TopReads => Reads(Q.Count - 1);

    /// <inheritdoc/>
    public DiagonalGaussian Top(HierarchicalVae vae, Tensor points) => vae.Capped(Q[^1].Forward(vae.Parameters, points));

    private Shape Reads(int i) => i == 0 ? _options.Data : ReadsData ? Shape.Join([_options.Latents[i - 1], _options.Data]) : _options.Latents[i - 1];

    private bool ReadsData => _options.Skip.HasFlag(SkipConnections.Inference);

    // Points hold all inner draws of a datum.
    private Tensor Input(Tensor data, Tensor points) => ReadsData ? cat([points, data.repeat(1, points.shape[1] / data.shape[1], 1)], -1) : points;
}
