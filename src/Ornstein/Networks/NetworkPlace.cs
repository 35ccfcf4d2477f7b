namespace Ornstein.Networks;

/// <summary>What a network is for.</summary>
public enum NetworkRole
{
    /// <summary>q of a layer, from the layer below or the data: gives means, then what the widths are made of.</summary>
    Inference,

    /// <summary>p of a layer, from the layer above: gives means, then what the widths are made of.</summary>
    Generative,

    /// <summary>p of the data, from z1: gives what the likelihood reads.</summary>
    Decoder,

    /// <summary>Of a ladder: what climbs from the data, or from the one before, without samples; it gives a shape of its own.</summary>
    Climbing,

    /// <summary>Of a ladder: a layer's Gaussian, from what climbs; gives means, then what the widths are made of.</summary>
    Head,
}

/// <summary>A place in a hierarchy.</summary>
/// <param name="Name">Its name, with which its parameters' names begin: <c>q1</c>, <c>p2</c>, <c>p0</c> for the decoder.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Layer">The stochastic layer that it belongs to, from 0 next to the data: the one that q gives, the lowest that p and the decoder read.</param>
/// <param name="Input">Shape of what it reads.</param>
/// <param name="Output">Shape of what it must give, twice the channels (or units) of a layer for its Gaussian; null where it has a shape of its own.</param>
public sealed record NetworkPlace(string Name, NetworkRole Role, int Layer, Shape Input, Shape? Output)
{
    /// <summary>Whether <see cref="Layer"/> is the top one.</summary>
    public bool IsTop { get; init; }

    /// <summary>
    /// Whether q is a ladder. The Gaussian of a generative network is then merged with what q makes of the data, by precision, so that q begins within the widths that it begins with.
    /// </summary>
    public bool IsOfLadder { get; init; }

    /// <summary>
    /// Shape of <see cref="Layer"/>'s latents, which says at which resolution what climbs in a ladder is to be read; null where no model asks.
    /// </summary>
    public Shape? Latent { get; init; }
}
