using Ornstein.Gaussians;
using Ornstein.Remedies;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Priors;

/// <summary>
/// The variational mixture of posteriors (Tomczak and Welling 2018, "VAE with a VampPrior"): p(z_L) = (1/C) sum_c q(z_L | u_c), with pseudo-inputs u_c that are
/// learned. Its KL is log q - log p at samples.
/// </summary>
/// <remarks>
/// A pseudo-input is a point of what q's Gaussian of the top layer reads: of one layer and of a ladder the data, as in the paper; of a chain the layer below,
/// z_{L-1}. There q(z_L | x) is no Gaussian but a mixture of q(z_L | z_{L-1}) over z_{L-1}, so that the components are those of the aggregated posterior that the
/// prior stands for; the paper's second layer reads the data itself. Pseudo-inputs begin as draws of N(0, 1), and may leave the range of the data.
/// </remarks>
/// <param name="Components">Number C of pseudo-inputs, at least 1.</param>
public sealed record VampPrior(int Components) : IPrior
{
    private const string Of = "a VampPrior", Instead = "take another prior";

    /// <summary>How configurations write it.</summary>
    public static PriorKind Kind { get; } = new("vamp", components => new VampPrior(components)) { Standard = 50 };

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <summary>Pseudo-inputs are points of their own: batch statistics and inner draws are of data.</summary>
    public IReadOnlyList<ModelNeed> Needs => [new(ModelProperty.NetworksPerDatum, Of, Instead), new(ModelProperty.PlainQ, Of, "smooth p alone")];

    /// <inheritdoc/>
    public IReadOnlyList<PartParameter> Parameters(int units, Shape read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return [new("input", new Shape(Components, read.Units), InitialValues.Drawn(key => key.Normal(Components, read.Units)))];
    }

    /// <inheritdoc/>
    public Tensor LogDensity(Tensor z, PartState state) => Mixture(state).LogDensity(z);

    /// <inheritdoc/>
    public Tensor Sample(int rows, int units, StackNoise noise, string place, PartState state) => Mixture(state).Sample(rows, units, noise, place);

    /// <inheritdoc/>
    public DiagonalGaussian Gaussian(int units, PartState state) => Mixture(state).Moments();

    /// <inheritdoc/>
    public void Validate() => GaussianComponents.Require(Name, Components);

    private GaussianComponents Mixture(PartState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var posterior = state.TopPosterior ?? throw new OrnsteinException($"the prior '{Name}' is made of q, and is asked without one.");
        return new(posterior(state["input"]), TensorCreation.Filled([1, Components], (float)-Math.Log(Components)));
    }
}
