using Ornstein.Checkpoints;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Experiments.Runs;

/// <summary>An ordinary run inside the folder of another, whose settings follow from the other's, so that a resumed run finds the same parts.</summary>
internal sealed class RunPart : IDisposable
{
    private readonly IDisposable _hold;

    private RunPart(RunFolder folder, RunSettings settings, Provenance provenance) =>
        (Folder, Settings, Provenance, _hold) = (folder, settings, provenance, folder.Hold());

    public RunFolder Folder { get; }

    public RunSettings Settings { get; }

    /// <summary>The other's, with a command of its own.</summary>
    public Provenance Provenance { get; }

    /// <summary>Whether it has no checkpoint yet.</summary>
    public bool IsFresh => !Checkpoint.Exists(Folder.Checkpoint);

    /// <summary>Makes the part's folder, or opens it where an earlier process got there.</summary>
    /// <param name="run">The other run, which the caller holds.</param>
    /// <param name="name">The folder in it.</param>
    /// <param name="settings">Resolved settings of the part.</param>
    /// <param name="provenance">The other's.</param>
    /// <exception cref="OrnsteinException">It was trained with other settings, is held by another process, or cannot be written.</exception>
    public static RunPart Open(RunFolder run, string name, RunSettings settings, Provenance provenance)
    {
        var place = new RunFolder(run.File(name));
        Make(place.Path);
        if (Checkpoint.Exists(place.Checkpoint)) RequireSame(run, place, settings);
        var command = $"{Product.Name} phase {SettingsArguments.ToCommandLine(settings with { Out = null }, RunSettings.ForPhase)}";
        return new RunPart(place, settings, provenance with { Command = command });
    }

    public void Dispose() => _hold.Dispose();

    // May exist, with or without its config, where an earlier process was killed.
    private static void Make(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the folder of a part of the run", path, error);
        }
    }

    private static void RequireSame(RunFolder run, RunFolder place, RunSettings now)
    {
        var stored = StoredRun.SettingsOf(place);
        var (own, its) = (SettingsJson.ReadFacts(place.Config), SettingsJson.ReadFacts(run.Config));
        // Where it starts from follows from the run, which may have been moved; so may the data have been, which the run has compared.
        string[] moved = own.Fingerprint is { } known && its.Fingerprint is { } same && known.DifferenceTo(same) is null
            ? [nameof(RunSettings.StartFrom), nameof(RunSettings.Data)] : [nameof(RunSettings.StartFrom)];
        if (SettingsDifference.First(stored, now, mayResolve: false, moved) is { } other)
        {
            throw new OrnsteinException(
                $"'{place.Path}' was trained with {other.Option} {other.Before}, and its run now asks for {other.Now}: program or machine "
                + "changed; delete that folder to train it again.");
        }

        if (stored.Data == now.Data) return;
        AtomicFile.WriteText(place.Config, SettingsJson.Write(stored with { Data = now.Data }, SettingsJson.ReadProvenance(place.Config), own));
    }
}
