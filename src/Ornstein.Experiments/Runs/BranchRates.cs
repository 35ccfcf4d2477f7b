using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Transitions;

namespace Ornstein.Experiments.Runs;

/// <summary>Rates of the top layer's KL over the epochs of a stack, as its metrics tell them, from where its learning rate is up.</summary>
internal sealed class BranchRates
{
    private readonly EpochMetrics[] _epochs;
    private readonly double[] _time; // epochs at the full learning rate

    private BranchRates(EpochMetrics[] epochs, double[] time) => (_epochs, _time) = (epochs, time);

    /// <summary>Reads the metrics of a finished stack.</summary>
    public static BranchRates Of(RunFolder folder)
    {
        var (settings, all) = (StoredRun.SettingsOf(folder), MetricsLog.Read(folder.Metrics, RunPlan.Members(StoredRun.SettingsOf(folder)).Count));
        var (epochs, time) = AtFullRate(all, settings);
        return new BranchRates(epochs, time);
    }

    /// <summary>Epochs from where the learning rate is up, and when each ended, in epochs at the full rate: where the rate goes to zero nothing grows, and that says nothing.</summary>
    /// <param name="all">All epochs of a training.</param>
    /// <param name="settings">Its settings.</param>
    public static (EpochMetrics[] Epochs, double[] Time) AtFullRate(IReadOnlyList<EpochMetrics> all, RunSettings settings)
    {
        EpochMetrics[] epochs = [.. all.Where(epoch => epoch.Step >= settings.WarmupSteps)];
        var (time, passed) = (new double[epochs.Length], 0.0);
        for (var i = 0; i < epochs.Length; i++) time[i] = passed += epochs[i].LearningRate / settings.LearningRate;
        return (epochs, time);
    }

    /// <summary>The rate near the collapsed state.</summary>
    /// <param name="member">The member, as the stack orders them.</param>
    /// <param name="cap">Nats above which the layer is no longer near it.</param>
    public Estimate FromCollapsed(int member, double cap) => GrowthRate.FromCollapsed(Kl(member), _time, cap);

    /// <summary>The rate over the second half.</summary>
    /// <param name="member">The member, as the stack orders them.</param>
    public Estimate AtTheEnd(int member) => GrowthRate.Of(Kl(member), _time, Math.Min(_epochs.Length / 2, Math.Max(0, _epochs.Length - GrowthRate.LeastPoints)), _epochs.Length);

    private double[] Kl(int member) => [.. _epochs.Select(epoch => (epoch.ValidationKl ?? epoch.Kl)[^1][member])];
}
