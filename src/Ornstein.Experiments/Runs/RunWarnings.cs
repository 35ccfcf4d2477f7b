using System.Globalization;
using Ornstein.Experiments.Settings;
using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Steps;
using Ornstein.Training;

namespace Ornstein.Experiments.Runs;

/// <summary>What may mislead about a run that is about to start: its data, its batches, its smoothing and its schedules.</summary>
internal static class RunWarnings
{
    /// <summary>The warnings, a sentence each without a full stop.</summary>
    /// <param name="settings">Resolved settings.</param>
    /// <param name="data">The data.</param>
    /// <param name="vae">The stack.</param>
    public static IEnumerable<string> Of(RunSettings settings, RunData data, HierarchicalVae vae)
    {
        foreach (var warning in data.Warnings) yield return warning;
        if (settings.Batch > data.Train.Count)
            yield return string.Create(CultureInfo.InvariantCulture, $"--batch {settings.Batch} is more than the training data: a batch holds all {data.Train.Count} of them");
        if (settings.Draws == 1 && settings.Measure == ReferenceMeasure.Own && settings.Smooths())
            yield return "--draws 1 does not smooth: a single draw has the law of z itself, so every rho trains the unsmoothed model";
        if (settings is { Objective: ObjectiveForm.Joint, Measure: ReferenceMeasure.Own, Draws: > 1, Smooth: not SmoothChoice.Q } && settings.Smooths())
        {
            yield return "--objective joint with p smoothed is no bound and in linear models has no minimum: upper layers grow as long as it is trained; "
                + "give --rho 1 to compare the forms";
        }

        var perEpoch = data.Train.Count / Math.Min(settings.Batch, data.Train.Count);
        foreach (var warning in ScheduleWarnings.Of(vae.Members, vae.Options.Layers - 1, RunPlan.Training(settings), perEpoch)) yield return warning;
        if (AverageWarning(settings.Ema, (long)perEpoch * settings.Epochs) is { } average) yield return average;
        foreach (var warning in AllowanceWarnings.Of(vae, data.Train.Count)) yield return warning;
        if (settings is { Latents.Length: 1, Rho.Length: > 1 })
            yield return "one layer has no function between layers to smooth: models of different rho are the same; give --rho 1, or more --latents";
        if (settings.ClipNorm >= settings.SkipNorm)
            yield return string.Create(CultureInfo.InvariantCulture, $"--clip-norm {settings.ClipNorm} clips nothing beside --skip-norm {settings.SkipNorm}: steps that are that long are skipped; give a lower --clip-norm");
        if (settings.AnnealsNothing()) yield return "anneal changes nothing: every rho is at its end from the start; give a lower --rho";
    }

    /// <summary>What a run that goes on with other vector instructions than it began with must not be taken for; null where nothing differs.</summary>
    /// <param name="begun">Where it began.</param>
    /// <param name="engine">What computes its steps: the fused engine trains to the same bits with any instructions, and what is measured of them differs within rounding.</param>
    public static string? OfOtherVectors(Provenance begun, Engine engine) =>
        engine.Name == Engine.Fused || begun.Vectors is not { } own || own == VectorInstructions.Name ? null
            : $"this run began with {own} and goes on with {VectorInstructions.Name}: libtorch's results differ in their last digits, and so will those of the run from those of one that was not stopped";

    private static string? AverageWarning(double? decay, long steps)
    {
        if (decay is not { } ema || 1 / (1 - ema) <= steps) return null;
        // Rounded down, to as many digits as tell it from 1.
        var scale = Math.Pow(10, Math.Max(4, Math.Ceiling(Math.Log10(steps))));
        var better = steps >= 20 ? string.Create(CultureInfo.InvariantCulture, $"give --ema {Math.Floor((1 - (10.0 / steps)) * scale) / scale:0.############} or less, or train longer") : "train longer";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"--ema {ema} looks back over {1 / (1 - ema):0} steps and the training has {steps}: the weights that it begins with are {Math.Pow(ema, steps):P0} of what is measured; {better}");
    }
}
