using Ornstein.Gaussians;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Priors;

/// <summary>
/// A learned mixture of diagonal Gaussians: p(z_L) = sum_c w_c N(m_c, s_c^2), with weights, means and widths trained with the networks. Its KL is log q - log p
/// at samples.
/// </summary>
/// <remarks>Widths begin at 1, weights equal, means as draws of N(0, 1) that tell components apart; a single component begins as N(0, 1).</remarks>
/// <param name="Components">Number of Gaussians, at least 1.</param>
public sealed record MixturePrior(int Components) : IPrior
{
    /// <summary>How configurations write it.</summary>
    public static PriorKind Kind { get; } = new("mixture", components => new MixturePrior(components)) { Standard = 10 };

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <inheritdoc/>
    public IReadOnlyList<PartParameter> Parameters(int units) =>
    [
        new("logit", Components, 0),
        new("mean", new Shape(Components, units), Components == 1 ? 0 : InitialValues.Drawn(key => key.Normal(Components, units))),
        new("logwidth", new Shape(Components, units), 0),
    ];

    /// <inheritdoc/>
    public Tensor LogDensity(Tensor z, PartState state) => Of(state).LogDensity(z);

    /// <inheritdoc/>
    public Tensor Sample(int rows, int units, StackNoise noise, string place, PartState state) => Of(state).Sample(rows, units, noise, place);

    /// <inheritdoc/>
    public DiagonalGaussian Gaussian(int units, PartState state) => Of(state).Moments();

    /// <inheritdoc/>
    public void Validate() => GaussianComponents.Require(Name, Components);

    private static GaussianComponents Of(PartState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(new DiagonalGaussian(state["mean"], state["logwidth"].exp()), state["logit"].log_softmax(-1));
    }
}
