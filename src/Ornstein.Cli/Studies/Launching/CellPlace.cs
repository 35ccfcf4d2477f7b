using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Cli.Studies.Launching;

/// <summary>The run folder that a cell's result is published in, by a single renaming, and what lies there before.</summary>
internal static class CellPlace
{
    /// <summary>Whether a cell has a whole result.</summary>
    public static bool IsDone(RunFolder place) => File.Exists(place.File("report.html")) && StudyCellState.ResultOf(place) is not null;

    /// <summary>Gives an attempt of its own folder the furthest of what was trained; drops what is older than the attempt before it.</summary>
    public static void Prepare(CellAttempts attempts, int number, RunFolder place)
    {
        int[] earlier = [.. attempts.Numbers().Where(other => other < number)];
        AttemptSeed.Copy([.. earlier.Reverse().Select(attempts.FolderOf), place], attempts.FolderOf(number));
        foreach (var old in earlier.SkipLast(1))
        {
            ExclusiveFile.Try(() =>
            {
                if (Directory.Exists(attempts.FolderOf(old).Path)) Directory.Delete(attempts.FolderOf(old).Path, recursive: true);
                File.Delete(attempts.RecordOf(old));
            });
        }
    }

    /// <summary>Gives a cell's run folder, in which <c>study run</c> works, what attempts trained further than it.</summary>
    public static void PrepareInPlace(CellAttempts attempts, CellLease lease, RunFolder place)
    {
        RunFolder[] earlier = [.. attempts.Numbers().Where(other => other < lease.Number).Select(attempts.FolderOf)];
        var steps = AttemptSeed.Steps(place);
        if (earlier.All(folder => AttemptSeed.Steps(folder) <= steps)) return;
        if (AttemptSeed.Copy(earlier, lease.Folder)) Rename(lease.Folder, place, attempts);
    }

    /// <summary>Publishes a run folder; false where another attempt had published a result.</summary>
    public static bool Publish(RunFolder finished, RunFolder place, CellAttempts attempts) => !IsDone(place) && Rename(finished, place, attempts);

    // A run folder without a result, which an interrupted 'study run' left, goes aside.
    private static bool Rename(RunFolder from, RunFolder place, CellAttempts attempts)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place.Path)!);
            if (Directory.Exists(place.Path)) Directory.Move(place.Path, Path.Combine(attempts.Path, "0-" + Path.GetRandomFileName()));
            Directory.Move(from.Path, place.Path);
            return true;
        }
        catch (IOException) when (IsDone(place))
        {
            return false;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the run folder", place.Path, error);
        }
    }
}
