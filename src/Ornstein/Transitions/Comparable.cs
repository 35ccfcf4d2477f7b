using System.Globalization;
using Ornstein.Results;

namespace Ornstein.Transitions;

/// <summary>
/// Whether models stand on one curve along rho, where those of one rho are averaged: they may differ in rho and seed alone. What results do not say, such
/// as the number of training data, whoever puts them together has to know.
/// </summary>
internal static class Comparable
{
    /// <summary>Why models have no transition together; null where nothing is against it.</summary>
    public static string? ReasonAgainst(IReadOnlyList<MemberResult> members)
    {
        if (SeveralRemedies(members.Select(member => member.Remedy)) is { } several) return several;
        if (members.Any(member => member.RhoPerLink is not null)) return "cannot say: the links of a member have different rhos, so there is no single rho to vary";
        var depths = members.Select(member => member.Kl.Length).Distinct().Order().ToArray();
        if (depths.Length > 1) return $"cannot say: there are models of {Or(depths.Select(Text))} layers, and a transition is that of one architecture";
        var latents = Known(members.Select(member => member.UnitKl), units => string.Join(',', units.Select(layer => Text(layer.Length))));
        if (latents.Length > 1) return $"cannot say: there are models of {Or(latents)} units, and a transition is that of one architecture";
        var data = Known(members.Select(member => member.TestRows), rows => rows);
        if (data.Length > 1) return $"cannot say: the models were measured on {data.Length} sets of data, and a transition is that of one";
        var weights = Known(members.Select(member => member.KlWeights), layers => string.Join(',', layers.Select(weight => weight.ToString("0.####", CultureInfo.InvariantCulture))));
        if (weights.Length > 1) return $"cannot say: the KLs of the models weighed {Or(weights)} when their training ended, and a transition is that of one objective";
        return Twice(members.Select(member => (member.Rho, member.Seed)));
    }

    /// <summary>Why models have no critical rho together: a curve along rho would jump from one remedy's models to another's; null where they have one remedy.</summary>
    /// <param name="remedies">Remedy of every model; null for none.</param>
    public static string? SeveralRemedies(IEnumerable<string?> remedies)
    {
        var count = remedies.Distinct(StringComparer.Ordinal).Count();
        return count < 2 ? null : $"cannot say: the models differ in {count} remedies, and a critical rho is that of one";
    }

    /// <summary>That two models have one rho and one seed, and so differ in something else; null where none do.</summary>
    /// <param name="models">Every model.</param>
    public static string? Twice(IEnumerable<(double Rho, long Seed)> models)
    {
        var seen = new HashSet<(double Rho, long Seed)>();
        foreach (var (rho, seed) in models)
        {
            if (!seen.Add((rho, seed))) return FormattableString.Invariant($"cannot say: there are two models of rho {rho:0.######} and seed {seed}, which differ in something that they do not say");
        }

        return null;
    }

    // Results of earlier versions, and of models that diverged, do not say everything.
    private static string[] Known<T>(IEnumerable<T?> values, Func<T, string> text)
        where T : class => [.. values.OfType<T>().Select(text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Or(IEnumerable<string> values) => string.Join(" and of ", values);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
