using Ornstein.Data;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;

namespace Ornstein.Experiments.Settings;

/// <summary>
/// Everything that decides a run: THE list of options. Option names (<c>--learning-rate</c>), keys of the configuration file
/// (<c>learningRate</c>), help and checks all follow from these properties; a new option is a new property here. Change some with <c>with</c>;
/// errors name a setting as the command line has it.
/// </summary>
public sealed partial record RunSettings
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

    /// <summary>Units of every latent layer, z1 first.</summary>
    internal int[] LatentUnits() => [.. Latents.Select(shape => shape.Units)];

    /// <summary>Whether linear theory says what a run with these settings comes to.</summary>
    internal bool HasLinearTheory() => Hidden.Length == 0 && Networks == Network.Perceptron && MeanNorm is null && Prior == PriorEntry.StandardNormal && string.Equals(Data, "gaussian", StringComparison.Ordinal);

    /// <summary>Name of a data set, such as <c>digits</c>, or the path of a folder that holds one.</summary>
    [Setting(SettingGroup.Data, "Data set by name, or a folder that holds one.", Value = "NAME|FOLDER")]
    public string Data { get; init; } = "digits";

    /// <summary>Eigenvalues of the covariance of made data, largest first; for <see cref="Data"/> <c>gaussian</c> only, null for its own.</summary>
    [Setting(SettingGroup.Data, "Covariance eigenvalues of made data (only with --data gaussian).", DefaultText = "20,5,2.5,1.5 there")]
    public double[]? Eigenvalues { get; init; }

    /// <summary>How grey values become binary pixels.</summary>
    [Setting(SettingGroup.Data, "How grey values become binary pixels; auto does as the data set is commonly used.")]
    public BinarizationChoice Binarization { get; init; } = BinarizationChoice.Auto;

    /// <summary>Which draws of their pixels test images are measured on, where pixels are drawn.</summary>
    [Setting(SettingGroup.Data, "Draws of the pixels of test images: once for all runs, or anew for this one, by its first seed (with dynamic binarization).")]
    public TestBinarizationChoice TestBinarization { get; init; } = TestBinarizationChoice.Once;

    /// <summary>What becomes full ink in a folder's pictures: the largest value of their format, or of these data.</summary>
    [Setting(SettingGroup.Data, "What becomes full ink in a folder's pictures: the largest value of their format (range) or of these data (max); auto: max for 16 bits that use less than half.")]
    public PixelScale Scale { get; init; } = PixelScale.Auto;

    /// <summary>What transparent pixels of a folder's pictures lie on.</summary>
    [Setting(SettingGroup.Data, "What transparent pixels of a folder's pictures lie on.")]
    public PixelBackground Background { get; init; } = PixelBackground.White;

    /// <summary>Whether a folder's pictures are read in colour.</summary>
    [Setting(SettingGroup.Data, "Whether a folder's pictures are read in colour; auto: where they have any.")]
    public PixelColour Colour { get; init; } = PixelColour.Auto;

    /// <summary>Height and width that images are brought to, or one number for both; null for the size that they have.</summary>
    [Setting(SettingGroup.Data, "Size that images are brought to: 32, or 32x48 for height and width. Their largest part around the middle is kept.", Value = "SIZE", DefaultText = "as they are")]
    public Shape? ImageSize { get; init; }

    /// <summary>Number of training data, of every class its share; null for all.</summary>
    [Setting(SettingGroup.Data, "Train on N images only, of every class its share.", DefaultText = "all")]
    public int? TrainLimit { get; init; }

    /// <summary>Number of test data, of every class its share; null for all.</summary>
    [Setting(SettingGroup.Data, "Test on N images only, of every class its share.", DefaultText = "all")]
    public int? TestLimit { get; init; }

    /// <summary>Training data held out for the curves during training, at most a tenth; or of the data's own part for that.</summary>
    [Setting(SettingGroup.Data, "Training images held out for the curves during training, at most a tenth; or those of a folder's own part for that.")]
    public int Validation { get; init; } = 1000;

    /// <summary>Shape of every latent layer, z1 (next to the data) first: units, or channels x height x width.</summary>
    [Setting(SettingGroup.Model, "Size of every latent layer, z1 (next to the data) first; 8x14x14 for a map of 8 channels.")]
    public Shape[] Latents { get; init; } = [32, 16, 8];

    /// <summary>The networks of q, p and the decoder: <c>perceptron</c>, <c>convolution</c>, or the name of those registered with <see cref="Network.Register"/>.</summary>
    [Setting(SettingGroup.Model, "Networks of q, p and the decoder: perceptron, convolution (--hidden: channels, --hidden-layers: residual blocks at every size), or the name of your own (Network.Register).", Value = "NAME")]
    public string Networks { get; init; } = Network.Perceptron;

    /// <summary>Hidden units of every layer's networks, z1 first, as many as <see cref="Latents"/>; empty for linear networks.</summary>
    [Setting(SettingGroup.Model, "Hidden units of every layer's networks, z1 first; none makes them linear (with gaussian data: rhos and training to match theory).", AllowNone = true)]
    public int[] Hidden { get; init; } = [128, 64, 32];

    /// <summary>Hidden layers in each network, 1 or more.</summary>
    [Setting(SettingGroup.Model, "Hidden layers in each network.")]
    public int HiddenLayers { get; init; } = 2;

    /// <summary>Nonlinearity of the hidden layers.</summary>
    [Setting(SettingGroup.Model, "Nonlinearity of the hidden layers.")]
    public Activation Activation { get; init; } = Activation.LeakyRelu;

    /// <summary>What the decoder gives before training.</summary>
    [Setting(SettingGroup.Model, "What the decoder gives before training; zero: probability 1/2 or 0, mean: about the mean of the training data.")]
    public InitialOutputChoice InitialOutput { get; init; } = InitialOutputChoice.Zero;

    /// <summary>Distribution of a pixel given z1.</summary>
    [Setting(SettingGroup.Model, "Distribution of a pixel given z1; auto: bernoulli for binary data, else gaussian.")]
    public LikelihoodEntry Likelihood { get; init; } = LikelihoodEntry.Auto;

    /// <summary>Variance of the Gaussian likelihood, above 0.</summary>
    [Setting(SettingGroup.Model, "Variance of the gaussian likelihood.")]
    public double DecoderVariance { get; init; } = 1.0;

    /// <summary>Whether <see cref="DecoderVariance"/> stays, is learned, or is the best for each batch.</summary>
    [Setting(SettingGroup.Model, "What the variance of the gaussian likelihood does: it stays, is learned, or is the best for each batch.")]
    public GaussianVariance DecoderSigma { get; init; } = GaussianVariance.Fixed;

    /// <summary>Smoothing parameters in [0, 1], a model each: 1 is none, 0 is full; one number for every link, or one per link, lowest first.</summary>
    [Setting(SettingGroup.Smoothing, "Smoothing parameters in [0,1], a model each: 1 is none, 0 is full. One number per link: 0.5:0.8, lowest first.")]
    public RhoEntry[] Rho { get; init; } = [1];

    /// <summary>Rounds that train more models where KLs drop and codes begin, up to 4 rhos each, until all are resolved to 0.02.</summary>
    [Setting(SettingGroup.Smoothing, "Rounds that train more models where KLs drop and where codes in means and in widths begin, up to 4 rhos each, until all are resolved to 0.02.")]
    public int Refine { get; init; }

    /// <summary>Whether the top layer is taken to every rho from an alive and from a collapsed beginning, to see hysteresis.</summary>
    [Setting(SettingGroup.Smoothing, "Both: train a top layer alive at the lowest rho and one dead at 1, go on from each at every rho; what differs is hysteresis.")]
    public BranchChoice Branches { get; init; } = BranchChoice.None;

    /// <summary>Inner draws that estimate a smoothed network; a single one does not smooth.</summary>
    [Setting(SettingGroup.Smoothing, "Inner draws that estimate a smoothed network; a single draw does not smooth.")]
    public int Draws { get; init; } = 8;

    /// <summary>How the inner draws are made.</summary>
    [Setting(SettingGroup.Smoothing, "How the inner draws are made.")]
    public SmoothingSampler Sampler { get; init; } = SmoothingSampler.Iid;

    /// <summary>Which networks are smoothed.</summary>
    [Setting(SettingGroup.Smoothing, "Networks to smooth: generative (p), inference (q) or both.")]
    public SmoothChoice Smooth { get; init; } = SmoothChoice.P;

    /// <summary>The Gaussian that smoothing is relative to: the layer's own, or N(0, I).</summary>
    [Setting(SettingGroup.Smoothing, "Gaussian that smoothing is relative to: the layer's own, or N(0, I).")]
    public ReferenceMeasure Measure { get; init; } = ReferenceMeasure.Own;

    /// <summary>What fights collapse beside smoothing, a model each.</summary>
    [Setting(
        SettingGroup.Remedies,
        "What fights collapse beside smoothing, a model each: none, or some of warm-up:20, cyclic:4, beta:0.5, free-bits:0.5, anneal, "
            + "iwae:5, committed-rate:0.1, aggressive:5, latent-reconstruction:1 joined by '+' (all of it: docs/remedies.md).")]
    public RemedyEntry[] Remedy { get; init; } = [RemedyEntry.None];

    /// <summary>Whether q is a ladder: up without samples, then down, merged with p by precision.</summary>
    [Setting(SettingGroup.Remedies, "Make q a ladder: up without samples, then down, merged with p by precision.")]
    public bool Ladder { get; init; }

    /// <summary>Connections that skip layers: p reads all layers above, q reads the data in every layer, or both.</summary>
    [Setting(SettingGroup.Remedies, "Connections that skip layers: p reads all layers above, q reads the data in every layer, or both.")]
    public SkipConnections Skip { get; init; } = SkipConnections.None;

    /// <summary>Whether hidden layers are batch-normalized.</summary>
    [Setting(SettingGroup.Remedies, "Batch-normalize hidden layers.")]
    public bool BatchNorm { get; init; }

    /// <summary>Fixed scale gamma of batch-normalized means of q, above 0; null: they are not normalized.</summary>
    [Setting(SettingGroup.Remedies, "Batch-normalize q's means, with this scale and a learned shift (BN-VAE).", Value = "SCALE", DefaultText = "off")]
    public double? MeanNorm { get; init; }

    /// <summary>Whose means <see cref="MeanNorm"/> normalizes.</summary>
    [Setting(SettingGroup.Remedies, "Whose means --mean-norm normalizes: those of the top layer, which bounds its KL from below, or of all.")]
    public MeanNormLayers MeanNormLayers { get; init; } = MeanNormLayers.Top;

    /// <summary>Distribution of the top layer, with its number of components where it has any.</summary>
    [Setting(
        SettingGroup.Remedies, "Distribution of the top layer: standard-normal, mixture (learned Gaussians), vamp (q at learned inputs), or your own (Prior.Register).",
        Value = "NAME[:COMPONENTS]")]
    public PriorEntry Prior { get; init; } = PriorEntry.StandardNormal;

    /// <summary>Form of the ELBO that is trained: a KL per layer, or log p(x, z) - log q(z | x) at joint samples of all layers.</summary>
    [Setting(SettingGroup.Training, "Form of the ELBO that is trained: a KL per layer, or log p(x,z) - log q(z|x) at joint samples of all layers.")]
    public ObjectiveForm Objective { get; init; } = ObjectiveForm.Kl;

    /// <summary>Folder of a finished run of the same architecture and data, whose weights are the beginning, seed by seed; null for weights of its own.</summary>
    [Setting(SettingGroup.Training, "Begin with the weights of a finished run of the same architecture and data, seed by seed; optimizer and schedules begin anew.", Value = "RUN")]
    public string? StartFrom { get; init; }

    /// <summary>Which rho's models of <see cref="StartFrom"/> to take; null where it has one.</summary>
    [Setting(SettingGroup.Training, "Which rho's models of --start-from to take, where it has several.", Value = "RHO")]
    public RhoEntry? StartRho { get; init; }

    /// <summary>Seeds of weights, batches and noise; a model per seed, rho and remedy.</summary>
    [Setting(SettingGroup.Training, "Seeds of weights, batches and noise; a model per seed, rho and remedy.")]
    public long[] Seeds { get; init; } = [0, 1];

    /// <summary>Passes over the training data.</summary>
    [Setting(SettingGroup.Training, "Passes over the training images.")]
    public int Epochs { get; init; } = 20;

    /// <summary>Data in a batch.</summary>
    [Setting(SettingGroup.Training, "Images in a batch.")]
    public int Batch { get; init; } = 128;

    /// <summary>Peak learning rate of Adam.</summary>
    [Setting(SettingGroup.Training, "Learning rate of Adam.")]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of Adam's first moment, in [0, 1).</summary>
    [Setting(SettingGroup.Training, "Decay of Adam's first moment.")]
    public double AdamBeta1 { get; init; } = 0.9;

    /// <summary>Decay of Adam's second moment, in [0, 1).</summary>
    [Setting(SettingGroup.Training, "Decay of Adam's second moment.")]
    public double AdamBeta2 { get; init; } = 0.999;

    /// <summary>What Adam's second moments begin at, 0 or more, in the unit of squared gradients of nats per datum.</summary>
    [Setting(SettingGroup.Training, "What Adam's second moments begin at; above 0 the first steps are short.")]
    public double AdamSecondMoment { get; init; }

    /// <summary>What Adam adds to the root of its second moment.</summary>
    [Setting(SettingGroup.Training, "What Adam adds to the root of its second moment.")]
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>How the learning rate changes over the training.</summary>
    [Setting(SettingGroup.Training, "How the learning rate changes over the training.")]
    public ScheduleShape Schedule { get; init; } = ScheduleShape.Constant;

    /// <summary>Steps over which the learning rate rises from 0.</summary>
    [Setting(SettingGroup.Training, "Steps over which the learning rate rises from 0.")]
    public int WarmupSteps { get; init; }

    /// <summary>Largest norm of a model's gradient, to which longer ones are scaled down; null for no limit.</summary>
    [Setting(SettingGroup.Training, "Largest norm of a model's gradient; longer ones are scaled down.", DefaultText = "no limit")]
    public double? ClipNorm { get; init; }

    /// <summary>Norm of a model's gradient, before it is scaled down, beyond which the model skips the step; null for no limit.</summary>
    [Setting(SettingGroup.Training, "Norm of a model's gradient beyond which the model skips the step; skipped steps are counted.", DefaultText = "no limit")]
    public double? SkipNorm { get; init; }

    /// <summary>Decay of a moving average of the weights, which is measured in their place, above 0 and below 1; null: none is kept.</summary>
    [Setting(SettingGroup.Training, "Decay of a moving average of the weights, which is measured in their place, such as 0.999.", Value = "DECAY", DefaultText = "off")]
    public double? Ema { get; init; }

    /// <summary>How many times a pass over the data the noise of gradients is measured; null: it is not.</summary>
    [Setting(SettingGroup.Training, "Measure how gradients vary so many times a pass over the data, in metrics.jsonl.", Value = "TIMES", DefaultText = "off")]
    public int? GradientNoise { get; init; }

    /// <summary>Draws of z per datum when results are measured.</summary>
    [Setting(SettingGroup.Training, "Draws of z per image when results are measured.")]
    public int EvaluationDraws { get; init; } = 8;

    /// <summary>Samples k per datum of the importance-weighted bounds; null for <see cref="EvaluationDraws"/>.</summary>
    [Setting(SettingGroup.Training, "Samples k per image of the importance-weighted bounds; the literature takes 5000.", DefaultText = "--evaluation-draws")]
    public int? ImportanceDraws { get; init; }

    /// <summary>Folder of the run to make; null for a new one under <c>runs</c>.</summary>
    [Setting(SettingGroup.Run, "Folder of the run.", Value = "FOLDER", DefaultText = "a new folder under runs/")]
    public string? Out { get; init; }

    /// <summary>Seconds between checkpoints.</summary>
    [Setting(SettingGroup.Run, "Seconds between checkpoints.", Value = "SECONDS")]
    public double CheckpointSeconds { get; init; } = 30;

    /// <summary>Where training steps are computed: <c>cpu</c>, or a card, <c>cuda</c> or <c>cuda:1</c>. All else is computed on the processor.</summary>
    [Setting(SettingGroup.Run, "Where training steps are computed: cpu, or a card: cuda, or cuda:1 for the second.", Value = "DEVICE")]
    public string Device { get; init; } = Devices.Processor;

    /// <summary>Processor threads; 0 for all.</summary>
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

    [Setting(SettingGroup.Run, "Write event files of TensorBoard to this folder while the run trains, a folder for each model.", Value = "FOLDER")]
    public string? Tensorboard { get; init; }

    [Setting(SettingGroup.Run, "Show no progress: of what is said beside the result, warnings alone.")]
    public bool Quiet { get; init; }
}
