using System.Globalization;
using Ornstein.Batching;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>
/// Independent grey levels, each a mixture of discretized logistics (Salimans et al. 2017, "PixelCNN++", section 2.1). The decoder gives, for all features, the logits of each
/// component, then their means on [-1, 1], then the logs of their scales. Channels of a pixel are independent given z here; of <see cref="ColourMixtureLikelihood"/> they are not.
/// Data are levels over 255.
/// </summary>
/// <param name="Components">Number of components, 2 or more.</param>
public sealed record LogisticMixtureLikelihood(int Components = 10) : ILikelihood
{
    private const int Usual = 10;
    private const double InitialLogScale = -2;

    /// <inheritdoc/>
    /// <remarks><c>logistic-mixture</c> with ten components, <c>logistic-mixture-5</c> with five.</remarks>
    public string Name => Components == Usual ? "logistic-mixture" : string.Create(CultureInfo.InvariantCulture, $"logistic-mixture-{Components}");

    /// <inheritdoc/>
    public int? Levels => DiscretizedLogistic.Levels;

    /// <inheritdoc/>
    public int Outputs(int features) => 3 * Components * features;

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (logits, mean, logScale) = Parts(output);
        var logMass = DiscretizedLogistic.LogMass(x.unsqueeze(-2), mean, logScale);
        return logits.log_softmax(-2).Plus(logMass).logsumexp(-2, false).sum([-1L]);
    }

    /// <inheritdoc/>
    public Tensor Mean(Tensor output)
    {
        var (logits, mean, logScale) = Parts(output);
        return logits.softmax(-2).mul(DiscretizedLogistic.Mean(mean, logScale)).sum([-2L]);
    }

    /// <inheritdoc/>
    public Tensor Sample(Tensor output, PartState state, StackNoise noise, string place)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var (logits, mean, logScale) = Parts(output);
        var (rows, features) = (mean.shape[1], mean.shape[^1]);
        Tensor Uniform(string name) => noise.Draw(name, rows, (key, count) => key.Uniform(count, features)).unsqueeze(-2);
        // The component whose share of [0, 1) a uniform number lies in.
        var before = logits.softmax(-2).cumsum(-2);
        var chosen = before.le(Uniform($"{place}/component")).sum(-2, keepdim: true).Between(0, Components - 1);
        return DiscretizedLogistic.Sample(mean.gather(-2, chosen), logScale.gather(-2, chosen), Uniform(place)).squeeze(-2);
    }

    /// <inheritdoc/>
    /// <remarks>Components begin side by side around it.</remarks>
    public double[] OutputOf(IReadOnlyList<double> mean)
    {
        ArgumentNullException.ThrowIfNull(mean);
        double[] middles = [.. mean.Select(value => GreyLevels.MiddleOf(value, Components, InitialLogScale))];
        return
        [
            .. new double[Components * mean.Count],
            .. GreyLevels.Offsets(Components).SelectMany(offset => middles.Select(middle => middle + offset)),
            .. Enumerable.Repeat(InitialLogScale, Components * mean.Count),
        ];
    }

    /// <inheritdoc/>
    public string? Misfit(DataRange data) => GreyLevels.Misfit(data);

    /// <inheritdoc/>
    public void Validate()
    {
        if (Components < 2) throw new OrnsteinException($"a mixture of logistics has {Components} component(s); it needs 2 or more. One is the likelihood discretized-logistic.");
    }

    // [members, rows, components, features] each.
    private (Tensor Logits, Tensor Mean, Tensor LogScale) Parts(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var parts = output.reshape([.. output.shape[..^1], 3, Components, output.shape[^1] / (3 * Components)]);
        return (parts.select(-3, 0), parts.select(-3, 1), parts.select(-3, 2));
    }
}
