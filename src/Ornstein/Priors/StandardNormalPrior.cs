using Ornstein.Gaussians;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Priors;

/// <summary>N(0, I).</summary>
public sealed record StandardNormalPrior : IPrior
{
    /// <inheritdoc/>
    public string Name => "standard-normal";

    /// <inheritdoc/>
    public Tensor LogDensity(Tensor z, PartState state) => Gaussian(1, state).LogDensity(z);

    /// <inheritdoc/>
    public Tensor? KlPerUnit(DiagonalGaussian q, PartState state) => KlDivergence.FromStandardPerUnit(q);

    /// <inheritdoc/>
    public Tensor? Kl(DiagonalGaussian q, PartState state) => KlDivergence.FromStandard(q);

    /// <inheritdoc/>
    public Tensor Sample(int rows, int units, StackNoise noise, string place, PartState state)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return noise.Normal(place, rows, units);
    }

    /// <inheritdoc/>
    public DiagonalGaussian Gaussian(int units, PartState state) => new(zeros(1), ones(1));
}
