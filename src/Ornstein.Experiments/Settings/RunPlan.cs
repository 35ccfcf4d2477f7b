using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Gradients;
using Ornstein.Information;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Priors;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Training;
using Ornstein.Transitions;

namespace Ornstein.Experiments.Settings;

/// <summary>What the settings of a run mean to the library.</summary>
internal static class RunPlan
{
    private const long MostMembers = 10_000;

    public static ModelOptions Model(RunSettings settings, Shape data, ILikelihood likelihood) => new()
    {
        Data = data,
        Latents = settings.Latents,
        Networks = Networks(settings),
        Likelihood = likelihood,
        Inference = settings.Ladder ? InferenceKind.Ladder : InferenceKind.Chain,
        Skip = settings.Skip,
        Prior = Prior.Named(settings.Prior.ToString()),
    };

    private static INetworkFamily Networks(RunSettings settings)
    {
        INetworkFamily plain = settings.Networks switch
        {
            Network.Perceptron => Perceptrons(settings),
            Network.Convolution => new Convolutions { Widths = settings.Hidden, Blocks = settings.HiddenLayers, Activation = settings.Activation },
            var name => Network.Named(name),
        };
        return settings.MeanNorm is { } scale ? new NormalizedMeans(plain, scale) { EveryLayer = settings.MeanNormLayers == MeanNormLayers.All } : plain;
    }

    /// <summary>The perceptrons that the settings describe.</summary>
    public static Perceptrons Perceptrons(RunSettings settings) => new()
    {
        Hidden = settings.Hidden,
        HiddenLayers = settings.HiddenLayers,
        Activation = settings.Activation,
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
    /// <exception cref="OrnsteinException">A usage error: they are more than anybody could train.</exception>
    public static IReadOnlyList<Member> Members(RunSettings settings) => CountOf(settings) is > MostMembers and var count
        ? throw UsageError.Because($"--rho, --remedy and --seeds ask for {count} models, every rho with every remedy and every seed; {MostMembers} at most are trained together")
        : [.. settings.Rho.SelectMany(rho => settings.Remedy.SelectMany(entry => settings.Seeds.Select(seed =>
            new Member(rho.Values.ToArray(), seed) { Remedy = RemedyOf(settings, entry) })))];

    private static long CountOf(RunSettings settings) => (long)settings.Rho.Length * settings.Remedy.Length * settings.Seeds.Length;

    /// <summary>An entry of <c>--remedy</c> with what else of the settings makes a member's objective.</summary>
    public static Remedy RemedyOf(RunSettings settings, RemedyEntry entry) => entry.Remedy with { Form = settings.Objective };

    public static TrainingOptions Training(RunSettings settings) => new()
    {
        Epochs = settings.Epochs,
        BatchSize = settings.Batch,
        LearningRate = new LearningRateSchedule { Peak = settings.LearningRate, Shape = settings.Schedule, WarmupSteps = settings.WarmupSteps },
        Adam = new AdamOptions
        {
            Beta1 = settings.AdamBeta1,
            Beta2 = settings.AdamBeta2,
            InitialSecondMoment = settings.AdamSecondMoment,
            Epsilon = settings.AdamEpsilon,
            ClipNorm = settings.ClipNorm,
            SkipNorm = settings.SkipNorm,
            AverageDecay = settings.Ema,
        },
        GradientNoise = settings.GradientNoise is { } times ? new GradientNoiseOptions { TimesPerEpoch = times } : null,
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

    /// <summary>The untrained stack of a run, on the processor.</summary>
    public static HierarchicalVae Stack(RunSettings settings, Shape data, ILikelihood likelihood) =>
        new(Model(settings, data, likelihood), Members(settings), Smoothing(settings));

    /// <summary>The same where the run trains it.</summary>
    /// <exception cref="OrnsteinException">There is no such device.</exception>
    public static HierarchicalVae StackToTrain(RunSettings settings, Shape data, ILikelihood likelihood) =>
        new(Model(settings, data, likelihood), Members(settings), Smoothing(settings), Devices.Of(settings.Device));
}
