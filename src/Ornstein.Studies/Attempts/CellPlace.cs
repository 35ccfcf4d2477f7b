using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Studies.Attempts;

/// <summary>The run folder that a cell's result is published in, by a single renaming, and what lies there before.</summary>
internal static class CellPlace
{
    /// <summary>Whether a cell has a whole result that is of use.</summary>
    public static bool IsDone(RunFolder place) => ResultAt(place) is { } result && CellResult.WhyUseless(result) is null;

    /// <summary>The whole result of a cell; null where it has none. The report is what a run writes last.</summary>
    public static PhaseResult? ResultAt(RunFolder place) => File.Exists(place.File("report.html")) ? CellResult.Read(place) : null;

    /// <summary>Gives an attempt of its own folder the furthest of what was trained; drops what is older than the attempt before it.</summary>
    public static void Prepare(CellAttempts attempts, int number, RunFolder place)
    {
        int[] earlier = [.. attempts.Numbers().Where(other => other < number)];
        // What ended without a model begins anew.
        RunFolder[] published = ResultAt(place) is null ? [place] : [];
        AttemptSeed.Copy([.. earlier.Reverse().Select(attempts.FolderOf), .. published], attempts.FolderOf(number));
        foreach (var old in earlier.SkipLast(1))
        {
            ExclusiveFile.Try(() =>
            {
                if (Directory.Exists(attempts.FolderOf(old).Path)) Directory.Delete(attempts.FolderOf(old).Path, recursive: true);
                File.Delete(attempts.RecordOf(old));
            });
        }
    }

    /// <summary>Publishes a run folder; false where another attempt had published a result of use.</summary>
    public static bool Publish(RunFolder finished, RunFolder place, CellAttempts attempts) => !IsDone(place) && Rename(finished, place, attempts);

    // A run folder without a result of use goes aside.
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
