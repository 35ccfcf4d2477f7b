using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>
/// Networks whose q has batch-normalized means: BN-VAE (Zhu et al. 2020, "A Batch Normalized Inference Network Keeps the KL Vanishing Away"). A mean m becomes
/// gamma (m - mean of the batch) / sqrt(variance of the batch + eps) + shift, unit by unit, with a fixed gamma and a shift that is learned. Then
/// KL(q || N(0, 1)) of a unit, mean over the batch, is at least (gamma^2 v / (v + eps) + shift^2) / 2, v being the variance of m: q's own spread only adds to it.
/// </summary>
/// <remarks>
/// A family around another, since what it changes is what a network gives: whatever computes q has it, and so may a stranger's. Evaluation takes running means. The
/// bound is that of the top layer and of N(0, I); below, p's Gaussian may follow the means, and nothing is guaranteed.
/// </remarks>
/// <param name="Networks">The networks that are changed.</param>
/// <param name="Scale">gamma, above 0.</param>
public sealed record NormalizedMeans(INetworkFamily Networks, double Scale) : INetworkFamily
{
    /// <summary>Whether q of every layer has them, not of the top alone.</summary>
    public bool EveryLayer { get; init; }

    /// <inheritdoc/>
    public string Name => Networks.Name;

    /// <inheritdoc/>
    public bool IsLinear => Networks.IsLinear;

    /// <inheritdoc/>
    public bool CouplesRows => true;

    /// <inheritdoc/>
    public string? NotFused => Networks.NotFused ?? "batch-normalized means";

    /// <inheritdoc/>
    public INetwork Create(NetworkPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var network = Networks.Create(place);
        return place.Role is NetworkRole.Inference or NetworkRole.Head && (EveryLayer || place.IsTop) ? new Normalized(network, place.Output!.Units / 2, Scale) : network;
    }

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (!(Scale > 0 && double.IsFinite(Scale))) throw new OrnsteinException($"the scale of normalized means is {Scale}; it must be above 0.");
        Networks.Validate(layers);
    }

    private sealed class Normalized(INetwork network, int units, double scale) : INetwork
    {
        private const string Shift = "means.shift", Mean = "means.mean", Variance = "means.variance";

        public Shape Input => network.Input;

        public Shape Output => network.Output;

        public IReadOnlyList<PartParameter> Parameters { get; } =
        [
            .. network.Parameters, new(Shift, units, 0), new(Mean, units, 0, IsTrained: false), new(Variance, units, 1, IsTrained: false),
        ];

        public bool IsStacked => network.IsStacked;

        public bool CouplesRows => true;

        public bool IsRandom => network.IsRandom;

        public Tensor Forward(NetworkWeights weights, Tensor x)
        {
            var rows = IsStacked ? 1 : 0; // members come first where it takes all of them
            var output = network.Forward(weights, x).flatten(rows + 1);
            var means = BatchNormalization.Standardized(weights, output.narrow(-1, 0, units), rows, Mean, Variance).Times(scale).Plus(weights[Shift].unsqueeze(rows));
            return output.shape[^1] == units ? means : cat([means, output.narrow(-1, units, output.shape[^1] - units)], -1);
        }
    }
}
