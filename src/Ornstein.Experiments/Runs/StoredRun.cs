using Ornstein.Checkpoints;
using Ornstein.Experiments.Settings;
using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Runs;

/// <summary>A run read back from its folder: settings, data and the stack with the weights of its last checkpoint.</summary>
internal sealed class StoredRun : IDisposable
{
    private StoredRun()
    {
    }

    public required RunFolder Folder { get; init; }

    public required RunSettings Settings { get; init; }

    public required RunData Data { get; init; }

    public required HierarchicalVae Vae { get; init; }

    public required CheckpointState State { get; init; }

    /// <summary>Where in its training the checkpoint stands; annealed rhos are those of that moment, at its end the final ones.</summary>
    public TrainingClock Clock => ClockOf(Settings, State);

    /// <summary>Smoothing parameters in [0, 1] of a member's links at <see cref="Clock"/>, as it has them: one for all, or one per link.</summary>
    public IReadOnlyList<double> RhosOf(int member)
    {
        var (own, links) = (Vae.Members[member], Vae.Options.Layers - 1);
        return !own.Remedy.MovesRho(links) ? own.Rho : [.. Enumerable.Range(0, links).Select(link => own.RhoOf(link, links, Clock))];
    }

    /// <summary>The settings a run was started with.</summary>
    public static RunSettings SettingsOf(RunFolder folder) => SettingsJson.Read(folder.Config, RunSettings.ForPhase).Validate();

    /// <summary>The same for those who only show them: parts of one's own need not be registered here.</summary>
    public static RunSettings ShownSettingsOf(RunFolder folder) => SettingsJson.ReadStored(folder.Config);

    /// <summary>The settings of a run that is one stack with its rounds of refinement.</summary>
    /// <exception cref="OrnsteinException">It is a run of two branches, whose stacks lie in folders below it.</exception>
    public static RunSettings SettingsOfStack(RunFolder folder) => OfStack(folder, SettingsOf(folder));

    /// <summary>The same for those who only show them.</summary>
    public static RunSettings ShownSettingsOfStack(RunFolder folder) => OfStack(folder, ShownSettingsOf(folder));

    private static RunSettings OfStack(RunFolder folder, RunSettings settings)
    {
        if (settings.Branches == BranchChoice.None) return settings;
        var path = Path.TrimEndingDirectorySeparator(folder.Path);
        throw new OrnsteinException(
            $"'{folder.Path}' is a run of two branches (--branches both); name one of its stacks: {path}/{RunBranches.FromAlive}, {path}/{RunBranches.FromCollapsed}, "
            + $"{path}/{RunBranches.RootAlive} or {path}/{RunBranches.RootCollapsed}.");
    }

    /// <summary>That the data are not those that the run was trained and tested on, in words; null where they are, or nobody knows.</summary>
    public required string? OtherData { get; init; }

    /// <summary>Whether the test data are known to be those that the run was measured on, all of them and no more.</summary>
    public required bool IsOnOwnData { get; init; }

    /// <summary>What the run said at its start that may mislead.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Opens a run. Its data must be what they were, unless others are asked for.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="on">What to measure on.</param>
    /// <param name="change">Changes settings that touch neither the weights nor the data, such as a number of draws.</param>
    /// <param name="cancellation">Stops loading.</param>
    /// <exception cref="OrnsteinException">There is no such run, or its data have changed.</exception>
    public static StoredRun Open(string path, MeasuredOn on, Func<RunSettings, RunSettings> change, CancellationToken cancellation)
    {
        var folder = RunFolder.Open(path);
        var settings = change(on.Apply(SettingsOfStack(folder))).Validate();
        RunThreads.Set(settings.Threads);
        var (own, warnings, _) = SettingsJson.ReadFacts(folder.Config);
        var data = RunData.Load(settings, null, cancellation, on.LimitOf(settings));
        if (on is { IsForeign: true, Binarization: null } && WasBinary(settings) && own?.DifferenceTo(data.Fingerprint) is not null)
        {
            // Binary data need no drawing; grey ones in their place do.
            data.Dispose();
            data = RunData.Load(settings with { Binarization = BinarizationChoice.Auto }, null, cancellation, on.LimitOf(settings));
        }

        HierarchicalVae? vae = null;
        try
        {
            var difference = own?.DifferenceTo(data.Fingerprint);
            if (difference is not null && !on.IsForeign && on.Binarization is null) throw DataHaveChanged(folder, data, difference);
            var features = Checkpoint.FeaturesOf(folder.Checkpoint, settings.Latents.Length, RunPlan.Members(settings).Count);
            if (features is not null && features != data.Train.Features)
            {
                throw new OrnsteinException($"data '{data.Name}' have {data.Train.Features} features and the models of this run {features}.");
            }

            if (difference is not null)
            {
                foreach (var warning in data.Warnings) on.Warn?.Invoke(warning);
            }

            vae = RunPlan.Stack(settings, data.ModelShape, data.Likelihood);
            var state = Checkpoint.RestoreWeights(folder.Checkpoint, vae.Parameters, settings.Latents.Length);
            vae.AnnealTo(ClockOf(settings, state));
            var other = difference is null ? null : $"not the data that the run was trained and tested on ({difference})";
            // Of a run of an earlier version nobody knows what its data were.
            var isOwn = difference is null && (own is not null || (!on.IsForeign && on.Binarization is null)) && data.Test.Count == data.Fingerprint.Test.Count;
            return new StoredRun
            {
                Folder = folder, Settings = settings, Data = data, Vae = vae, State = state, OtherData = other, IsOnOwnData = isOwn, Warnings = warnings,
            };
        }
        catch
        {
            vae?.Dispose();
            data.Dispose();
            throw;
        }
    }

    /// <summary>The error of a run whose data are no longer what they were.</summary>
    public static OrnsteinException DataHaveChanged(RunFolder folder, RunData data, string difference) => new(
        $"data '{data.Name}' are not those of the run in '{folder.Path}' any more: {difference}. Put them back, or name them with --data where they are now.");

    /// <summary>Throws where layers read more than the next: what is said of a single link is not defined for them.</summary>
    /// <param name="what">What is asked for, which begins the message.</param>
    public void RequireMarkov(string what)
    {
        if (Vae.IsMarkov) return;
        var why = Settings.Ladder ? "--ladder" : $"--skip {SettingText.Format(Settings.Skip)}";
        throw new OrnsteinException($"{what} needs layers that read only the next one, and the models of this run were trained with {why}.");
    }

    public void Dispose()
    {
        Vae.Dispose();
        Data.Dispose();
    }

    private static bool WasBinary(RunSettings settings) => 
        settings.Binarization == BinarizationChoice.None && settings.Likelihood == LikelihoodEntry.Bernoulli;

    // A run without an epoch's length has taken no step.
    private static TrainingClock ClockOf(RunSettings settings, CheckpointState state)
    {
        var steps = Math.Max(1, state.StepsPerEpoch);
        return new TrainingClock(state.Step, steps, (long)steps * settings.Epochs);
    }
}
