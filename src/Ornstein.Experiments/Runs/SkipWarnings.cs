using System.Globalization;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Runs;

/// <summary>Models that a bound on the norm of the gradient kept from learning: those that skipped half of the steps of their last whole epoch, or more.</summary>
internal static class SkipWarnings
{
    /// <summary>One sentence about all of them, without a full stop; nothing where there is none.</summary>
    /// <param name="folder">The run, with its rounds.</param>
    /// <param name="settings">Its settings.</param>
    public static IEnumerable<string> Of(RunFolder folder, RunSettings settings)
    {
        if (settings.SkipNorm is not { } bound) yield break;
        string[] models = [.. RunRounds.Of(folder).Select(round => (Folder: round, Settings: StoredRun.SettingsOf(round))).Prepend((folder, settings)).SelectMany(OfStack)];
        if (models.Length == 0) yield break;
        yield return $"most steps of the last epoch were longer than {Text(bound)} and skipped: {string.Join("; ", models)}; give a --skip-norm "
            + "several times the typical norm, or a lower --learning-rate";
    }

    private static IEnumerable<string> OfStack((RunFolder Folder, RunSettings Settings) stack)
    {
        var members = RunPlan.Members(stack.Settings);
        var epochs = MetricsLog.Read(stack.Folder.Metrics, members.Count);
        if (epochs.Count == 0 || epochs[^1] is not { Skipped: { } skipped, GradientNorm: { } norms } last) yield break;
        var steps = last.Step / last.Epoch;
        for (var i = 0; i < skipped.Length; i++)
        {
            if (2 * skipped[i] < steps || !double.IsFinite(norms[i])) continue;
            var remedy = stack.Settings.HasSeveralRemedies() ? $" {RemedyEntry.NameOf(members[i]) ?? SettingText.None}" : "";
            yield return $"rho {string.Join(':', members[i].Rho.Select(rho => rho.ToString(CultureInfo.InvariantCulture)))}{remedy}, seed {members[i].Seed} skipped {skipped[i]} of {steps}, with gradients of {Text(norms[i])}";
        }
    }

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
