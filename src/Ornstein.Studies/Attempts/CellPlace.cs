using System.Diagnostics;
using Ornstein.Experiments.Runs;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Studies.Attempts;

/// <summary>
/// The run folder that a cell's result is published in, by a single renaming, and what lies there before. Beside this file, attempts.pml is the order of these
/// operations as a model, in which every way that several processes can mix them is tried.
/// </summary>
internal static class CellPlace
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether a cell has a whole result that is of use.</summary>
    public static bool IsDone(RunFolder place) => ResultAt(place) is { } result && CellResult.WhyUseless(result) is null;

    /// <summary>The whole result of a cell; null where it has none. The report is what a run writes last.</summary>
    /// <exception cref="OrnsteinException">It cannot be told, as where a server does not answer.</exception>
    public static PhaseResult? ResultAt(RunFolder place) => StoredResult.IsWhole(place) ? CellResult.Read(place) : null;

    /// <summary>Gives an attempt of its own folder the furthest of what was trained; drops what is older than the attempt before it.</summary>
    public static void Prepare(CellAttempts attempts, int number, RunFolder place)
    {
        int[] earlier = [.. attempts.Numbers().Where(other => other < number)];
        // What ended without a model begins anew.
        RunFolder[] published = ResultAt(place) is null ? [place] : [];
        AttemptSeed.Copy([.. earlier.Reverse().Select(attempts.FolderOf), .. published], attempts.FolderOf(number));
        if (earlier.Length > 0) attempts.ClearBefore(earlier[^1]);
    }

    /// <summary>Publishes a run folder; false where another attempt had published a result of use.</summary>
    /// <remarks>
    /// One operation on files does it where nothing lies there. A run folder without a result of use is moved aside first. In between another process may have
    /// published, so what was moved aside may be a result after all: it goes back, or is kept until something lies in its place (<see cref="Tidy"/>).
    /// </remarks>
    public static bool Publish(RunFolder finished, RunFolder place, CellAttempts attempts)
    {
        // A machine may see an old state for a while: it looks again for as long as others wait for it.
        for (var clock = Stopwatch.StartNew(); !IsDone(place); Thread.Sleep(_pause))
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(place.Path)!);
                if (Directory.Exists(place.Path)) Directory.Move(place.Path, attempts.NewAside());
                Tidy(attempts, place);
                if (IsDone(place)) return false;
                Directory.Move(finished.Path, place.Path);
                return true;
            }
            catch (IOException error) when (!FileTrouble.IsOfTheDisk(error) && Directory.Exists(finished.Path) && clock.Elapsed < AttemptRecord.Patience)
            {
                // Another process published, or moved aside, at the same moment: look again.
            }
            catch (Exception error) when (FileTrouble.IsTrouble(error))
            {
                throw FileTrouble.Cannot("write the run folder", place.Path, error);
            }
        }

        return false;
    }

    /// <summary>Brings back a result that a process had moved aside before it died, and removes what was moved aside and is of no more use.</summary>
    public static void Tidy(CellAttempts attempts, RunFolder place)
    {
        // Listed before it looks: what is moved aside after that is not among them, and may be the only result.
        var all = attempts.Asides();
        foreach (var aside in all)
        {
            if (IsDone(place) || !IsDone(new RunFolder(aside))) attempts.Discard(aside);
            else if (!Directory.Exists(place.Path)) ExclusiveFile.Try(() => Return(aside, place.Path));
        }

        if (all.Length > 0) attempts.RemoveIfEmpty();
    }

    // Fails where something has come to lie there.
    private static void Return(string aside, string place)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        Directory.Move(aside, place);
    }
}
