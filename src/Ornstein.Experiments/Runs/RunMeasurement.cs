using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Experiments.Settings;
using Ornstein.Measures;
using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Training;

namespace Ornstein.Experiments.Runs;

/// <summary>What is measured of the models of a run when it ends, and again by whoever opens it.</summary>
internal static class RunMeasurement
{
    /// <summary>Why nothing can be told of the layers of models of these data; null where it can, or where the data must be looked at.</summary>
    public static string? NoVariance(RunData data) => data.IsTestConstant ? $"cannot say: {RunEvaluation.SameTestData}" : null;

    /// <summary>
    /// Measures every member on the test data, each with what its layers tell of them, what registered measures say, the name of its remedy and what its KLs weighed in the last
    /// step.
    /// </summary>
    /// <param name="vae">The stack.</param>
    /// <param name="data">Its data.</param>
    /// <param name="settings">Settings of the run.</param>
    /// <param name="divergedAt">The step at which each member diverged, or null.</param>
    /// <param name="counts">Steps that members skipped; null where no bound is set.</param>
    /// <param name="stop">Ends the measurement.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="clock">Where the training stands; null: at the end that settings and data plan.</param>
    public static MemberResult[] Of(
        HierarchicalVae vae, RunData data, RunSettings settings, IReadOnlyList<long?> divergedAt, LongGradients? counts,
        IProgress<MeasurementProgress>? progress, CancellationToken stop, TrainingClock? clock = null)
    {
        var last = (clock ?? EndOf(settings, data)).OfLastStep;
        var results = Evaluator.Members(vae, data.Test, RunPlan.Evaluation(settings), divergedAt, progress, stop);
        results = MemberInformation.AddTo(vae, results, data.Test, RunPlan.Information, RunPlan.Rule, NoVariance(data), progress, stop);
        return
        [
            .. Measure.AddTo(vae, results, data.Test, RunPlan.Evaluation(settings), stop).Select((result, i) => result with
            {
                Remedy = RemedyEntry.NameOf(vae.Members[i]),
                SkippedSteps = settings.SkipNorm is null ? null : counts?.Skipped[i],
                KlWeights = result.IsOk ? vae.Members[i].Remedy.KlWeights(vae.Options.Layers, last) : null,
            }),
        ];
    }

    private static TrainingClock EndOf(RunSettings settings, RunData data)
    {
        var perEpoch = data.Train.Count / Math.Min(settings.Batch, data.Train.Count);
        return new TrainingClock((long)perEpoch * settings.Epochs, perEpoch, (long)perEpoch * settings.Epochs);
    }
}
