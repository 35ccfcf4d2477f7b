using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Exports;

/// <summary>What training told of one model of a run, epoch by epoch. The run may still be training.</summary>
/// <param name="Name">What tells the model from the others: <c>rho-0.5-seed-0</c>, with its remedy where models differ in theirs.</param>
/// <param name="Rho">Its rho, such as <c>0.5</c>, or <c>0.5:0.8</c>.</param>
/// <param name="Remedy">Its remedy as it is written, <c>none</c> for none.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Epochs">What its stack wrote.</param>
/// <param name="Place">Its place in the stack.</param>
internal sealed record TrainedEpochs(string Name, string Rho, string Remedy, long Seed, IReadOnlyList<EpochMetrics> Epochs, int Place)
{
    /// <summary>All models of a run, those of its rounds of refinement too.</summary>
    /// <param name="path">The run folder.</param>
    /// <exception cref="OrnsteinException">It is no run, has no epoch yet, or its files are damaged.</exception>
    public static IReadOnlyList<TrainedEpochs> Of(string path)
    {
        var folder = RunFolder.Open(path);
        TrainedEpochs[] all = [.. OfStack(folder, StoredRun.ShownSettingsOfStack(folder)), .. RunRounds.Of(folder).SelectMany(round => OfStack(round, StoredRun.ShownSettingsOf(round)))];
        return Array.Exists(all, model => model.Epochs.Count > 0) ? all : throw new OrnsteinException($"'{path}' has no epoch to export yet; wait for the end of its first.");
    }

    /// <summary>The quantities that one of some models has a number of.</summary>
    public static IReadOnlyList<EpochQuantity> Quantities(IReadOnlyList<TrainedEpochs> models)
    {
        EpochMetrics[] epochs = [.. models.SelectMany(model => model.Epochs)];
        var layers = epochs.Max(epoch => epoch.Kl.Length);
        return [.. EpochQuantity.All(layers, EpochQuantity.Networks(epochs)).Concat(EpochQuantity.More(layers)).Where(quantity => models.Any(model => model.Epochs.Any(epoch => quantity.Of(epoch, model.Place) is not null)))];
    }

    private static IEnumerable<TrainedEpochs> OfStack(RunFolder folder, RunSettings settings)
    {
        var (members, several) = (RunPlan.Members(settings), settings.HasSeveralRemedies());
        var epochs = MetricsLog.Read(folder.Metrics, members.Count);
        return members.Select((member, place) => new TrainedEpochs(
            ModelName.Of(member, several), string.Join(':', member.Rho), RemedyEntry.NameOf(member) ?? SettingText.None, member.Seed, epochs, place));
    }
}
