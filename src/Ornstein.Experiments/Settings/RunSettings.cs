using Ornstein.Data;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Smoothing;

namespace Ornstein.Experiments.Settings;

/// <summary>
/// Everything that decides a run: THE list of options. Option names (<c>--learning-rate</c>), keys of the configuration file
/// (<c>learningRate</c>), help and checks all follow from these properties; a new option is a new property here.
/// </summary>
internal sealed partial record RunSettings
{
    /// <summary>Defaults of a run over many values of rho.</summary>
    public static RunSettings ForPhase { get; } = new() { Rho = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1] };

    /// <summary>Defaults of training a single model: no smoothing.</summary>
    public static RunSettings ForTrain { get; } = new() { Seeds = [0] };

    /// <summary>
    /// What linear networks on made data (<c>--data gaussian --hidden none</c>) take instead: enough training and rhos to reach what theory
    /// says of them exactly.
    /// </summary>
    public RunSettings ForLinearTheory() => this with
    {
        Data = "gaussian",
        Hidden = [],
        Epochs = 1000,
        Batch = 2250,
        LearningRate = 0.05,
        Schedule = ScheduleShape.Cosine,
        Rho = Rho.Length == 1 ? Rho : [.. Enumerable.Range(1, 20).Select(i => (RhoEntry)(i / 20.0))],
    };

    /// <summary>Whether linear theory says what a run with these settings comes to.</summary>
    public bool HasLinearTheory() => Hidden.Length == 0 && string.Equals(Data, "gaussian", StringComparison.Ordinal);

    [Setting(SettingGroup.Data, "Data set by name, or a folder that holds one.", Value = "NAME|FOLDER")]
    public string Data { get; init; } = "digits";

    [Setting(SettingGroup.Data, "Covariance eigenvalues of made data (only with --data gaussian).", DefaultText = "20,5,2.5,1.5 there")]
    public double[]? Eigenvalues { get; init; }

    [Setting(SettingGroup.Data, "How grey values become binary pixels; auto does as the data set is commonly used.")]
    public BinarizationChoice Binarization { get; init; } = BinarizationChoice.Auto;

    [Setting(SettingGroup.Data, "What becomes full ink in a folder's pictures: the largest value of their format (range) or of these data (max); auto: max for 16 bits that use less than half.")]
    public PixelScale Scale { get; init; } = PixelScale.Auto;

    [Setting(SettingGroup.Data, "What transparent pixels of a folder's pictures lie on.")]
    public PixelBackground Background { get; init; } = PixelBackground.White;

    [Setting(SettingGroup.Data, "Train on N images only, of every class its share.", DefaultText = "all")]
    public int? TrainLimit { get; init; }

    [Setting(SettingGroup.Data, "Test on N images only, of every class its share.", DefaultText = "all")]
    public int? TestLimit { get; init; }

    [Setting(SettingGroup.Data, "Training images held out for the curves during training, at most a tenth; or those of a folder's own part for that.")]
    public int Validation { get; init; } = 1000;

    [Setting(SettingGroup.Model, "Size of every latent layer, z1 (next to the data) first.")]
    public int[] Latents { get; init; } = [32, 16, 8];

    [Setting(SettingGroup.Model, "Hidden units of every layer's networks, z1 first; none makes them linear (with gaussian data: rhos and training to match theory).", AllowNone = true)]
    public int[] Hidden { get; init; } = [128, 64, 32];

    [Setting(SettingGroup.Model, "Hidden layers in each network.")]
    public int HiddenLayers { get; init; } = 2;

    [Setting(SettingGroup.Model, "Nonlinearity of the hidden layers.")]
    public Activation Activation { get; init; } = Activation.LeakyRelu;

    [Setting(SettingGroup.Model, "What the decoder gives before training; zero: probability 1/2 or 0, mean: about the mean of the training data.")]
    public InitialOutputChoice InitialOutput { get; init; } = InitialOutputChoice.Zero;

    [Setting(SettingGroup.Model, "Distribution of a pixel given z1; auto: bernoulli for binary data, else gaussian.")]
    public LikelihoodEntry Likelihood { get; init; } = LikelihoodEntry.Auto;

    [Setting(SettingGroup.Model, "Variance of the gaussian likelihood.")]
    public double DecoderVariance { get; init; } = 1.0;

    [Setting(SettingGroup.Model, "Whether that variance stays, is learned, or is the best for each batch.")]
    public DecoderScale DecoderSigma { get; init; } = DecoderScale.Fixed;

    [Setting(SettingGroup.Smoothing, "Smoothing parameters in [0,1], a model each: 1 is none, 0 is full. One number per link: 0.5:0.8, lowest first.")]
    public RhoEntry[] Rho { get; init; } = [1];

    [Setting(SettingGroup.Smoothing, "Rounds that train more models where KLs drop and where codes in means and in widths begin, up to 4 rhos each, until all are resolved to 0.02.")]
    public int Refine { get; init; }

    [Setting(SettingGroup.Smoothing, "Both: train a top layer alive at the lowest rho and one dead at 1, go on from each at every rho; what differs is hysteresis.")]
    public BranchChoice Branches { get; init; } = BranchChoice.None;

    [Setting(SettingGroup.Smoothing, "Inner draws that estimate a smoothed network; a single draw does not smooth.")]
    public int Draws { get; init; } = 8;

    [Setting(SettingGroup.Smoothing, "How the inner draws are made.")]
    public SmoothingSampler Sampler { get; init; } = SmoothingSampler.Iid;

    [Setting(SettingGroup.Smoothing, "Networks to smooth: generative (p), inference (q) or both.")]
    public SmoothChoice Smooth { get; init; } = SmoothChoice.P;

    [Setting(SettingGroup.Smoothing, "Gaussian that smoothing is relative to: the layer's own, or N(0, I).")]
    public ReferenceMeasure Measure { get; init; } = ReferenceMeasure.Own;

    [Setting(
        SettingGroup.Remedies,
        "What fights collapse beside smoothing, a model each: none, or some of warm-up:20, cyclic:4, beta:0.5, free-bits:0.5, anneal, "
            + "iwae:5, min-rate:0.1, aggressive:5 joined by '+' (all of it: docs/remedies.md).")]
    public RemedyEntry[] Remedy { get; init; } = [RemedyEntry.None];

    [Setting(SettingGroup.Remedies, "Make q a ladder: up without samples, then down, merged with p by precision.")]
    public bool Ladder { get; init; }

    [Setting(SettingGroup.Remedies, "Connections that skip layers: p reads all layers above, q reads the data in every layer, or both.")]
    public SkipConnections Skip { get; init; } = SkipConnections.None;

    [Setting(SettingGroup.Remedies, "Batch-normalize hidden layers.")]
    public bool BatchNorm { get; init; }

    [Setting(SettingGroup.Training, "Form of the ELBO that is trained: a KL per layer, or log p(x,z) - log q(z|x) at joint samples of all layers.")]
    public ObjectiveForm Objective { get; init; } = ObjectiveForm.Kl;

    [Setting(SettingGroup.Training, "Begin with the weights of a finished run of the same architecture and data, seed by seed; optimizer and schedules begin anew.", Value = "RUN")]
    public string? StartFrom { get; init; }

    [Setting(SettingGroup.Training, "Which rho's models of --start-from to take, where it has several.", Value = "RHO")]
    public RhoEntry? StartRho { get; init; }

    [Setting(SettingGroup.Training, "Seeds of weights, batches and noise; a model per seed, rho and remedy.")]
    public long[] Seeds { get; init; } = [0, 1];

    [Setting(SettingGroup.Training, "Passes over the training images.")]
    public int Epochs { get; init; } = 20;

    [Setting(SettingGroup.Training, "Images in a batch.")]
    public int Batch { get; init; } = 128;

    [Setting(SettingGroup.Training, "Learning rate of Adam.")]
    public double LearningRate { get; init; } = 1e-3;

    [Setting(SettingGroup.Training, "What Adam adds to the root of its second moment.")]
    public double AdamEpsilon { get; init; } = 1e-8;

    [Setting(SettingGroup.Training, "How the learning rate changes over the training.")]
    public ScheduleShape Schedule { get; init; } = ScheduleShape.Constant;

    [Setting(SettingGroup.Training, "Steps over which the learning rate rises from 0.")]
    public int WarmupSteps { get; init; }

    [Setting(SettingGroup.Training, "Largest norm of a model's gradient; longer ones are scaled down.", DefaultText = "no limit")]
    public double? ClipNorm { get; init; }

    [Setting(SettingGroup.Training, "Draws of z per image when results are measured.")]
    public int EvaluationDraws { get; init; } = 8;

    [Setting(SettingGroup.Training, "Samples k per image of the importance-weighted bounds; the literature takes 5000.", DefaultText = "--evaluation-draws")]
    public int? ImportanceDraws { get; init; }

    [Setting(SettingGroup.Run, "Folder of the run.", Value = "FOLDER", DefaultText = "a new folder under runs/")]
    public string? Out { get; init; }

    [Setting(SettingGroup.Run, "Seconds between checkpoints.", Value = "SECONDS")]
    public double CheckpointSeconds { get; init; } = 30;

    [Setting(SettingGroup.Run, "Processor threads.", DefaultText = "all")]
    public int Threads { get; init; }
}

/// <summary>What steers one invocation and is no part of a run's stored settings.</summary>
internal sealed record RunFlags
{
    [Setting(SettingGroup.Run, "JSON file with settings, such as a run's config.json; options given here win over it.", Value = "FILE")]
    public string? Config { get; init; }

    [Setting(SettingGroup.Run, "Go on from the last checkpoint of the run in --out.")]
    public bool Resume { get; init; }

    [Setting(SettingGroup.Run, "Print the result as JSON on standard output.")]
    public bool Json { get; init; }
}
