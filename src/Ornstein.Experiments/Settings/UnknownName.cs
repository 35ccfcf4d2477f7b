namespace Ornstein.Experiments.Settings;

/// <summary>A name in settings that nobody has registered.</summary>
internal static class UnknownName
{
    /// <summary>The mistake: what there is, and the nearest of it, or how one of your own becomes known.</summary>
    /// <param name="where">What to name: <c>--likelihood</c>, or the file and key.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="names">Those that are known.</param>
    /// <param name="register">What makes one known: <c>Likelihood.Register</c>.</param>
    public static OrnsteinException Of(string where, string text, string name, IReadOnlyList<string> names, string register) => UsageError.Because(
        $"{where} should be one of {string.Join(", ", names)}, but is '{text}'"
        + (Suggestions.DidYouMean(name, names) is { Length: > 0 } meant ? meant : $"; one of your own is known in a program that registers it ({register})"));
}
