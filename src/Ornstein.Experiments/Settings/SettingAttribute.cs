namespace Ornstein.Experiments.Settings;

/// <summary>Where a setting stands in the help.</summary>
internal enum SettingGroup
{
    Data,
    Model,
    Smoothing,
    Remedies,
    Training,
    Run,
}

/// <summary>What the help says of a setting. The option's and the JSON key's name follow from the property's name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(SettingGroup group, string help) : Attribute
{
    public SettingGroup Group { get; } = group;

    public string Help { get; } = help;

    /// <summary>Placeholder of the value in the help, where its type does not say enough.</summary>
    public string? Value { get; init; }

    /// <summary>What the help shows as the default when it is absent (null) or zero.</summary>
    public string? DefaultText { get; init; }

    /// <summary>Whether a list may be empty, written <c>none</c>.</summary>
    public bool AllowNone { get; init; }
}
