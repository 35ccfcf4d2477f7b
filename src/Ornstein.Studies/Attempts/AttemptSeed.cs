using System.Text.Json;
using Ornstein.Checkpoints;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Studies.Attempts;

/// <summary>
/// Gives a new attempt what earlier ones had trained: a copy of the checkpoint that is furthest. The one that is copied may still be written to by a
/// process that does not know that it was replaced.
/// </summary>
internal static class AttemptSeed
{
    private const int Tries = 20;

    /// <summary>Copies the furthest checkpoint of some run folders into a folder that does not exist yet.</summary>
    /// <param name="sources">Run folders, which need not exist.</param>
    /// <param name="target">The folder of the attempt; not made where no source has a checkpoint.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Copy(IEnumerable<RunFolder> sources, RunFolder target)
    {
        foreach (var source in sources.Select(source => (Folder: source, Steps: Steps(source))).Where(source => source.Steps >= 0)
            .OrderByDescending(source => source.Steps).Select(source => source.Folder))
        {
            if (TryCopy(source, target)) return true;
            ExclusiveFile.Try(() => Directory.Delete(target.Path, recursive: true));
        }

        return false;
    }

    /// <summary>Steps of the checkpoints of a run and of its rounds; -1 without one.</summary>
    public static long Steps(RunFolder run)
    {
        if (StateOf(run) is not { } state) return -1;
        return state.Step + Rounds(run).Sum(round => StateOf(round)?.Step ?? 0);
    }

    private static bool TryCopy(RunFolder source, RunFolder target)
    {
        if (!TryCopyOne(source, target)) return false;
        foreach (var round in Rounds(source))
        {
            // A round that has no checkpoint yet begins anew.
            if (!TryCopyOne(round, new RunFolder(target.File(Path.GetFileName(round.Path))))) break;
        }

        return true;
    }

    private static bool TryCopyOne(RunFolder source, RunFolder target)
    {
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                if (StateOf(source) is not { } state) return false;
                Directory.CreateDirectory(target.Checkpoint);
                foreach (var file in new[] { state.Weights, state.Moments, state.Average }.OfType<string>())
                    CopyStart(Path.Combine(source.Checkpoint, file), Path.Combine(target.Checkpoint, file));
                CopyStart(source.Config, target.Config);
                if (state.MetricsBytes > 0 || File.Exists(source.Metrics)) CopyStart(source.Metrics, target.Metrics, state.MetricsBytes);
                // Last: a folder without it has no checkpoint.
                AtomicFile.WriteText(Path.Combine(target.Checkpoint, "state.json"), JsonSerializer.Serialize(state, ResultJson.Indented));
                return true;
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or EndOfStreamException)
            {
                Thread.Sleep(20); // the next checkpoint replaced this one meanwhile
            }
            catch (Exception error) when (FileTrouble.IsTrouble(error))
            {
                throw FileTrouble.Cannot("copy the checkpoint of", source.Path, error);
            }
        }

        return false;
    }

    // To the disk: state.json, which names it, must not be there before it after a loss of power.
    private static void CopyStart(string from, string to, long? bytes = null)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (source.Length < bytes) throw new EndOfStreamException();
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.Read);
        source.CopyTo(target);
        if (bytes is { } length) target.SetLength(length);
        target.Flush(flushToDisk: true);
    }

    private static CheckpointState? StateOf(RunFolder run)
    {
        try
        {
            var path = Path.Combine(run.Checkpoint, "state.json");
            // What it names is copied: never out of its folder.
            return File.Exists(path) && JsonSerializer.Deserialize<CheckpointState>(File.ReadAllText(path), ResultJson.Indented) is { } state && Checkpoint.IsSound(state) ? state : null;
        }
        catch (Exception error) when (error is JsonException || FileTrouble.IsTrouble(error))
        {
            return null;
        }
    }

    private static IEnumerable<RunFolder> Rounds(RunFolder run)
    {
        for (var round = 1; Checkpoint.Exists(new RunFolder(run.File($"round-{round}")).Checkpoint); round++)
            yield return new RunFolder(run.File($"round-{round}"));
    }
}
