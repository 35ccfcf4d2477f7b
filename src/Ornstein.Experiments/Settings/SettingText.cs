using System.Collections;
using System.Globalization;
using System.Text.Json;
using Ornstein.Priors;

namespace Ornstein.Experiments.Settings;

/// <summary>The textual form of a setting's value, the one of the command line: <c>32,16,8</c>, <c>leaky-relu</c>,
/// <c>0.5:0.8</c>.</summary>
internal static class SettingText
{
    public const string None = "none";

    /// <summary>Text that <see cref="Parse"/> reads back to the same value.</summary>
    public static string Format(object? value) => value switch
    {
        null => None,
        string text => text,
        Enum choice => ChoiceName(choice.ToString()),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        Shape shape => shape.ToString(),
        IEnumerable list => string.Join(',', list.Cast<object>().Select(Format)) is { Length: > 0 } joined ? joined : None,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>The value that a text stands for.</summary>
    /// <param name="setting">The setting, whose type decides.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="where">What to name in an error: <c>--epochs</c>, or the file and key.</param>
    /// <param name="keepsUnknown">Whether names of parts that are not registered here are kept as they are.</param>
    public static object? Parse(Setting setting, string text, string where, bool keepsUnknown = false)
    {
        Type type = setting.Type;
        bool none = string.Equals(text, None, StringComparison.Ordinal);
        if (none && setting.IsOptional) return null;
        if (!type.IsArray) return One(type, text, where, keepsUnknown) ?? throw Wrong(setting, text, where);

        Type item = type.GetElementType()!;
        if (none && setting.Declaration.AllowNone) return Array.CreateInstance(item, 0);
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        var array = Array.CreateInstance(item, parts.Length);
        for (int i = 0; i < parts.Length; i++)
        {
            array.SetValue(One(item, parts[i], where, keepsUnknown) ?? throw Wrong(setting, parts.Length == 1 ? text : parts[i], where), i);
        }

        return array;
    }

    /// <summary>What a value of the setting looks like, for errors: <c>a whole number</c>.</summary>
    public static string Expected(Setting setting)
    {
        Type type = setting.Type;
        Type item = type.IsArray ? type.GetElementType()! : type;
        string one = item switch
        {
            _ when NamesOf(item) is { } names => "one of " + string.Join(", ", names),
            _ when item == typeof(int) || item == typeof(long) => "a whole number",
            _ when item == typeof(double) => "a number",
            _ when item == typeof(RhoEntry) => "a number between 0 and 1, or one such number per link",
            _ when item == typeof(RemedyEntry) => "none, or remedies joined by '+' such as \"warm-up:20+beta:0.5\"",
            _ when item == typeof(PriorEntry) => $"one of {string.Join(", ", Prior.Names)}, with a number of components where it has any, such as \"mixture:10\"",
            _ when item == typeof(Shape) => "a whole number, or numbers joined by x such as 32x48",
            _ when item == typeof(bool) => "true or false",
            _ => "text",
        };
        string expected = !type.IsArray ? one
            : item == typeof(Shape) ? "a list of whole numbers, or of shapes such as 8x14x14"
            : item == typeof(RhoEntry) || item == typeof(RemedyEntry) ? "a list, each entry " + one
            : "a list of" + one[one.IndexOf(' ')..] + "s";
        return setting.Declaration.AllowNone ? expected + ", or none" : expected;
    }

    /// <summary>All that a value of a type can be named, as options spell it; null where that is no list of names.</summary>
    public static string[]? NamesOf(Type type) => type.IsEnum ? ChoiceNames(type) : type == typeof(LikelihoodEntry) ? [.. LikelihoodEntry.Names] : null;

    /// <summary>The names of an enumeration's values, as options spell them.</summary>
    public static string[] ChoiceNames(Type type) => [.. Enum.GetNames(type).Select(ChoiceName)];

    private static string ChoiceName(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static object? One(Type type, string text, string where, bool keepsUnknown)
    {
        if (type == typeof(string)) return text;
        if (type == typeof(int))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i) ? i : null;
        }

        if (type == typeof(long))
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long l) ? l : null;
        }

        if (type == typeof(double)) return FiniteNumber.TryParse(text, out double d) ? d : null;
        if (type == typeof(bool)) return bool.TryParse(text, out bool b) ? b : null;
        if (type == typeof(RhoEntry)) return RhoEntry.TryParse(text, out RhoEntry entry) ? entry : null;
        if (type == typeof(Shape))
        {
            if (text.Split('x').Any(axis => int.TryParse(axis, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int size) && size < 1))
                throw UsageError.Because($"{where} {text} is out of range; it must be 1 or more");
            return Shape.TryParse(text, out Shape shape) ? shape : null;
        }

        if (type == typeof(RemedyEntry)) return RemedyEntry.Parse(text, where, keepsUnknown);
        if (type == typeof(LikelihoodEntry)) return keepsUnknown ? new LikelihoodEntry(text) : LikelihoodEntry.Parse(text, where);
        if (type == typeof(PriorEntry)) return keepsUnknown ? new PriorEntry(text) : PriorEntry.Parse(text, where);
        int index = Array.IndexOf(ChoiceNames(type), text);
        return index < 0 ? null : Enum.GetValues(type).GetValue(index);
    }

    private static OrnsteinException Wrong(Setting setting, string text, string where)
    {
        Type item = setting.Type.IsArray ? setting.Type.GetElementType()! : setting.Type;
        bool isNumber = item == typeof(double) || item == typeof(RhoEntry);
        string expected = isNumber && text.Split(':').Any(FiniteNumber.IsNotFinite) ? FiniteNumber.Expected : Expected(setting);
        return UsageError.Because($"{where} should be {expected}, but is '{text}'"
            + (NamesOf(setting.Type) is { } names ? Suggestions.DidYouMean(text, names) : ""));
    }
}
