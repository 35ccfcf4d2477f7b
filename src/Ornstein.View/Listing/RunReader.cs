using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.View.Listing;

/// <summary>Reads from a run folder what the list says of it.</summary>
internal static class RunReader
{
    /// <summary>What changes whenever the folder's files do, told without opening one.</summary>
    public static RunStamp StampOf(string path)
    {
        var folder = new RunFolder(path);
        (long Length, DateTime Time) Of(string file) => new FileInfo(file) is { Exists: true } info ? (info.Length, info.LastWriteTimeUtc) : (-1, DateTime.MinValue);
        return new RunStamp(Of(folder.Config), Of(folder.Metrics), Of(folder.Phase), Of(Path.Combine(folder.Checkpoint, "state.json")), File.Exists(folder.File(".lock")));
    }

    /// <summary>The line of a run; whatever is wrong with it stands in the line.</summary>
    public static RunEntry Read(RunPlace place, RunStamp stamp)
    {
        var folder = new RunFolder(place.Path);
        var entry = new RunEntry { Id = place.Id, Study = place.Study, State = stamp.State, Changed = stamp.Changed };
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
            if (stamp.State == RunState.Finished) return WithResults(entry, PhaseSummary.Read(folder.Phase));
            var last = EpochLog.Last(folder.Metrics);
            return last is null ? entry : entry with { Epochs = last.Epoch, TopKl = Largest((last.ValidationKl ?? last.Kl)[^1]) };
        }
        catch (Exception error) when (error is OrnsteinException or IOException or UnauthorizedAccessException)
        {
            return entry with { State = RunState.Broken, Trouble = error.Message };
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
            TopInformation = Largest(good.Where(member => member.Information is { Length: > 0 }).Select(member => member.Information![^1].Value)),
            CriticalRho = result.CriticalRho?.Estimate,
        };
    }

    private static double? Largest(IEnumerable<double> numbers) => numbers.Where(double.IsFinite).Select(number => (double?)number).Max();
}

/// <summary>Lengths and times of a run's files.</summary>
internal sealed record RunStamp(
    (long Length, DateTime Time) Config, (long Length, DateTime Time) Metrics, (long Length, DateTime Time) Phase, (long Length, DateTime Time) Checkpoint, bool IsHeld)
{
    public RunState State => Phase.Length >= 0 ? RunState.Finished : IsHeld ? RunState.Training : RunState.Stopped;

    public DateTimeOffset Changed => new(new[] { Config.Time, Metrics.Time, Phase.Time, Checkpoint.Time }.Max(), TimeSpan.Zero);
}
