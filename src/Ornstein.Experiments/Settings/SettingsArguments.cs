namespace Ornstein.Experiments.Settings;

/// <summary>Settings as the arguments of a command that repeats them.</summary>
internal static class SettingsArguments
{
    /// <summary>The arguments, quoted for a shell, that give these settings: only what differs from the command's defaults.</summary>
    public static string ToCommandLine(RunSettings settings, RunSettings defaults) =>
        string.Join(' ', ToArguments(settings, defaults).Select(ShellQuoting.Quote));

    /// <summary>As <see cref="ToCommandLine"/>, one entry an argument, not quoted.</summary>
    public static IReadOnlyList<string> ToArguments(RunSettings settings, RunSettings defaults)
    {
        var arguments = new List<string>();
        // What the command line would fill in: the data and the networks that change the defaults must still be said.
        RunSettings filled = settings.HasLinearTheory() && !defaults.HasLinearTheory()
            ? defaults.ForLinearTheory() with { Data = defaults.Data, Hidden = defaults.Hidden }
            : defaults;
        foreach (Setting setting in SettingsSchema.Run)
        {
            string value = SettingText.Format(setting.Property.GetValue(settings));
            if (string.Equals(value, SettingText.Format(setting.Property.GetValue(filled)), StringComparison.Ordinal)) continue;
            arguments.Add(setting.Option);
            if (!setting.IsFlag || value != "true") arguments.Add(value);
        }

        return arguments;
    }
}
