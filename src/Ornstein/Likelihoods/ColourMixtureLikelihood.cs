using System.Globalization;
using Ornstein.Batching;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>
/// Pixels in red, green and blue, each a mixture of triples of discretized logistics: one component is chosen for the pixel, green's mean moves with red's value, and blue's with both
/// (Salimans et al. 2017, "PixelCNN++", sections 2.1 and 2.2). The decoder gives planes, each a number for every pixel: the logits of the components, their means of red, of green and of
/// blue on [-1, 1], the logs of their scales likewise, then arguments of tanh: how much of red goes into green, of red into blue, of green into blue. Data are levels over 255.
/// </summary>
/// <param name="Components">Number of components, 2 or more.</param>
public sealed record ColourMixtureLikelihood(int Components = 10) : ILikelihood
{
    private const int Usual = 10, Planes = 10; // of each component
    private const double InitialLogScale = -2;

    /// <inheritdoc/>
    /// <remarks><c>logistic-mixture-rgb</c> with ten components, <c>logistic-mixture-rgb-5</c> with five.</remarks>
    public string Name => Components == Usual ? "logistic-mixture-rgb" : string.Create(CultureInfo.InvariantCulture, $"logistic-mixture-rgb-{Components}");

    /// <inheritdoc/>
    public int? Levels => DiscretizedLogistic.Levels;

    /// <inheritdoc/>
    public int? Channels => 3;

    /// <inheritdoc/>
    public int Outputs(int features) => Planes * Components * (features / 3);

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        ArgumentNullException.ThrowIfNull(x);
        var parts = new Parts(output, Components);
        var pixels = x.reshape([.. x.shape[..^1], 3, x.shape[^1] / 3]);
        Tensor Channel(int channel) => pixels.select(-2, channel).unsqueeze(-2);
        var (red, green, blue) = (Channel(0), Channel(1), Channel(2));
        var logMass = DiscretizedLogistic.LogMass(red, parts.Mean(0), parts.LogScale(0))
            .Plus(DiscretizedLogistic.LogMass(green, parts.Green(red), parts.LogScale(1)))
            .Plus(DiscretizedLogistic.LogMass(blue, parts.Blue(red, green), parts.LogScale(2)));
        return parts.Logits.log_softmax(-2).Plus(logMass).logsumexp(-2, false).sum([-1L]);
    }

    /// <inheritdoc/>
    /// <remarks>Green's and blue's are those at the mean of the channels that they move with: exact but for the cut at black and white.</remarks>
    public Tensor Mean(Tensor output)
    {
        var parts = new Parts(output, Components);
        var red = DiscretizedLogistic.Mean(parts.Mean(0), parts.LogScale(0));
        var green = DiscretizedLogistic.Mean(parts.Green(red), parts.LogScale(1));
        var blue = DiscretizedLogistic.Mean(parts.Blue(red, green), parts.LogScale(2));
        var shares = parts.Logits.softmax(-2);
        return cat([.. new[] { red, green, blue }.Select(channel => channel.mul(shares).sum([-2L]))], -1);
    }

    /// <inheritdoc/>
    public Tensor Sample(Tensor output, PartState state, StackNoise noise, string place)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var parts = new Parts(output, Components);
        var (rows, pixels) = (parts.Logits.shape[1], parts.Logits.shape[^1]);
        Tensor Uniform(string name) => noise.Draw(name, rows, (key, count) => key.Uniform(count, pixels)).unsqueeze(-2);
        // The component whose share of [0, 1) a uniform number lies in.
        var chosen = parts.Logits.softmax(-2).cumsum(-2).le(Uniform($"{place}/component")).sum(-2, keepdim: true).Between(0, Components - 1);
        Tensor Draw(Tensor mean, int channel) =>
            DiscretizedLogistic.Sample(mean.gather(-2, chosen), parts.LogScale(channel).gather(-2, chosen), Uniform($"{place}/{channel}"));
        var red = Draw(parts.Mean(0), 0);
        var green = Draw(parts.Green(red), 1);
        var blue = Draw(parts.Blue(red, green), 2);
        return cat([red, green, blue], -1).squeeze(-2);
    }

    /// <inheritdoc/>
    /// <remarks>Components begin side by side around it, and channels apart from each other.</remarks>
    public double[] OutputOf(IReadOnlyList<double> mean)
    {
        ArgumentNullException.ThrowIfNull(mean);
        var pixels = mean.Count / 3;
        double[] middles = [.. mean.Select(value => GreyLevels.MiddleOf(value, Components, InitialLogScale))];
        return
        [
            .. new double[Components * pixels],
            .. Enumerable.Range(0, 3).SelectMany(channel => GreyLevels.Offsets(Components).SelectMany(
                offset => middles[(channel * pixels)..((channel + 1) * pixels)].Select(middle => middle + offset))),
            .. Enumerable.Repeat(InitialLogScale, 3 * Components * pixels),
            .. new double[3 * Components * pixels],
        ];
    }

    /// <inheritdoc/>
    public string? Misfit(DataRange data) => GreyLevels.Misfit(data);

    /// <inheritdoc/>
    public void Validate()
    {
        if (Components < 2) throw new OrnsteinException($"a mixture of logistics has {Components} component(s); it needs 2 or more.");
    }

    // [members, rows, components, pixels] each.
    private readonly struct Parts
    {
        private readonly Tensor _planes;

        public Parts(Tensor output, int components)
        {
            ArgumentNullException.ThrowIfNull(output);
            _planes = output.reshape([.. output.shape[..^1], Planes, components, output.shape[^1] / (Planes * components)]);
        }

        public Tensor Logits => _planes.select(-3, 0);

        public Tensor Mean(int channel) => _planes.select(-3, 1 + channel);

        public Tensor LogScale(int channel) => _planes.select(-3, 4 + channel);

        /// <summary>Green's means where red has a level over 255.</summary>
        public Tensor Green(Tensor red) => Mean(1).Plus(Share(0).mul(Signed(red)));

        /// <summary>Blue's where red and green have.</summary>
        public Tensor Blue(Tensor red, Tensor green) => Mean(2).Plus(Share(1).mul(Signed(red))).Plus(Share(2).mul(Signed(green)));

        private static Tensor Signed(Tensor level) => level.Times(2).Minus(1);

        private Tensor Share(int index) => _planes.select(-3, 7 + index).tanh();
    }
}
