namespace Ornstein;

/// <summary>Names of parts that can be registered, such as likelihoods and data sets, as configurations write them.</summary>
internal static class PartName
{
    /// <summary>Whether a text is one: lower-case letters, digits and hyphens.</summary>
    public static bool IsValid(string? name) => name is { Length: > 0 } && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
