using static Ornstein.Cli.Settings.SettingGroup;

namespace Ornstein.Cli.Settings;

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

    [Setting(SettingGroup.Data, "Data set by name, or a folder that holds one.", Value = "NAME|FOLDER")]
    public string Data { get; init; } = "digits";

    [Setting(SettingGroup.Data, "Covariance eigenvalues of made data (only with --data gaussian).")]
    public double[]? Eigenvalues { get; init; }

    [Setting(SettingGroup.Data, "How grey values become binary pixels; auto does as the data set is commonly used.")]
    public BinarizationChoice Binarization { get; init; } = BinarizationChoice.Auto;

    [Setting(SettingGroup.Data, "Train on the first N images only.", DefaultText = "all")]
    public int? TrainLimit { get; init; }

    [Setting(SettingGroup.Data, "Test on the first N images only.", DefaultText = "all")]
    public int? TestLimit { get; init; }

    [Setting(SettingGroup.Data, "Training images held out for the curves during training.")]
    public int Validation { get; init; } = 1000;

    [Setting(Model, "Size of every latent layer, z1 (next to the data) first.")]
    public int[] Latents { get; init; } = [32, 16, 8];

    [Setting(Model, "Hidden units of every layer's networks, z1 first; none makes them linear.", AllowNone = true)]
    public int[] Hidden { get; init; } = [128, 64, 32];

    [Setting(Model, "Hidden layers in each network.")]
    public int HiddenLayers { get; init; } = 2;

    [Setting(Model, "Nonlinearity of the hidden layers.")]
    public ActivationChoice Activation { get; init; } = ActivationChoice.LeakyRelu;

    [Setting(Model, "Distribution of a pixel given z1; auto: bernoulli for binary data, else gaussian.")]
    public LikelihoodChoice Likelihood { get; init; } = LikelihoodChoice.Auto;

    [Setting(Model, "Variance of the gaussian likelihood.")]
    public double DecoderVariance { get; init; } = 1.0;

    [Setting(Smoothing, "Smoothing parameters in [0,1], a model each: 1 is none, 0 is full. One number per link: 0.5:0.8, lowest first.")]
    public RhoEntry[] Rho { get; init; } = [1];

    [Setting(Smoothing, "Inner draws that estimate a smoothed network; a single draw does not smooth.")]
    public int Draws { get; init; } = 8;

    [Setting(Smoothing, "How the inner draws are made.")]
    public SamplerChoice Sampler { get; init; } = SamplerChoice.Iid;

    [Setting(Smoothing, "Networks to smooth: generative (p), inference (q) or both.")]
    public SmoothChoice Smooth { get; init; } = SmoothChoice.P;

    [Setting(Smoothing, "Gaussian that smoothing is relative to: the layer's own, or N(0, I).")]
    public MeasureChoice Measure { get; init; } = MeasureChoice.Own;

    [Setting(Training, "Seeds of weights, batches and noise; a model per seed and rho.")]
    public long[] Seeds { get; init; } = [0, 1];

    [Setting(Training, "Passes over the training images.")]
    public int Epochs { get; init; } = 20;

    [Setting(Training, "Images in a batch.")]
    public int Batch { get; init; } = 128;

    [Setting(Training, "Learning rate of Adam.")]
    public double LearningRate { get; init; } = 1e-3;

    [Setting(Training, "How the learning rate changes over the training.")]
    public ScheduleChoice Schedule { get; init; } = ScheduleChoice.Constant;

    [Setting(Training, "Steps over which the learning rate rises from 0.")]
    public int WarmupSteps { get; init; }

    [Setting(Training, "Largest norm of a model's gradient; longer ones are scaled down.", DefaultText = "no limit")]
    public double? ClipNorm { get; init; }

    [Setting(Training, "Draws of z per image when results are measured.")]
    public int EvaluationDraws { get; init; } = 16;

    [Setting(Run, "Folder of the run.", Value = "FOLDER", DefaultText = "a new folder under runs/")]
    public string? Out { get; init; }

    [Setting(Run, "Seconds between checkpoints.", Value = "SECONDS")]
    public double CheckpointSeconds { get; init; } = 30;

    [Setting(Run, "Processor threads.", DefaultText = "all")]
    public int Threads { get; init; }
}

/// <summary>What steers one invocation and is no part of a run's stored settings.</summary>
internal sealed record RunFlags
{
    [Setting(Run, "JSON file with settings, such as a run's config.json; options given here win over it.", Value = "FILE")]
    public string? Config { get; init; }

    [Setting(Run, "Go on from the last checkpoint of the run in --out.")]
    public bool Resume { get; init; }

    [Setting(Run, "Print the result as JSON on standard output.")]
    public bool Json { get; init; }
}
