using Ornstein.Remedies;

namespace Ornstein.Experiments.Settings;

/// <summary>The textual form of remedies: parts joined by <c>+</c>, each a name, its value and its keys, joined by <c>:</c>.</summary>
internal static class RemedyText
{
    private static readonly RhoAnnealing _annealing = new();
    private static readonly AggressiveEncoder _aggressive = new();

    private static readonly Kind[] _kinds =
    [
        new("warm-up", "warm-up:EPOCHS", "a number of epochs", [], (remedy, part) =>
            remedy with { WarmUp = new KlWarmUp { Epochs = part.Number() } }),
        new("cyclic", "cyclic:CYCLES", "a whole number of cycles", [], (remedy, part) =>
            remedy with { WarmUp = new KlWarmUp { Shape = WarmUpShape.Cyclic, Cycles = part.Whole() } }),
        new("beta", "beta:WEIGHT or beta:WEIGHT/WEIGHT/..., z1 first", "a number, or one per layer joined by '/'", [], (remedy, part) =>
            remedy with { Beta = part.Numbers() }),
        new("free-bits", "free-bits:NATS[:per=unit|layer][:cooldown=SHARE]", "a number of nats", ["per", "cooldown"], (remedy, part) =>
            remedy with
            {
                FreeBits = new FreeBits
                {
                    Nats = part.Number(),
                    Scope = part.Choice("per", ("unit", FreeBitsScope.Unit), ("layer", FreeBitsScope.Layer)),
                    Cooldown = part.Number("cooldown", 0),
                },
            }),
        new("anneal", "anneal[:to=RHO/RHO/...][:until=SHARE][:order=together|lowest-first|highest-first][:by=step|epoch]", null,
            ["to", "until", "order", "by"], (remedy, part) => remedy with
            {
                Annealing = new RhoAnnealing
                {
                    To = part.Numbers("to", _annealing.To),
                    Until = part.Number("until", _annealing.Until),
                    Order = part.Choice("order", ("together", AnnealingOrder.Together), ("lowest-first", AnnealingOrder.LowestFirst),
                        ("highest-first", AnnealingOrder.HighestFirst)),
                    ByEpoch = part.Choice("by", ("step", false), ("epoch", true)),
                },
            }),
        new("iwae", "iwae:SAMPLES[:gradient=reparameterized|dreg]", "a whole number of samples", ["gradient"], (remedy, part) => remedy with
        {
            Importance = new ImportanceObjective
            {
                Samples = part.Whole(),
                Gradient = part.Choice(
                    "gradient", ("reparameterized", ImportanceGradient.Reparameterized), ("dreg", ImportanceGradient.DoublyReparameterized)),
            },
        }),
        new("min-rate", "min-rate:NATS", "a number of nats above 0", [], (remedy, part) =>
            remedy with { MinimumRate = part.Number() is var nats && nats != 0 ? nats : throw part.Wrong() }),
        new("aggressive", "aggressive:UPDATES[:epochs=EPOCHS]", "a whole number of updates a step", ["epochs"], (remedy, part) => remedy with
        {
            Aggressive = new AggressiveEncoder { Updates = part.Whole(), Epochs = part.Number("epochs", _aggressive.Epochs) },
        }),
    ];

    /// <summary>Names of the remedies, in the order of their texts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _kinds.Select(kind => kind.Name)];

    /// <summary>Text that <see cref="Parse"/> reads back to the same remedies; <c>none</c> where there is none.</summary>
    public static string Format(Remedy remedy) => RemedyName.Of(remedy with { Form = ObjectiveForm.Kl }) ?? SettingText.None;

    /// <summary>The remedies that a text stands for.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="where">What to name in an error.</param>
    public static Remedy Parse(string text, string where)
    {
        var remedy = Remedy.None;
        if (string.Equals(text.Trim(), SettingText.None, StringComparison.Ordinal)) return remedy;
        var seen = new List<string>();
        foreach (var piece in text.Split('+', StringSplitOptions.TrimEntries))
        {
            var name = piece.Split(':')[0].Trim();
            if (name == SettingText.None) throw UsageError.Because($"{where} {text}: none stands alone; leave it out beside others");
            var kind = Array.Find(_kinds, kind => kind.Name == name) ?? throw Unknown(where, text, name);
            if (seen.Contains(name, StringComparer.Ordinal)) throw UsageError.Because($"{where} {text} has {name} twice; give it once");
            seen.Add(name);
            if (name is "warm-up" or "cyclic" && remedy.WarmUp is not null)
                throw UsageError.Because($"{where} {text}: warm-up and cyclic are both a warm-up of the KLs; give one of them");
            remedy = kind.Read(remedy, RemedyPart.Of(piece, kind.Value, kind.Keys, kind.Form, where));
        }

        return remedy;
    }

    private static OrnsteinException Unknown(string where, string text, string name)
    {
        const string Example = "write none, or parts joined by '+', such as warm-up:20+beta:0.5";
        if (name.Length == 0) return UsageError.Because($"{where} '{text}' has an empty part; {Example}");
        var hint = Suggestions.DidYouMean(name, Names) is { Length: > 0 } near ? near : $"; there are none, {string.Join(", ", Names)}";
        return UsageError.Because($"{where} {text}: there is no remedy '{name}'{hint}");
    }

    /// <summary>One kind of part.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Form">How it is written, for errors.</param>
    /// <param name="Value">What its value is, for errors; null where it has none.</param>
    /// <param name="Keys">The keys that may follow.</param>
    /// <param name="Read">Adds a part to the remedies before it.</param>
    private sealed record Kind(string Name, string Form, string? Value, string[] Keys, Func<Remedy, RemedyPart, Remedy> Read);
}
