using System.Text.Json.Serialization;

namespace Ornstein.Studies.Claims;

/// <summary>What one seed says to a claim.</summary>
internal enum SeedVote
{
    For,
    Against,

    /// <summary>Its numbers are missing, or too uncertain.</summary>
    Neither,
}

/// <summary>One thing that every seed of a cell is asked.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="About">What of it: a layer, or a bound; empty for the top layer.</param>
/// <param name="For">Seeds that speak for the claim.</param>
/// <param name="Against">Seeds that speak against it.</param>
/// <param name="Seeds">All that were asked.</param>
internal sealed record SeedQuestion(string Cell, string About, int For, int Against, int Seeds)
{
    /// <summary>The question with its answers.</summary>
    public static SeedQuestion Of(string cell, string about, IReadOnlyCollection<SeedVote> votes) =>
        new(cell, about, votes.Count(vote => vote == SeedVote.For), votes.Count(vote => vote == SeedVote.Against), votes.Count);

    /// <summary>Whether no seed says anything.</summary>
    [JsonIgnore]
    public bool IsSilent => For + Against == 0;

    /// <summary>Its answers in words.</summary>
    [JsonIgnore]
    public string Sentence => FormattableString.Invariant($"{Cell}{(About.Length == 0 ? "" : ", " + About)}: {For} of {Seeds} for, {Against} against");
}
