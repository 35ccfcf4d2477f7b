namespace Ornstein.Experiments.Settings;

/// <summary>A setting that differs between two times.</summary>
/// <param name="Option">Its option, such as <c>--epochs</c>.</param>
/// <param name="Before">What it was, as text.</param>
/// <param name="Now">What it is.</param>
internal sealed record SettingsDifference(string Option, string Before, string Now)
{
    /// <summary>What may change between two starts of a run without changing its numbers.</summary>
    public static readonly string[] Free = [nameof(RunSettings.Out), nameof(RunSettings.CheckpointSeconds), nameof(RunSettings.Device)];

    /// <summary>The first difference, in the order of the options, apart from <see cref="Free"/>; null for none.</summary>
    /// <param name="before">Earlier settings.</param>
    /// <param name="now">Later ones.</param>
    /// <param name="mayResolve">Whether later settings may ask for what the earlier ones found out for themselves: <c>auto</c>, or all processors.</param>
    /// <param name="exempt">Properties that may differ as well.</param>
    public static SettingsDifference? First(RunSettings before, RunSettings now, bool mayResolve, params ReadOnlySpan<string> exempt)
    {
        foreach (var setting in SettingsSchema.Run)
        {
            if (Free.Contains(setting.Property.Name, StringComparer.Ordinal) || exempt.Contains(setting.Property.Name)) continue;
            var (old, own) = (SettingText.Format(setting.Property.GetValue(before)), SettingText.Format(setting.Property.GetValue(now)));
            if (old == own || (mayResolve && IsResolved(setting, own))) continue;
            return new(setting.Option, old, own);
        }

        return null;
    }

    private static bool IsResolved(Setting setting, string now) => now == "auto" || (setting.Property.Name == nameof(RunSettings.Threads) && now == "0");
}
