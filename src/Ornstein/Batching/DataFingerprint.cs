namespace Ornstein.Batching;

/// <summary>What tells rows of data from others: of the same rows in the same order, binarized in the same way, it is the same.</summary>
/// <param name="Sha256">SHA-256 of kind and content, 64 hexadecimal digits.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Features">Features of a row.</param>
public sealed record DataFingerprint(string Sha256, int Count, int Features)
{
    private const int Shown = 12;

    /// <summary>In a few words: <c>200 x 784, 0123456789ab</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} x {Features}, {Sha256[..Math.Min(Shown, Sha256.Length)]}");
}
