using System.Globalization;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// Models whose last epoch the bounds on the gradient's norm decided: half of its steps or more were skipped, or every single one was taken along a shortened gradient.
/// </summary>
internal static class LongGradientWarnings
{
    /// <summary>A sentence about all models of each kind, without a full stop; nothing where there is none.</summary>
    /// <param name="folder">The run, with its rounds.</param>
    /// <param name="settings">Its settings.</param>
    public static IEnumerable<string> Of(RunFolder folder, RunSettings settings)
    {
        if ((settings.SkipNorm ?? settings.ClipNorm) is null) yield break;
        Last[] all = [.. RunRounds.Of(folder).Select(round => (Folder: round, Settings: StoredRun.SettingsOf(round))).Prepend((folder, settings)).SelectMany(OfStack)];
        if (All(all, last => 2 * last.Skipped >= last.Steps, last => $"skipped {last.Skipped} of {last.Steps}") is { } skipped)
        {
            yield return $"most steps of the last epoch were longer than {Text(settings.SkipNorm)} and skipped: {skipped}; give a --skip-norm "
                + "several times the typical norm, or a lower --learning-rate";
        }

        if (All(all, last => last.Clipped == last.Steps, last => $"clipped all {last.Steps}") is { } clipped)
        {
            yield return $"every step of the last epoch was longer than {Text(settings.ClipNorm)} and clipped: {clipped}; the bound, and no burst, set the length "
                + "of all gradients: give a --clip-norm several times the typical norm";
        }
    }

    private static string? All(Last[] all, Predicate<Last> isIt, Func<Last, string> what)
    {
        string[] models = [.. all.Where(last => isIt(last)).Select(last => $"{last.Model} {what(last)}, with gradients of {Text(last.Norm)}")];
        return models.Length == 0 ? null : string.Join("; ", models);
    }

    private static IEnumerable<Last> OfStack((RunFolder Folder, RunSettings Settings) stack)
    {
        var members = RunPlan.Members(stack.Settings);
        var epochs = MetricsLog.Read(stack.Folder.Metrics, members.Count);
        if (epochs.Count == 0 || epochs[^1] is not { GradientNorm: { } norms } last) yield break;
        for (var i = 0; i < norms.Length; i++)
        {
            if (!double.IsFinite(norms[i])) continue;
            var remedy = stack.Settings.HasSeveralRemedies() ? $" {RemedyEntry.NameOf(members[i]) ?? SettingText.None}" : "";
            var model = $"rho {string.Join(':', members[i].Rho.Select(rho => rho.ToString(CultureInfo.InvariantCulture)))}{remedy}, seed {members[i].Seed}";
            yield return new(model, last.Step / last.Epoch, last.Skipped?[i] ?? 0, last.Clipped?[i] ?? 0, norms[i]);
        }
    }

    private static string Text(double? value) => string.Create(CultureInfo.InvariantCulture, $"{value:G3}");

    private readonly record struct Last(string Model, long Steps, int Skipped, int Clipped, double Norm);
}
