using Ornstein.Remedies;

namespace Ornstein.Experiments.Settings;

/// <summary>The textual form of remedies: parts joined by <c>+</c>, each a name, its value and its keys, joined by <c>:</c>.</summary>
internal static class RemedyText
{
    /// <summary>Text that <see cref="Parse"/> reads back to the same remedies; <c>none</c> where there is none.</summary>
    public static string Format(Remedy remedy) =>
        RemedyName.Of(remedy with { Form = ObjectiveForm.Kl }) ?? SettingText.None;

    /// <summary>The remedies that a text stands for.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="where">What to name in an error.</param>
    /// <param name="keepsUnknown">Whether remedies that are not registered here are kept by what they are called.</param>
    public static Remedy Parse(string text, string where, bool keepsUnknown = false)
    {
        if (string.Equals(text.Trim(), SettingText.None, StringComparison.Ordinal)) return Remedy.None;
        var (remedies, seen) = (new List<IRemedy>(), new List<string>());
        foreach (var piece in text.Split('+', StringSplitOptions.TrimEntries))
        {
            var name = piece.Split(':')[0].Trim();
            if (name == SettingText.None) throw UsageError.Because($"{where} {text}: none stands alone; leave it out beside others");
            if (Remedy.Find(name) is not { } kind)
            {
                if (!keepsUnknown) throw Unknown(where, text, name);
                remedies.Add(new UnregisteredRemedy(piece));
                continue;
            }

            if (seen.Contains(kind.Name, StringComparer.Ordinal)) throw UsageError.Because($"{where} {text} has {kind.Name} twice; give it once");
            seen.Add(kind.Name);
            if (Read(kind, piece, where) is { } remedy) remedies.Add(remedy);
        }

        var together = Remedy.Of(remedies);
        foreach (var role in together.Parts.GroupBy(part => part.Role).Where(role => role.Count() > 1))
            throw UsageError.Because($"{where} {text}: {Remedy.Clash(role.First(), role.Last()).TrimEnd('.')}");
        return together;
    }

    private static IRemedy? Read(RemedyKind kind, string piece, string where)
    {
        var arguments = RemedyPart.Of(piece, kind, where);
        try
        {
            return kind.Read(arguments);
        }
        catch (OrnsteinException error) when (!UsageError.Is(error))
        {
            throw UsageError.Because($"{where} {piece}: {error.Message.TrimEnd('.')}");
        }
    }

    private static OrnsteinException Unknown(string where, string text, string name)
    {
        const string Example = "write none, or parts joined by '+', such as warm-up:20+beta:0.5";
        if (name.Length == 0) return UsageError.Because($"{where} '{text}' has an empty part; {Example}");
        var hint = Suggestions.DidYouMean(name, Remedy.Names) is { Length: > 0 } near ? near
            : $"; there are none, {string.Join(", ", Remedy.Names)}; one of your own is known in a program that registers it (Remedy.Register)";
        return UsageError.Because($"{where} {text}: there is no remedy '{name}'{hint}");
    }
}
