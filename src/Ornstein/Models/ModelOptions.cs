using Ornstein.Likelihoods;
using Ornstein.Priors;

namespace Ornstein.Models;

/// <summary>Nonlinearity between the layers of a network.</summary>
public enum Activation
{
    /// <summary>max(x, 0.01 x).</summary>
    LeakyRelu,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x above zero, exp(x) - 1 below.</summary>
    Elu,

    /// <summary>x Phi(x).</summary>
    Gelu,

    /// <summary>x sigmoid(x).</summary>
    Silu,
}

/// <summary>How q reads the data.</summary>
public enum InferenceKind
{
    /// <summary>From the data up: q(z1 | x) prod q(z_{i+1} | z_i).</summary>
    Chain,

    /// <summary>
    /// Up without samples, then down: q(z_L | x) prod q(z_i | z_{i+1}, x), each merged with p by precision (<see cref="LadderInference"/>).
    /// </summary>
    Ladder,
}

/// <summary>Connections that skip layers.</summary>
[Flags]
public enum SkipConnections
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>p(x | z_1 .. z_L) and p(z_i | z_{i+1} .. z_L): every generative network reads all layers above (as in Dieng et al. 2019).</summary>
    Generative = 1,

    /// <summary>q(z_{i+1} | z_i, x): every inference network reads the data as well.</summary>
    Inference = 2,

    /// <summary>Both.</summary>
    Both = Generative | Inference,
}

/// <summary>
/// The architecture of a hierarchical VAE (design: p(x | z1) p(z_L) prod p(z_i | z_{i+1}) and q(z1 | x) prod q(z_{i+1} | z_i)).
/// </summary>
public sealed record ModelOptions
{
    /// <summary>Number of features of a datum, such as 784 pixels.</summary>
    public required int Features { get; init; }

    /// <summary>Units of each stochastic layer, z1 first.</summary>
    public IReadOnlyList<int> Latents { get; init; } = [32, 16, 8];

    /// <summary>
    /// Width of the hidden layers of the networks that belong to each stochastic layer, z1 first: those of q(z_i | .) and those that
    /// read z_i on the way down. Empty: purely linear networks, with a standard deviation per unit that does not depend on the input,
    /// so that the whole model is linear-Gaussian.
    /// </summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128, 64, 32];

    /// <summary>Number of hidden layers in each network.</summary>
    public int HiddenLayers { get; init; } = 2;

    /// <summary>Nonlinearity of the hidden layers.</summary>
    public Activation Activation { get; init; } = Activation.LeakyRelu;

    /// <summary>The distribution of the data given z1.</summary>
    public ILikelihood Likelihood { get; init; } = new BernoulliLikelihood();

    /// <summary>The distribution of the top layer.</summary>
    public IPrior Prior { get; init; } = new StandardNormalPrior();

    /// <summary>How q reads the data.</summary>
    public InferenceKind Inference { get; init; } = InferenceKind.Chain;

    /// <summary>Connections that skip layers.</summary>
    public SkipConnections Skip { get; init; } = SkipConnections.None;

    /// <summary>Whether hidden layers are batch-normalized (<see cref="BatchNormalization"/>).</summary>
    public bool NormalizesBatches { get; init; }

    /// <summary>Number L of stochastic layers.</summary>
    public int Layers => Latents.Count;

    /// <summary>Whether all networks are linear.</summary>
    public bool IsLinear => Hidden.Count == 0;

    /// <summary>Most units in a layer, and most hidden layers in a network: beyond these a size is a slip.</summary>
    private const int MostUnits = 1_000_000, MostHiddenLayers = 1000;

    /// <summary>Throws where a value is out of range or two do not fit.</summary>
    /// <exception cref="OrnsteinException">Names the value and what would be right.</exception>
    public void Validate()
    {
        if (Features < 1) throw new OrnsteinException($"features is {Features}; a datum needs at least 1.");
        if (Latents.Count == 0) throw new OrnsteinException("latents is empty; give at least one layer's size, such as 32,16,8.");
        foreach (var size in Latents)
        {
            if (size is < 1 or > MostUnits) throw new OrnsteinException($"latents holds {size}; a layer has 1 to {MostUnits:N0} units.");
        }

        if (!IsLinear && Hidden.Count != Latents.Count)
        {
            throw new OrnsteinException(
                $"hidden has {Hidden.Count} sizes and latents {Latents.Count}; give one hidden size per layer, or none for linear networks.");
        }

        foreach (var size in Hidden)
        {
            if (size is < 1 or > MostUnits) throw new OrnsteinException($"hidden holds {size}; a hidden layer has 1 to {MostUnits:N0} units.");
        }

        if (HiddenLayers is < 1 or > MostHiddenLayers)
        {
            throw new OrnsteinException($"hidden layers is {HiddenLayers}; it must be 1 to {MostHiddenLayers:N0} (hidden none is linear).");
        }

        Likelihood.Validate();
        Prior.Validate();
        if ((Skip | SkipConnections.Both) != SkipConnections.Both) throw new OrnsteinException($"skip is {Skip}; there are generative and inference skips alone.");
        ValidateCombinations();
    }

    private void ValidateCombinations()
    {
        if (Inference == InferenceKind.Ladder && Layers == 1)
            throw new OrnsteinException("a ladder merges q with p from the layer above, and a single layer has none above; give two layers or more.");
        if (Inference == InferenceKind.Ladder && IsLinear)
            throw new OrnsteinException("a ladder climbs on hidden layers, and linear networks have none; give hidden sizes.");
        if (Inference == InferenceKind.Ladder && Skip.HasFlag(SkipConnections.Inference))
            throw new OrnsteinException("in a ladder every layer of q reads the data already; leave inference skips out.");
        if (Skip != SkipConnections.None && Layers == 1)
            throw new OrnsteinException("skip connections pass over layers, and a single layer leaves none to pass over; leave them out.");
        if (NormalizesBatches && IsLinear)
            throw new OrnsteinException("batch normalization is applied to hidden layers, and linear networks have none; give hidden sizes.");
    }
}
