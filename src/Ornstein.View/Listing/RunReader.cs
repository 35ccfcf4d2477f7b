using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.View.Listing;

/// <summary>Reads from a run folder what the list says of it.</summary>
internal static class RunReader
{
    /// <summary>What changes whenever the folder's files do, told without opening one; null where they cannot be looked at.</summary>
    public static RunStamp? StampOf(string path)
    {
        try
        {
            return Stamp(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static RunStamp Stamp(string path)
    {
        var (length, latest, rounds) = (0L, DateTime.MinValue, 0);
        void Add(string file)
        {
            if (new FileInfo(file) is not { Exists: true } info) return;
            length = unchecked((length * 31) + info.Length);
            if (info.LastWriteTimeUtc > latest) latest = info.LastWriteTimeUtc;
        }

        void AddStack(RunFolder stack)
        {
            Add(stack.Config);
            Add(stack.Metrics);
            Add(Path.Combine(stack.Checkpoint, "state.json"));
        }

        var folder = new RunFolder(path);
        AddStack(folder);
        for (; Directory.Exists(folder.File($"round-{rounds + 1}")); rounds++) AddStack(new RunFolder(folder.File($"round-{rounds + 1}")));
        foreach (var branch in RunBranches.StacksOf(folder)) AddStack(branch);
        Add(folder.Phase);
        var isDone = File.Exists(folder.Phase) || File.Exists(folder.File(RunBranches.ResultName));
        return new RunStamp(length, latest, rounds, isDone, File.Exists(folder.File(".lock")));
    }

    /// <summary>The line of a run; whatever is wrong with it stands in the line.</summary>
    public static RunEntry Read(RunPlace place, RunStamp stamp)
    {
        var folder = new RunFolder(place.Path);
        var entry = new RunEntry { Id = place.Id, Study = place.Study, State = stamp.State, Changed = stamp.Changed, Rounds = stamp.Rounds };
        try
        {
            var settings = StoredRun.ShownSettingsOf(folder);
            entry = entry with
            {
                Data = settings.Data,
                Latents = string.Join(", ", settings.Latents.Select(latent => latent.ToString())),
                Rho = string.Join(", ", settings.Rho.Select(rho => SettingText.Format(rho))),
                Models = RunPlan.Members(settings).Count,
                OfEpochs = settings.Epochs,
            };
            if (settings.Branches != BranchChoice.None) return entry with { IsOfBranches = true };
            if (stamp.State == RunState.Finished) return WithResults(entry, PhaseSummary.Read(folder.Phase));
            var last = EpochLog.Last(folder.Metrics);
            return last is null ? entry : entry with { Epochs = last.Epoch, TopKl = Largest((last.ValidationKl ?? last.Kl)[^1]) };
        }
#pragma warning disable CA1031 // Whatever is wrong with one run, the others are shown.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return entry with { State = RunState.Broken, Trouble = FailureText.Of(error) };
        }
    }

    private static RunEntry WithResults(RunEntry entry, PhaseSummary result)
    {
        PhaseSummary.Member[] good = [.. result.Members.Where(member => member.Status == MemberResult.Ok)];
        return entry with
        {
            Epochs = result.Epochs,
            Models = result.Members.Length,
            Elbo = Largest(good.Select(member => member.Elbo)),
            TopKl = Largest(good.Select(member => member.TopKl)),
            TopInformation = Largest(good.Select(member => member.Information is [.., { } top] ? top.Value : double.NaN)),
            CriticalRho = result.CriticalRho?.Estimate,
        };
    }

    private static double? Largest(IEnumerable<double> numbers) => numbers.Where(double.IsFinite).Select(number => (double?)number).Max();
}

/// <summary>What a run's files are like from outside.</summary>
/// <param name="Lengths">Their lengths, as one number.</param>
/// <param name="Latest">When the last of them was written.</param>
/// <param name="Rounds">Rounds of refinement that have begun.</param>
/// <param name="IsDone">Whether there are results.</param>
/// <param name="IsHeld">Whether a process holds it, or held it when it was killed.</param>
internal sealed record RunStamp(long Lengths, DateTime Latest, int Rounds, bool IsDone, bool IsHeld)
{
    public RunState State => IsDone ? RunState.Finished : IsHeld ? RunState.Training : RunState.Stopped;

    public DateTimeOffset Changed => new(Latest, TimeSpan.Zero);
}
