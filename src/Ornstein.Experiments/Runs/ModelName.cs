using Ornstein.Experiments.Settings;
using Ornstein.Stacks;

namespace Ornstein.Experiments.Runs;

/// <summary>The name of a model in names of files and folders.</summary>
internal static class ModelName
{
    /// <summary>Such as <c>rho-0.5-seed-0</c>, or <c>rho-0.5-warm-up-10-seed-0</c>.</summary>
    /// <param name="member">The model.</param>
    /// <param name="several">Whether models of its run differ in their remedies.</param>
    public static string Of(Member member, bool several) =>
        $"rho-{string.Join('-', member.Rho)}{(several ? "-" + Plain(RemedyEntry.NameOf(member) ?? SettingText.None) : "")}-seed-{member.Seed}";

    // A remedy's text with what no file system objects to.
    private static string Plain(string remedy) => string.Concat(remedy.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-'));
}
