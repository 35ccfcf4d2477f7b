using System.Globalization;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Remedies;

namespace Ornstein.Experiments.Runs;

/// <summary>Estimates how long a run will take before it starts, from a probe of its own kind (<see cref="RunProbe"/>).</summary>
internal static class RunEstimator
{
    // Of a run that takes less than this by any measure a probe would take longer than it is worth.
    private const double ShortSeconds = 20;

    // What no machine of today needs more of: seconds of a step beside its arithmetic, and operations of arithmetic in a second.
    private const double StepSeconds = 5e-3, Speed = 5e9;

    /// <summary>An estimate of what a run has left.</summary>
    /// <param name="settings">Its resolved settings.</param>
    /// <param name="data">Its data.</param>
    /// <param name="vae">Its stack.</param>
    /// <param name="done">Steps that are done.</param>
    /// <param name="stop">Ends the probe with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="runs">How many runs there are whose times are added up.</param>
    /// <param name="begin">Told before a probe; what it gives is disposed after it. Null for nobody.</param>
    public static RunEstimate Of(
        RunSettings settings, RunData data, HierarchicalVae vae, long done, CancellationToken stop, int runs = 1, Func<IDisposable>? begin = null)
    {
        var lengths = LengthsOf(settings, data, vae, done);
        var rough = Rough(settings, vae, lengths);
        return runs * rough < ShortSeconds ? new(rough + RunEstimate.Overhead, 0) : RunEstimate.Of(RunProbe.Of(settings, data, stop, begin), lengths);
    }

    /// <summary>The sentence that a run begins with.</summary>
    public static string Text(RunSettings settings, RunEstimate estimate)
    {
        var more = settings.Refine > 0
            ? $", and up to {ProgressText.About(TimeSpan.FromSeconds(estimate.Seconds * settings.Refine * RhosOfARound / settings.Rho.Length))} more for --refine"
            : settings.Branches == BranchChoice.Both ? ", more where a root needs several rounds" : "";
        return estimate.Steps == 0 ? $"this takes less than a minute{more}"
            : $"this takes {ProgressText.About(TimeSpan.FromSeconds(estimate.Seconds))}{Memory(estimate.Megabytes)}{more} (probe of {estimate.Steps:N0} steps)";
    }

    private const int RhosOfARound = 4;

    // Below a gigabyte it is mostly libraries and garbage that is not collected yet.
    private static string Memory(double megabytes) => megabytes >= 1000
        ? string.Create(CultureInfo.InvariantCulture, $" and about {megabytes / 1000:F1} GB of memory")
        : megabytes > 0 ? " and less than 1 GB of memory" : "";

    /// <summary>How much of each part a run has left.</summary>
    internal static RunLengths LengthsOf(RunSettings settings, RunData data, HierarchicalVae vae, long done)
    {
        var batch = Math.Min(settings.Batch, data.Train.Count);
        var perEpoch = data.Train.Count / batch;
        var all = (long)perEpoch * settings.Epochs;
        var left = Math.Max(0, all - done);
        var updates = MeanUpdates(vae, perEpoch, settings.Epochs, (int)(done / perEpoch)); // of which a measurement takes none
        return new()
        {
            Steps = left + (long)(GradientSteps(settings, left, perEpoch) / updates),
            Batch = batch,
            Epochs = (double)left / perEpoch,
            Validation = data.Validation?.Count ?? 0,
            Test = data.Test.Count,
            Draws = settings.EvaluationDraws,
            Samples = settings.ImportanceDraws ?? settings.EvaluationDraws,
            Members = vae.Members.Count,
            Units = vae.Options.Units.Sum(),
            Information = data.IsTestConstant ? 0 : Math.Min(data.Test.Count, RunPlan.Information.Data),
            Updates = updates,
            // Every rho from both sides, and the roots, which have one rho each.
            Stacks = settings.Branches == BranchChoice.Both ? 2 + (2.0 / settings.Rho.Length) : 1,
        };
    }

    // A measurement of gradients is so many steps without their updates.
    private static long GradientSteps(RunSettings settings, long steps, int perEpoch) => RunPlan.Training(settings).GradientNoise is not { } noise ? 0
        : steps * Math.Min(noise.TimesPerEpoch, perEpoch) / perEpoch * Math.Min(noise.Batches, perEpoch) * noise.Draws;

    private static double MeanUpdates(HierarchicalVae vae, int perEpoch, int epochs, int from) => from >= epochs ? 1 : Enumerable.Range(from, epochs - from)
        .Average(epoch => RunProbe.Updates(vae, new TrainingClock((long)epoch * perEpoch, perEpoch, (long)epochs * perEpoch)));

    // Both passes and the gradient are three products of all weights, two operations each; a measurement is one.
    internal static double Rough(RunSettings settings, HierarchicalVae vae, RunLengths lengths)
    {
        var product = 2.0 * ProductsOf(vae) * vae.Members.Count * (settings.Smooths() ? settings.Draws : 1);
        var samples = vae.Members.Max(member => member.Remedy.Joint?.Count ?? 1);
        var training = lengths.Steps * lengths.Updates * (StepSeconds + (3 * product * lengths.Batch * samples / Speed));
        var measured = (lengths.Epochs * lengths.Validation) + ((double)lengths.Test * (lengths.Draws + lengths.Samples));
        return lengths.Stacks * (training + (measured * product / Speed));
    }

    // Of a datum with the weights of all networks; those of a stranger's are taken to be used once.
    private static double ProductsOf(HierarchicalVae vae) => vae.Networks.All.Sum(placed =>
        placed.Network is ConvolutionalNetwork convolutions ? convolutions.Products : placed.Network.Parameters.Sum(parameter => (double)parameter.Shape.Units));
}
