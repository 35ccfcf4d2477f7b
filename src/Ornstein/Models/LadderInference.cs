using Ornstein.Gaussians;
using Ornstein.Networks;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// Ladder inference (Sonderby et al. 2016, section 2.2): hidden layers climb from the data, d_i = f_i(d_{i-1}), each giving N(m_i, s_i^2); then, from the top
/// down, q(z_i | z_{i+1}, x) is that Gaussian merged with p(z_i | z_{i+1}) by precision. p is merged as it is trained: smoothed.
/// </summary>
internal sealed class LadderInference : IInference
{
    private readonly PlacedNetwork[] _climbing;

    /// <summary>Declares what climbs and the heads, from the data up.</summary>
    public LadderInference(ParameterLayout layout, ModelOptions options, TrainingMode mode)
    {
        (_climbing, var heads) = (new PlacedNetwork[options.Layers], new GaussianNetwork[options.Layers]);
        for (var i = 0; i < options.Layers; i++)
        {
            var input = i == 0 ? options.Data : _climbing[i - 1].Network.Output;
            _climbing[i] = PlacedNetwork.Declare(layout, options.Networks, new NetworkPlace($"q{i + 1}", NetworkRole.Climbing, i, input, null) { IsTop = i == options.Layers - 1, Latent = options.Latents[i], IsOfLadder = true }, mode);
            heads[i] = GaussianNetwork.Declare(
                layout, options.Networks,
                new NetworkPlace($"q{i + 1}", NetworkRole.Head, i, _climbing[i].Network.Output, options.Latents[i].Twice()) { IsTop = i == options.Layers - 1, Latent = options.Latents[i], IsOfLadder = true }, mode);
        }

        (Q, TopReads) = (heads, options.Data);
    }

    /// <inheritdoc/>
    public IReadOnlyList<GaussianNetwork> Q { get; }

    /// <summary>The hidden layers that climb from the data, f_1 first.</summary>
    public IReadOnlyList<PlacedNetwork> Climbing => _climbing;

    /// <inheritdoc/>
    public IEnumerable<PlacedNetwork> Networks => _climbing.Concat(Q.Select(head => head.Network));

    /// <inheritdoc/>
    public DiagonalGaussian[] FromData(HierarchicalVae vae, Tensor x)
    {
        var result = new DiagonalGaussian[_climbing.Length];
        var hidden = x.expand(vae.Members.Count, -1, -1);
        for (var i = 0; i < result.Length; i++)
        {
            hidden = _climbing[i].Forward(vae.Parameters, hidden);
            result[i] = Q[i].Forward(vae.Parameters, hidden);
        }

        return result;
    }

    /// <inheritdoc/>
    public InferencePass Infer(HierarchicalVae vae, Tensor x, IReadOnlyList<DiagonalGaussian> fromData, StackNoise noise)
    {
        var (top, latents) = (vae.Options.Layers - 1, vae.Options.Latents);
        var (layers, samples, generative) = (new DiagonalGaussian[top + 1], new Tensor[top + 1], new DiagonalGaussian[top]);
        for (var i = top; i >= 0; i--)
        {
            if (i < top) generative[i] = vae.SmoothedGenerative(i, layers, samples, noise);
            layers[i] = i == top ? vae.Capped(fromData[top]) : Merge(fromData[i], generative[i]);
            samples[i] = layers[i].Sample(noise.Normal($"z{i + 1}", x.shape[1], latents[i].Units));
        }

        return new InferencePass(layers, samples) { Generative = generative };
    }

    /// <inheritdoc/>
    public DiagonalGaussian[] LayersAt(HierarchicalVae vae, StackParameters parameters, Tensor x, IReadOnlyList<Tensor> samples) =>
        throw new InvalidOperationException("a ladder's q contains p.");

    /// <inheritdoc/>
    public Shape TopReads { get; }

    /// <inheritdoc/>
    public DiagonalGaussian Top(HierarchicalVae vae, Tensor points) =>
        vae.Capped(Q[^1].Forward(vae.Parameters, _climbing.Aggregate(points, (hidden, network) => network.Forward(vae.Parameters, hidden))));

    /// <summary>
    /// The normalized product of two Gaussians: precision 1/s^2 + 1/sigma^2, mean weighted by precision. With a = sigma^2 / (s^2 + sigma^2): mean
    /// mu + a (m - mu), standard deviation s sqrt(a).
    /// </summary>
    public static DiagonalGaussian Merge(DiagonalGaussian first, DiagonalGaussian second)
    {
        var variance = second.StandardDeviation.Squared();
        var share = variance / first.StandardDeviation.Squared().Plus(variance);
        return new DiagonalGaussian(second.Mean.Plus(share * (first.Mean - second.Mean)), first.StandardDeviation * share.sqrt());
    }
}
