using System.Collections.Concurrent;
using System.Diagnostics;
using Ornstein.Storage;
using Ornstein.Studies.Attempts;

namespace Ornstein.Kill.Hands;

/// <summary>Many processes at once, and what disturbs them. Seed and number make all that is chosen; at which moment of a process it strikes is the machine's.</summary>
/// <param name="setting">What they work on.</param>
/// <param name="weather">What disturbs them.</param>
/// <param name="hands">How many there are.</param>
internal sealed class HandsCase(HandsSetting setting, Weather weather, int hands)
{
    // Until nothing is left of a process that died, a lease has to pass.
    private const int LastTries = 12;

    private readonly ConcurrentQueue<string> _story = [];
    private readonly Stopwatch _clock = new();

    /// <summary>What happened, in words.</summary>
    public IEnumerable<string> Story => _story;

    public int Starts { get; private set; }

    public int Told { get; private set; }

    public int Content { get; private set; }

    /// <summary>How often which blow struck.</summary>
    public ConcurrentDictionary<Blow, int> Struck { get; } = [];

    /// <summary>How long it was, by the server's clock.</summary>
    public TimeSpan Passed { get; private set; }

    /// <summary>Results that a process moved out of their place, for another or to bring them back.</summary>
    public int Moved { get; private set; }

    /// <summary>Unfinished files of processes that were killed.</summary>
    public int Left { get; private set; }

    /// <summary>Does it all.</summary>
    /// <param name="whole">What comes of it in one process.</param>
    /// <param name="place">Where it works.</param>
    /// <param name="library">Where the library is.</param>
    /// <returns>What is wrong, a line each.</returns>
    public IReadOnlyList<string> Run(Alone whole, Place place, string library)
    {
        place.Fill(whole.Inputs);
        var (logs, control) = (Path.Combine(place.Root, "logs"), Path.Combine(place.Root, "clocks"));
        if (Directory.Exists(logs)) Directory.Delete(logs, recursive: true);
        Directory.CreateDirectory(logs);
        _clock.Restart();
        Tell(weather.Text);
        using var clocks = new Clocks(control, weather.Rate, weather.Server, weather.Machines);
        var server = new HandsLibrary(library, Path.Combine(place.Run, setting.Served).TrimEnd('/'));
        int MachineOf(int number) => 1 + (number % weather.Machines.Length);
        Dictionary<string, string> Surroundings(int number, string name) => server.Variables(weather, control, MachineOf(number), Path.Combine(logs, name));
        Hand[] all = [.. Enumerable.Range(0, hands).Select(number => new Hand(number, setting, place, name => Surroundings(number, name), Tell))];
        var working = all.Select(hand => Task.Factory.StartNew(hand.Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Disturb(all, Task.WhenAll(working), clocks, MachineOf);
        List<string> wrong = [.. working.Select(hand => hand.Result).OfType<string>()];
        if (wrong.Count == 0) wrong.AddRange(Finish(place, name => Surroundings(0, name)));
        Passed = clocks.Passed;
        (Starts, Told, Content) = (all.Sum(hand => hand.Starts), all.Sum(hand => hand.Told), all.Sum(hand => hand.Content));
        var changes = WriteLog.Read(logs, place.Run);
        if (WriteLog.TwoAtOnce(changes, setting.FolderOf) is { } both) wrong.Add(both);
        Moved = changes.Count(change => change.Call == "rename" && setting.IsPublished(change.Path));
        if (wrong.Count == 0) wrong.AddRange(Compare(whole, place));
        return wrong;
    }

    private void Tell(string what) => _story.Enqueue($"{_clock.Elapsed.TotalSeconds:F2} s: {what}");

    private IEnumerable<string> Finish(Place place, Func<string, Dictionary<string, string>> surroundings)
    {
        if (setting.Last is null) yield break;
        for (var i = 1; i <= LastTries; i++)
        {
            var ending = Child.Run(place.Run, Child.Words(setting.Last), surroundings($"last-{i}"));
            Tell($"last ended with {ending.Code} after {ending.Seconds:F1} s: {ending.Error.Trim()}");
            if (ending.Code != 0) yield return $"last: exit code {ending.Code}: {ending.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()}";
            if (ending.Code != 0 || !Directory.Exists(Path.Combine(place.Run, "study", "attempts"))) yield break;
            Thread.Sleep(AttemptRecord.Patience / weather.Rate / 4);
        }
    }

    private IEnumerable<string> Compare(Alone whole, Place place)
    {
        var results = Results.Of(place.Run);
        Left = results.Keys.Count(UnfinishedFile.Is);
        // The next process of the same machine that writes such a file removes them, and there may be none.
        var killed = Struck.GetValueOrDefault(Blow.Kill) > 0;
        SortedDictionary<string, string> Counting(SortedDictionary<string, string> all) =>
            new(all.Where(entry => setting.Counts(entry.Key) && !(killed && UnfinishedFile.Is(entry.Key))).ToDictionary(), StringComparer.Ordinal);
        if (Results.Difference(Counting(whole.Results), Counting(results)) is { } difference) yield return difference;
        if (setting.Check(place.Run) is { } check) yield return check;
    }

    private void Disturb(Hand[] all, Task done, Clocks clocks, Func<int, int> machineOf)
    {
        var waking = new List<Task>();
        foreach (var (blow, dice, size) in weather.Blows)
        {
            if (done.Wait(weather.Pause * (0.5 + dice))) break;
            waking.Add(Strike(blow, all, (int)(dice * all.Length), size, clocks, machineOf));
        }

        done.Wait();
        Task.WaitAll([.. waking]);
    }

    // What is to be waited for.
    private Task Strike(Blow blow, Hand[] all, int number, double size, Clocks clocks, Func<int, int> machineOf)
    {
        if (blow == Blow.Night)
        {
            var slept = Weather.Slept(size);
            clocks.Sleep(slept);
            Count(blow, $"everything stands still for {slept}");
            return Task.CompletedTask;
        }

        if (blow is Blow.Jump or Blow.ServerJump)
        {
            var (machine, by) = (blow == Blow.Jump ? machineOf(number) : 0, Weather.Jumped(size));
            clocks.Jump(machine, by);
            Count(blow, $"the clock of {(machine == 0 ? "the server" : $"machine {machine}")} jumps by {by}");
            return Task.CompletedTask;
        }

        // The next that has a process.
        if (Enumerable.Range(number, all.Length).Select(i => i % all.Length).Select(i => (Hand: i, all[i].Process)).FirstOrDefault(one => one.Process is not null) is not { Process: { } struck } one) return Task.CompletedTask;
        Child.Signal(struck, blow == Blow.Kill ? "KILL" : "STOP");
        Count(blow, $"{blow} of process {one.Hand}");
        return blow == Blow.Kill ? Task.CompletedTask : Task.Run(() =>
        {
            Thread.Sleep(weather.Suspended(size));
            Child.Signal(struck, "CONT");
        });
    }

    private void Count(Blow blow, string what)
    {
        Struck.AddOrUpdate(blow, 1, (_, count) => count + 1);
        Tell(what);
    }
}
