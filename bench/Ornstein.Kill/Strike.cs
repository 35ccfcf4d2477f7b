using System.Diagnostics;
using System.Globalization;

namespace Ornstein.Kill;

/// <summary>A process of a run that something happens to.</summary>
/// <param name="Way">What.</param>
/// <param name="At">When, as a share of the undisturbed run: of its time, calls, bytes or pages.</param>
internal sealed record Strike(Way Way, double At)
{
    private const int Page = 4096;

    // More than the garbage collector needs to begin, and less than most runs take.
    private const int SmallestHeap = 4 << 20, LargestHeap = 20 << 20;

    // What a run may still get of address space or memory: none, or some more threads and buffers.
    private const long MoreSpace = 4 << 20;

    // Exit codes of the script around a run on a small disk: the run was not begun, or is lost.
    private const int NoDisk = 99, Lost = 98;

    /// <summary>Runs the kind once; how it ended, and whether it was struck before.</summary>
    public (Ending Ending, bool Struck) Run(RunKind kind, Undisturbed whole, Place place)
    {
        var words = Child.Words(kind.Arguments);
        switch (Way)
        {
            case Way.Kill or Way.Term or Way.Int:
                return Struck(Child.Run(place.Run, words, strike: process => After(whole, () => Child.Signal(process, Way.ToString().ToUpperInvariant()))));
            case Way.AddressSpace:
                return Struck(Child.Run(place.Run, words, strike: process => After(whole, () => Limit(process))));
            case Way.Heap:
                var heap = (long)(SmallestHeap + (At * (LargestHeap - SmallestHeap)));
                return Struck(Child.Run(place.Run, words, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = heap.ToString("x", CultureInfo.InvariantCulture) }));
            case Way.MemoryGroup:
                return Struck(Child.Run(place.Run, place.Group!.Words(words), strike: _ => After(whole, () => place.Group.Limit((long)(At * MoreSpace)))));
            case Way.SmallDisk:
                return OnSmallDisk(words, whole, place);
            default:
                var at = 1 + (long)(At * (Way == Way.FullAtByte ? whole.Bytes : whole.Calls));
                var ending = Child.Run(place.Run, words, place.Library!.Variables(place.Run, Ways.LibraryWord(Way)!, at));
                return (ending, place.Library.Report().Struck);
        }
    }

    private (Ending Ending, bool Struck) Struck(Ending ending) => (ending, Ways.SignalCodes(Way) is { Length: > 0 } codes ? codes.Contains(ending.Code) : ending.Code != 0);

    private void After(Undisturbed whole, Action strike)
    {
        Thread.Sleep(TimeSpan.FromSeconds(At * whole.Seconds));
        strike();
    }

    private void Limit(Process process)
    {
        var status = $"/proc/{process.Id}/status";
        try
        {
            var line = File.ReadLines(status).First(line => line.StartsWith("VmSize:", StringComparison.Ordinal));
            var bytes = (1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) + (long)(At * MoreSpace);
            using var limit = Process.Start(new ProcessStartInfo("prlimit", ["--pid", $"{process.Id}", $"--as={bytes}"]) { RedirectStandardError = true, UseShellExecute = false });
            limit!.WaitForExit();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has ended before.
        }
    }

    // The run works on a file system of its own at the same path, which is copied back at the end.
    private (Ending Ending, bool Struck) OnSmallDisk(string[] words, Undisturbed whole, Place place)
    {
        var pages = Results.Pages(place.Run) + 1 + (long)(At * whole.Pages);
        var (disk, after) = (Path.Combine(place.Root, "disk"), Path.Combine(place.Root, "after"));
        Directory.CreateDirectory(disk);
        if (Directory.Exists(after)) Directory.Delete(after, recursive: true);
        var script = $"""
            mount -t tmpfs -o size={pages * Page} none '{disk}' && cp -a '{place.Run}/.' '{disk}' && mount --bind '{disk}' '{place.Run}' || exit {NoDisk}
            cd '{place.Run}'
            "$@"
            code=$?
            cp -a . '{after}' || exit {Lost}
            exit $code
            """;
        var ending = Child.Run(place.Run, ["unshare", "-rm", "bash", "-c", script, "run", .. words]);
        if (ending.Code == NoDisk) return (ending with { Code = 0 }, false);
        if (ending.Code == Lost) throw new OrnsteinException($"A run on a small disk cannot be copied back: {ending.Error}");
        Directory.Delete(place.Run, recursive: true);
        Directory.Move(after, place.Run);
        return (ending, ending.Code != 0);
    }
}
