namespace Ornstein.Remedies;

/// <summary>What a remedy, or a prior, can ask of a model.</summary>
public enum ModelProperty
{
    /// <summary>p(x | z) of a datum does not depend on the batch.</summary>
    LikelihoodPerDatum,

    /// <summary>Nor does any network: no batch normalization.</summary>
    NetworksPerDatum,

    /// <summary>q contains nothing of p: no ladder.</summary>
    QApartFromP,

    /// <summary>q is not smoothed.</summary>
    PlainQ,

    /// <summary>The prior of the top layer is N(0, I).</summary>
    StandardPrior,

    /// <summary>Every layer of p reads only the next above and every layer of q only the next below: no ladder, no skip connections.</summary>
    Markov,
}

/// <summary>Something that a remedy, or a prior, asks of a model.</summary>
/// <param name="Property">What.</param>
/// <param name="Of">Who asks, as the subject of a sentence, such as <c>the doubly reparameterized gradient</c>.</param>
/// <param name="Instead">What would be right in the place of it, such as <c>take the ordinary one</c>.</param>
public sealed record ModelNeed(ModelProperty Property, string Of, string Instead = "leave it out");
