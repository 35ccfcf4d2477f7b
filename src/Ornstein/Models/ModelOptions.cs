using Ornstein.Likelihoods;
using Ornstein.Networks;
using Ornstein.Priors;

namespace Ornstein.Models;

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
    /// <summary>Shape of a datum, such as 784 pixels or 3x32x32.</summary>
    public required Shape Data { get; init; }

    /// <summary>Shape of each stochastic layer, z1 first: so many units, or channels x height x width.</summary>
    public IReadOnlyList<Shape> Latents { get; init; } = [32, 16, 8];

    /// <summary>The networks of q, p and the decoder.</summary>
    public INetworkFamily Networks { get; init; } = new Perceptrons();

    /// <summary>The distribution of the data given z1.</summary>
    public ILikelihood Likelihood { get; init; } = new BernoulliLikelihood();

    /// <summary>The distribution of the top layer.</summary>
    public IPrior Prior { get; init; } = new StandardNormalPrior();

    /// <summary>How q reads the data.</summary>
    public InferenceKind Inference { get; init; } = InferenceKind.Chain;

    /// <summary>Connections that skip layers.</summary>
    public SkipConnections Skip { get; init; } = SkipConnections.None;

    /// <summary>Number of numbers of a datum.</summary>
    public int Features => Data.Units;

    /// <summary>Units of each stochastic layer, z1 first.</summary>
    public IReadOnlyList<int> Units => [.. Latents.Select(shape => shape.Units)];

    /// <summary>Number L of stochastic layers.</summary>
    public int Layers => Latents.Count;

    /// <summary>Whether all networks are linear.</summary>
    public bool IsLinear => Networks.IsLinear;

    /// <summary>Most units in a layer: beyond these a size is a slip.</summary>
    /// <summary>Units of a layer at most.</summary>
    internal const int MostUnits = 1_000_000;

    /// <summary>Throws where a value is out of range or two do not fit.</summary>
    /// <exception cref="OrnsteinException">Names the value and what would be right.</exception>
    public void Validate()
    {
        if (Latents.Count == 0) throw new OrnsteinException("latents is empty; give at least one layer's size, such as 32,16,8.");
        foreach (var shape in Latents)
        {
            if (shape.Units > MostUnits) throw new OrnsteinException($"latents holds {shape}; a layer has 1 to {MostUnits:N0} units.");
        }

        Networks.Validate(Layers);
        Likelihood.Validate();
        if (Likelihood.Channels is { } channels && !(Data.Axes.Count == 3 && Data.Axes[0] == channels))
            throw new OrnsteinException($"the likelihood '{Likelihood.Name}' is of images with {channels} channels, and a datum is {Data}; give another, such as logistic-mixture.");
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
    }
}
