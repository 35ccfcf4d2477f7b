using Ornstein.Gaussians;
using Ornstein.Remedies;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Priors;

/// <summary>
/// The distribution p(z_L) of the top layer. One class is a prior: <see cref="StandardNormalPrior"/> uses what a stranger can use. Immutable, and equal where
/// it means the same: a record. Models with any other than the standard normal train by autograd.
/// </summary>
public interface IPrior
{
    /// <summary>As configurations write it: lower case, such as <c>standard-normal</c>.</summary>
    string Name { get; }

    /// <summary>Parameters of its own, which are trained with the networks; none by default.</summary>
    /// <param name="units">Units of the layer.</param>
    IReadOnlyList<PartParameter> Parameters(int units) => [];

    /// <summary>The same for a prior that is made of q (<see cref="PartState.TopPosterior"/>), whose parameters may be points that q reads.</summary>
    /// <param name="units">Units of the layer.</param>
    /// <param name="read">Shape of what q's Gaussian of the layer is a function of: the layer below, the data where there is none.</param>
    IReadOnlyList<PartParameter> Parameters(int units, Shape read) => Parameters(units);

    /// <summary>What the model must be like.</summary>
    IReadOnlyList<ModelNeed> Needs => [];

    /// <summary>log p(z) summed over units, nats, [members, rows].</summary>
    /// <param name="z">Points, [members, rows, units].</param>
    /// <param name="state">Values of <see cref="Parameters(int)"/>, and q at points.</param>
    Tensor LogDensity(Tensor z, PartState state);

    /// <summary>
    /// KL(q || p) of every unit, nats, [members, rows, units]; null where there is no closed form. Then log q - log p at the samples of q takes its place,
    /// in which every unit bears an equal share of log p.
    /// </summary>
    /// <param name="q">q's Gaussian of the layer, [members, rows, units]; its standard deviation may have one row.</param>
    /// <param name="state">Values of <see cref="Parameters(int)"/>, and q at points.</param>
    Tensor? KlPerUnit(DiagonalGaussian q, PartState state) => null;

    /// <summary>The sum of <see cref="KlPerUnit"/> over units, nats, [members, rows]; null where that is.</summary>
    /// <param name="q">q's Gaussian of the layer.</param>
    /// <param name="state">Values of <see cref="Parameters(int)"/>, and q at points.</param>
    Tensor? Kl(DiagonalGaussian q, PartState state) => KlPerUnit(q, state)?.sum([-1L]);

    /// <summary>Samples of it, [members, rows, units], or [1, rows, units] where all members share them.</summary>
    /// <param name="rows">Samples of each member.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="noise">Where they come from.</param>
    /// <param name="place">Name of the noise; further draws have names that begin with it.</param>
    /// <param name="state">Values of <see cref="Parameters(int)"/>, and q at points.</param>
    Tensor Sample(int rows, int units, StackNoise noise, string place, PartState state);

    /// <summary>Its mean and standard deviation: the Gaussian in whose coordinates p of the layer below is smoothed when data are generated.</summary>
    /// <param name="units">Units of the layer.</param>
    /// <param name="state">Values of <see cref="Parameters(int)"/>, and q at points.</param>
    /// <returns>Of a shape that broadcasts to [members, rows, units].</returns>
    DiagonalGaussian Gaussian(int units, PartState state);

    /// <summary>Throws where a value of its own is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and what would be right.</exception>
    void Validate()
    {
    }
}
