using System.Reflection;
using System.Text.Json;

namespace Ornstein.Experiments.Settings;

/// <summary>One option, as its property declares it.</summary>
internal sealed record Setting(PropertyInfo Property, SettingAttribute Declaration)
{
    public string Option { get; } = SettingsSchema.OptionName(Property.Name);

    public string Key { get; } = SettingsSchema.KeyOf(Property.Name);

    /// <summary>The type without the <c>?</c> of a value type.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    public bool IsFlag => Type == typeof(bool);

    /// <summary>Whether the setting may be absent, written <c>none</c> on the command line and null in JSON.</summary>
    public bool IsOptional { get; } = Nullable.GetUnderlyingType(Property.PropertyType) is not null
        || new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable;

    /// <summary>Sets the property of a copy of an immutable record, as <c>with</c> does.</summary>
    public void Set(object copy, object? value) => Property.SetValue(copy, value);

    /// <summary>The default as the help shows it.</summary>
    public string? DefaultText(object defaults)
    {
        string text = SettingText.Format(Property.GetValue(defaults));
        if (IsFlag) return null;
        if (text is SettingText.None or "0" && Declaration.DefaultText is { } special) return special;
        return IsOptional && text == SettingText.None ? null : text;
    }
}

/// <summary>The settings that a record declares, in their order.</summary>
internal static class SettingsSchema
{
    public static IReadOnlyList<Setting> Run { get; } = Of(typeof(RunSettings));

    public static IReadOnlyList<Setting> Flags { get; } = Of(typeof(RunFlags));

    /// <summary><c>LearningRate</c> is <c>--learning-rate</c>.</summary>
    public static string OptionName(string property) => "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(property);

    /// <summary><c>LearningRate</c> is <c>learningRate</c> in JSON.</summary>
    public static string KeyOf(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private static Setting[] Of(Type record) =>
    [
        .. from property in record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           let declaration = property.GetCustomAttribute<SettingAttribute>()
           where declaration is not null
           select new Setting(property, declaration),
    ];
}
