using Ornstein.Experiments.Settings;

namespace Ornstein.Experiments.Comparisons;

/// <summary>Names of rows that say only what differs: settings of the runs, then the remedy, then the rho.</summary>
internal static class RowLabels
{
    // Said by the row itself, or without influence on its numbers.
    private static readonly string[] _silent =
    [
        nameof(RunSettings.Remedy), nameof(RunSettings.Rho), nameof(RunSettings.Seeds), nameof(RunSettings.Refine), nameof(RunSettings.Out),
        nameof(RunSettings.CheckpointSeconds), nameof(RunSettings.Device), nameof(RunSettings.GradientNoise),
    ];

    /// <summary>The rows with their labels.</summary>
    /// <param name="rows">Rows, each with its run's settings.</param>
    public static ComparisonRow[] Apply(IReadOnlyList<(ComparisonRow Row, RunSettings Settings)> rows)
    {
        Setting[] differing = [.. SettingsSchema.Run.Where(setting => !_silent.Contains(setting.Property.Name, StringComparer.Ordinal)
            && Differ(rows.Select(row => Text(setting, row.Settings))))];
        var (remedies, rhos) = (Differ(rows.Select(row => row.Row.Remedy ?? "")), Differ(rows.Select(row => row.Row.Rho)));
        string Label(ComparisonRow row, RunSettings settings) => string.Join(", ", [
            .. differing.Select(setting => Words(setting, settings)).OfType<string>(),
            .. remedies ? [row.Remedy ?? "no remedy"] : Array.Empty<string>(),
            .. rhos ? [$"rho {row.Rho}"] : Array.Empty<string>()]);
        ComparisonRow[] labelled = [.. rows.Select(row => row.Row with { Label = Label(row.Row, row.Settings) })];
        // Runs that do not differ are told apart by their folders, and so is a row that is alone.
        var alike = labelled.GroupBy(row => row.Label, StringComparer.Ordinal).Where(group => group.Key.Length == 0 || group.Count() > 1)
            .ToDictionary(group => group.Key, group => FoldersOf([.. group.Select(row => row.Run)]), StringComparer.Ordinal);
        return [.. labelled.Select(row => alike.TryGetValue(row.Label, out var folders) ? row with { Label = string.Join(", ", folders[row.Run], row.Label).TrimEnd(',', ' ') } : row)];
    }

    // A list's commas would look like the label's own; a flag that is not set is not named.
    private static string? Words(Setting setting, RunSettings settings)
    {
        var name = setting.Option.TrimStart('-');
        var text = Text(setting, settings);
        return setting.IsFlag ? text == "true" ? name : null : $"{name} {(setting.Type.IsArray ? text.Replace(',', '-') : text)}";
    }

    // The names of folders by their paths: of each the last part, and as many before it as tell it from the others.
    private static Dictionary<string, string> FoldersOf(string[] runs)
    {
        var parts = runs.Distinct(StringComparer.Ordinal).ToDictionary(
            run => run, run => Path.GetFullPath(run).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
        static string End(string[] path, int length) => string.Join('/', path.TakeLast(length));
        string Name(string[] own)
        {
            string[][] others = [.. parts.Values.Where(path => !path.SequenceEqual(own, StringComparer.Ordinal))];
            var length = 1;
            while (length < own.Length && others.Any(path => End(path, length) == End(own, length))) length++;
            return End(own, length);
        }

        return parts.ToDictionary(pair => pair.Key, pair => Name(pair.Value), StringComparer.Ordinal);
    }

    private static string Text(Setting setting, RunSettings settings) => SettingText.Format(setting.Property.GetValue(settings));

    private static bool Differ(IEnumerable<string> texts) => texts.Distinct(StringComparer.Ordinal).Count() > 1;
}
