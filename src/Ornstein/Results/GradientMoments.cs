using System.Text.Json.Serialization;

namespace Ornstein.Results;

/// <summary>
/// How the gradient of a network's parameters varies, a mean over the measurements of a pass, without bias. A training step's gradient is the mean gradient, plus what its batch adds, plus what its
/// draw of noise adds: samples of z, inner draws of smoothing, masks. Squared nats per datum, summed over parameters, [members]; estimates may be below zero where they are near it.
/// </summary>
/// <param name="Network">Name of the network, such as q1 or p0.</param>
/// <param name="SquaredMean">Squared length of the mean gradient.</param>
/// <param name="DataVariance">Variance that batches add: the trace of their covariance.</param>
/// <param name="NoiseVariance">Variance that draws of noise add for a batch at hand.</param>
public sealed record GradientMoments(string Network, double[] SquaredMean, double[] DataVariance, double[] NoiseVariance)
{
    /// <summary>
    /// Signal-to-noise ratio of a step's gradient, [members]: the squared length of its mean over its variance; NaN where the variance is not above zero.
    /// </summary>
    [JsonIgnore]
    public double[] SignalToNoise => [.. SquaredMean.Select((squared, member) =>
        DataVariance[member] + NoiseVariance[member] is > 0 and var variance ? squared / variance : double.NaN)];
}
