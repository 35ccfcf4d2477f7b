using Ornstein.Checkpoints;
using Ornstein.Experiments.Settings;
using Ornstein.Models;
using Ornstein.Runs;
using Ornstein.Stacks;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// The weights of a finished run, with which another begins (<c>--start-from</c>): every model takes those of the stored model with its seed and, where that
/// run has several, its remedy.
/// </summary>
internal static class StartingWeights
{
    // What weights mean. How they are trained on, smoothed and measured is free.
    private static readonly string[] _architecture =
    [
        nameof(RunSettings.Latents), nameof(RunSettings.Networks), nameof(RunSettings.Hidden), nameof(RunSettings.HiddenLayers), nameof(RunSettings.Activation),
        nameof(RunSettings.Likelihood), nameof(RunSettings.DecoderVariance), nameof(RunSettings.DecoderSigma), nameof(RunSettings.Ladder),
        nameof(RunSettings.Skip), nameof(RunSettings.BatchNorm), nameof(RunSettings.MeanNorm), nameof(RunSettings.MeanNormLayers), nameof(RunSettings.Prior),
    ];

    /// <summary>The full path of the run, which still holds when the new one is resumed from elsewhere; null without.</summary>
    public static string? PathOf(string? start) => start is null ? null : Path.GetFullPath(start);

    /// <summary>Gives every model of a new stack its weights.</summary>
    /// <param name="settings">Resolved settings of the new run, with <see cref="RunSettings.StartFrom"/>.</param>
    /// <param name="data">Its data.</param>
    /// <param name="vae">Its stack.</param>
    /// <returns>Where they come from, in words.</returns>
    /// <exception cref="OrnsteinException">The stored run is of another architecture or data, is not finished, or lacks a model that is asked for.</exception>
    public static string Take(RunSettings settings, RunData data, HierarchicalVae vae)
    {
        var folder = RunFolder.Open(settings.StartFrom!);
        var name = PrintableText.Of(folder.Path);
        var stored = StoredRun.SettingsOfStack(folder);
        RequireArchitecture(stored, settings, name);
        if (SettingsJson.ReadFacts(folder.Config).Fingerprint?.DifferenceTo(data.Fingerprint) is { } difference)
            throw UsageError.Because($"--start-from {name} is a run on other data: its {difference}; weights go on with the data that they were trained on");
        var rho = RhoOf(stored, settings.StartRho, name);
        using var source = RunPlan.Stack(stored, data.ModelShape, data.Likelihood);
        var state = Checkpoint.RestoreWeights(folder.Checkpoint, source.Parameters, stored.Latents.Length);
        var members = vae.Members.Select(member => IndexOf(source.Members, member, rho, stored.HasSeveralRemedies(), name)).ToArray();
        RequireFinite(source, members, state, name);
        if (state.Step < (long)state.StepsPerEpoch * stored.Epochs || state.Step == 0)
        {
            throw UsageError.Because(
                $"--start-from {name} is not finished: it stands at step {state.Step} of {(long)state.StepsPerEpoch * stored.Epochs}; finish it with --resume");
        }

        for (var i = 0; i < members.Length; i++) vae.Parameters.TakeMember(i, source.Parameters, members[i]);
        return $"{name}, rho {rho}";
    }

    private static void RequireArchitecture(RunSettings stored, RunSettings settings, string name)
    {
        foreach (var property in _architecture)
        {
            var setting = SettingsSchema.Run.First(setting => setting.Property.Name == property);
            string Text(RunSettings of) => SettingText.Format(setting.Property.GetValue(of));
            if (Text(stored) == Text(settings)) continue;
            throw UsageError.Because(
                $"{setting.Option} {Text(settings)} differs from {Text(stored)} of --start-from {name}, whose weights fit the same architecture alone");
        }
    }

    private static RhoEntry RhoOf(RunSettings stored, RhoEntry? asked, string name)
    {
        var rhos = string.Join(", ", stored.Rho);
        if (asked is { } rho)
            return stored.Rho.Contains(rho) ? rho : throw UsageError.Because($"--start-rho {rho} is no rho of --start-from {name}, which has {rhos}");
        return stored.Rho.Length == 1
            ? stored.Rho[0]
            : throw UsageError.Because($"--start-from {name} has models of rho {rhos}; say with --start-rho which of them to take");
    }

    private static int IndexOf(IReadOnlyList<Member> stored, Member member, RhoEntry rho, bool hasSeveralRemedies, string name)
    {
        var remedy = RemedyEntry.NameOf(member);
        Member[] sameSeed = [.. stored.Where(other => other.Seed == member.Seed && rho.Values.SequenceEqual([.. other.Rho]))];
        if (sameSeed.Length == 0)
        {
            var seeds = string.Join(", ", stored.Select(other => other.Seed).Distinct());
            throw UsageError.Because($"--start-from {name} has no model of seed {member.Seed}; it has seeds {seeds}");
        }

        var found = hasSeveralRemedies ? Array.Find(sameSeed, other => RemedyEntry.NameOf(other) == remedy) : sameSeed[0];
        if (found is null)
        {
            var remedies = string.Join(", ", sameSeed.Select(other => RemedyEntry.NameOf(other) ?? SettingText.None));
            throw UsageError.Because($"--start-from {name} has no model of remedy {remedy ?? SettingText.None}; it has {remedies}");
        }

        return stored.ToList().IndexOf(found);
    }

    private static void RequireFinite(HierarchicalVae source, int[] members, CheckpointState state, string name)
    {
        foreach (var member in members)
        {
            var why = state.DivergedAt[member] is { } step ? $"diverged at step {step}"
                : source.Parameters.IsFinite(member) ? null : "has weights that are not finite";
            if (why is not null) throw UsageError.Because($"--start-from {name}: its model of seed {source.Members[member].Seed} {why}; there is nothing to start from");
        }
    }
}
