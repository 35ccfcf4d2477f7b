using System.Globalization;
using Ornstein.Remedies;

namespace Ornstein.Experiments.Settings;

/// <summary>One part of a remedy's text taken apart, such as <c>free-bits:0.5:per=layer</c>: a value and keys. Its errors name the piece.</summary>
internal sealed class RemedyPart : IRemedyArguments
{
    private readonly string _text, _value, _what, _form, _where;
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    private RemedyPart(string text, string value, string what, string form, string where) =>
        (_text, _value, _what, _form, _where) = (text, value, what, form, where);

    /// <summary>Takes a part apart.</summary>
    /// <param name="text">The part.</param>
    /// <param name="kind">What it is one of.</param>
    /// <param name="where">What to name in an error.</param>
    public static RemedyPart Of(string text, RemedyKind kind, string where)
    {
        var (what, form) = (kind.Value, kind.Form);
        string[] pieces = text.Split(':', StringSplitOptions.TrimEntries);
        var hasValue = what is not null && pieces.Length > 1 && !pieces[1].Contains('=', StringComparison.Ordinal) && pieces[1].Length > 0;
        if (what is not null && !hasValue) throw UsageError.Because($"{where} {text} lacks its value, {what}; it is written {form}");
        var part = new RemedyPart(text, hasValue ? pieces[1] : "", what ?? "", form, where);
        foreach (var piece in pieces.Skip(hasValue ? 2 : 1)) part.Add(piece, kind.Keys);
        return part;
    }

    /// <summary>The value as a number.</summary>
    public double Number() => Read(_value) ?? throw Wrong();

    /// <summary>The value as a whole number.</summary>
    public int Whole() => int.TryParse(_value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw Wrong();

    /// <summary>The value as numbers joined by '/'.</summary>
    public IReadOnlyList<double> Numbers() => ReadAll(_value) ?? throw Wrong();

    /// <summary>A key's number.</summary>
    public double Number(string key, double fallback) =>
        !_keys.TryGetValue(key, out var text) ? fallback : Read(text) ?? throw Wrong(key, "a number", text);

    /// <summary>A key's numbers joined by '/'.</summary>
    public IReadOnlyList<double> Numbers(string key, IReadOnlyList<double> fallback) =>
        !_keys.TryGetValue(key, out var text) ? fallback : ReadAll(text) ?? throw Wrong(key, "a number, or one per link joined by '/'", text);

    /// <summary>A key's choice; the first where it is not given.</summary>
    public T Choice<T>(string key, params (string Name, T Value)[] choices)
    {
        if (!_keys.TryGetValue(key, out var text)) return choices[0].Value;
        foreach (var (name, value) in choices)
        {
            if (name == text) return value;
        }

        string[] names = [.. choices.Select(choice => choice.Name)];
        throw Wrong(key, "one of " + string.Join(", ", names), text, Suggestions.DidYouMean(text, names));
    }

    /// <summary>The value is not what it should be.</summary>
    public OrnsteinException Wrong() => UsageError.Because($"{_where} {_text} should have {Expected(_what, _value)}, but has '{_value}'; it is written {_form}");

    private OrnsteinException Wrong(string key, string what, string text, string near = "") =>
        UsageError.Because($"{_where} {_text}: {key} should be {Expected(what, text)}, but is '{text}'{near}");

    private static string Expected(string what, string text) => text.Split('/').Any(FiniteNumber.IsNotFinite) ? FiniteNumber.Expected : what;

    private void Add(string piece, IReadOnlyList<string> keys)
    {
        if (piece.Split('=', 2, StringSplitOptions.TrimEntries) is not [var key, var value])
            throw UsageError.Because($"{_where} {_text}: '{piece}' has no place there; it is written {_form}");
        if (!keys.Contains(key, StringComparer.Ordinal))
        {
            var near = Suggestions.DidYouMean(key, keys);
            throw UsageError.Because($"{_where} {_text}: there is no key '{key}'{(near.Length > 0 ? near : $"; it is written {_form}")}");
        }

        if (!_keys.TryAdd(key, value)) throw UsageError.Because($"{_where} {_text} has {key} twice; give it once");
    }

    private static double? Read(string text) => FiniteNumber.TryParse(text, out var number) ? number : null;

    private static double[]? ReadAll(string text)
    {
        double?[] numbers = [.. text.Split('/', StringSplitOptions.TrimEntries).Select(Read)];
        return Array.TrueForAll(numbers, number => number is not null) ? Array.ConvertAll(numbers, number => number!.Value) : null;
    }
}
