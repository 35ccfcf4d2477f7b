using Ornstein.Batching;
using Ornstein.Cli.Settings;
using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Information;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Training;
using Ornstein.Transitions;

namespace Ornstein.Cli.Runs;

/// <summary>What the settings of a run mean to the library.</summary>
internal static class RunPlan
{
    public static ModelOptions Model(RunSettings settings, int features, ILikelihood likelihood) => new()
    {
        Features = features,
        Latents = settings.Latents,
        Hidden = settings.Hidden,
        HiddenLayers = settings.HiddenLayers,
        Activation = settings.Activation,
        Likelihood = likelihood,
        Inference = settings.Ladder ? InferenceKind.Ladder : InferenceKind.Chain,
        Skip = settings.Skip,
        NormalizesBatches = settings.BatchNorm,
    };

    /// <summary>The gaussian likelihood as the settings have it.</summary>
    public static GaussianLikelihood Gaussian(RunSettings settings) => new(settings.DecoderVariance, settings.DecoderSigma);

    public static SmoothingOptions Smoothing(RunSettings settings) => new()
    {
        Networks = settings.Smooth switch
        {
            SmoothChoice.P => SmoothedNetworks.P,
            SmoothChoice.Q => SmoothedNetworks.Q,
            _ => SmoothedNetworks.PQ,
        },
        Draws = settings.Draws,
        Sampler = settings.Sampler,
        Measure = settings.Measure,
    };

    /// <summary>Every rho with every remedy and every seed, by rho, then by remedy, then by seed.</summary>
    public static IReadOnlyList<Member> Members(RunSettings settings) =>
        [.. settings.Rho.SelectMany(rho => settings.Remedy.SelectMany(entry => settings.Seeds.Select(seed =>
            new Member(rho.Values.ToArray(), seed) { Remedy = RemedyOf(settings, entry) })))];

    /// <summary>An entry of <c>--remedy</c> with what else of the settings makes a member's objective.</summary>
    public static Remedy RemedyOf(RunSettings settings, RemedyEntry entry) => entry.Remedy with { Form = settings.Objective };

    public static TrainingOptions Training(RunSettings settings) => new()
    {
        Epochs = settings.Epochs,
        BatchSize = settings.Batch,
        LearningRate = new LearningRateSchedule { Peak = settings.LearningRate, Shape = settings.Schedule, WarmupSteps = settings.WarmupSteps },
        Adam = new AdamOptions { Epsilon = settings.AdamEpsilon, ClipNorm = settings.ClipNorm },
    };

    public static EvaluationOptions Evaluation(RunSettings settings) => new()
    {
        Draws = settings.EvaluationDraws,
        ImportanceDraws = settings.ImportanceDraws,
    };

    /// <summary>What every member of a run has: enough to see 0.01 nats where there is little, and a few seconds for sixteen models.</summary>
    public static InformationOptions Information { get; } = new() { Data = 1000, Draws = 16 };

    /// <summary>The rule of the verdicts.</summary>
    public static CollapseRule Rule { get; } = new() { KlThreshold = new TransitionOptions().CollapseThreshold };

    /// <summary>Why nothing can be told of the layers of models of these data; null where it can, or where the data must be looked at.</summary>
    public static string? NoVariance(RunData data) => data.IsTestConstant ? $"cannot say: {RunEvaluation.SameTestData}" : null;

    /// <summary>
    /// Measures every member on the test data, each with what its layers tell of them, the name of its remedy and what its KLs weighed in the last
    /// step.
    /// </summary>
    /// <param name="vae">The stack.</param>
    /// <param name="data">Its data.</param>
    /// <param name="settings">Settings of the run.</param>
    /// <param name="divergedAt">The step at which each member diverged, or null.</param>
    /// <param name="stop">Ends the measurement.</param>
    /// <param name="clock">Where the training stands; null: at the end that settings and data plan.</param>
    public static MemberResult[] Measure(
        HierarchicalVae vae, RunData data, RunSettings settings, IReadOnlyList<long?> divergedAt, CancellationToken stop,
        TrainingClock? clock = null)
    {
        var last = (clock ?? EndOf(settings, data)).OfLastStep;
        var results = Evaluator.Members(vae, data.Test, Evaluation(settings), divergedAt, stop);
        return
        [
            .. MemberInformation.AddTo(vae, results, data.Test, Information, Rule, NoVariance(data), stop).Select((result, i) => result with
            {
                Remedy = RemedyEntry.NameOf(vae.Members[i]),
                KlWeights = result.IsOk ? vae.Members[i].Remedy.KlWeights(vae.Options.Layers, last) : null,
            }),
        ];
    }

    private static TrainingClock EndOf(RunSettings settings, RunData data)
    {
        var perEpoch = data.Train.Count / Math.Min(settings.Batch, data.Train.Count);
        return new TrainingClock((long)perEpoch * settings.Epochs, perEpoch, (long)perEpoch * settings.Epochs);
    }

    public static HierarchicalVae Stack(RunSettings settings, DataRows data, ILikelihood likelihood) =>
        new(Model(settings, data.Features, likelihood), Members(settings), Smoothing(settings));
}
