using Ornstein.Data;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static Ornstein.Experiments.Settings.SettingsSchema;

namespace Ornstein.Experiments.Settings;

public sealed partial record RunSettings
{
    private const int MostLayers = 100;

    /// <summary>Checks every setting.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="OrnsteinException">One is wrong; it is named as the command line has it, with what would be right.</exception>
    public RunSettings Validate()
    {
        ValidateData();
        ValidateModel();
        ValidateSmoothing();
        ValidateRemedies();
        ValidateSampler();
        ValidateTraining();
        ValidateBranches();
        return this;
    }

    /// <summary>Checks the settings of the data alone.</summary>
    internal void ValidateData()
    {
        if (string.IsNullOrWhiteSpace(Data))
        {
            throw UsageError.Because("--data is empty; give the name of a data set, such as digits, or a folder");
        }
        NoNull(nameof(Data), Data);
        bool gaussian = string.Equals(Data, "gaussian", StringComparison.Ordinal);
        if (!gaussian && Eigenvalues is not null) throw UsageError.Because($"--eigenvalues is for --data gaussian only, not for '{Data}'");
        NotEmpty(nameof(Eigenvalues), Eigenvalues, "20,5,2.5,1.5");
        foreach (double value in Eigenvalues ?? []) Positive(nameof(Eigenvalues), value);
        DatasetDescription? known = DatasetCatalog.Describe(Data);
        if (known is not null)
        {
            if (Scale != PixelScale.Auto) throw NeedsFolder($"--scale {SettingText.Format(Scale)}");
            if (Background != PixelBackground.White) throw NeedsFolder($"--background {SettingText.Format(Background)}");
            if (Colour != PixelColour.Auto) throw NeedsFolder($"--colour {SettingText.Format(Colour)}");
        }

        if (ImageSize is not null && (known is null ? SizedImages.WhyNoSize(ImageSize) : SizedImages.WhyNot(Data, known.Kind, known.Shape, ImageSize)) is { } reason)
        {
            throw UsageError.Because(reason);
        }

        AtLeast(nameof(TrainLimit), TrainLimit ?? 1, 1);
        AtLeast(nameof(TestLimit), TestLimit ?? 1, 1);
        AtLeast(nameof(Validation), Validation, 0);
    }

    private OrnsteinException NeedsFolder(string option) =>
        UsageError.Because($"{option} is for pictures in a folder, and '{Data}' is a data set by name, whose pixels are known; leave it out");

    private void ValidateModel()
    {
        NotEmpty(nameof(Latents), Latents, "32,16,8");
        if (Latents.Length > MostLayers) throw UsageError.Because($"--latents has {Latents.Length} layers; {MostLayers} are the most");
        foreach (Shape latent in Latents)
        {
            if (latent.Units > ModelOptions.MostUnits) throw UsageError.Because($"--latents {latent} is out of range; a layer has 1 to {ModelOptions.MostUnits:N0} units");
        }

        if (Networks != Network.Perceptron)
        {
            ValidateNetworks();
            return;
        }

        foreach (int size in Hidden) AtLeast(nameof(Hidden), size, 1);
        if (Hidden.Length != 0 && Hidden.Length != Latents.Length)
        {
            throw UsageError.Because($"--hidden has {Hidden.Length} size(s) but --latents has {Latents.Length}; "
                + $"give one hidden size per latent layer, such as --hidden {Example(Latents.Length)}, "
                + "or --hidden none for linear networks");
        }

        AtLeast(nameof(HiddenLayers), HiddenLayers, 1);
        Positive(nameof(DecoderVariance), DecoderVariance);
    }

    private void ValidateNetworks()
    {
        if (string.IsNullOrEmpty(Networks)) throw UsageError.Because("--networks is empty; give perceptron, or the name of your own");
        if (!Network.Names.Contains(Networks, StringComparer.Ordinal))
        {
            throw UsageError.Because(
                $"--networks should be one of {string.Join(", ", Network.Names)}, but is '{Networks}'"
                + $"; your own are known in a program that registers them (Network.Register){Suggestions.DidYouMean(Networks, Network.Names)}");
        }

        if (Networks == Network.Convolution && Hidden.Length != Latents.Length)
        {
            throw UsageError.Because($"--hidden has {Hidden.Length} number(s) of channels but --latents has {Latents.Length} layers; give one for each, such as --hidden {Example(Latents.Length)}");
        }

        if (BatchNorm) throw UsageError.Because($"--batch-norm is of perceptrons, and the networks are '{Networks}'; leave it out, and normalize in them");
        Positive(nameof(DecoderVariance), DecoderVariance);
    }

    private void ValidateSmoothing()
    {
        NotEmpty(nameof(Rho), Rho, "0,0.5,1");
        int links = Latents.Length - 1;
        foreach (RhoEntry entry in Rho)
        {
            foreach (double value in entry.Values)
            {
                if (value is not (>= 0 and <= 1)) throw UsageError.Because($"--rho {value} is out of range; it must be between 0 and 1");
            }

            if (!entry.IsUniform && entry.Values.Length != links)
            {
                throw UsageError.Because($"--rho {entry} has {entry.Values.Length} numbers but {Latents.Length} latent layers have "
                    + $"{links} link(s) between them; give one number for all links, or {links} joined by ':'");
            }
        }

        NoDuplicates(nameof(Rho), Rho);
        AtLeast(nameof(Refine), Refine, 0);
        if (Refine > 0 && Rho.Length < 2) throw UsageError.Because("--refine needs two rhos at least, between which to look; give more to --rho");
        if (Refine > 0 && Rho.Any(entry => !entry.IsUniform))
        {
            throw UsageError.Because("--refine needs one number per --rho, so that there is a rho to vary; leave one of the two out");
        }

        AtLeast(nameof(Draws), Draws, 1);
    }

    // Before any data are loaded, in the words of the options.
    private void ValidateSampler()
    {
        for (int link = 0; link < Latents.Length - 1; link++)
        {
            bool starts = Rho.Any(entry => entry.Values[entry.IsUniform ? 0 : link] != 1);
            bool ends = Remedy.Any(entry => entry.Remedy.MaySmooth(1, link, Latents.Length - 1));
            if (!starts && !ends) continue;
            int read = Skip.HasFlag(SkipConnections.Generative) ? LatentUnits()[(link + 1)..].Sum() : Latents[link + 1].Units;
            if (Smooth != SmoothChoice.Q) ValidateSamplerFor(read);
            if (Smooth != SmoothChoice.P) ValidateSamplerFor(Latents[link].Units);
        }
    }

    private void ValidateSamplerFor(int units)
    {
        if (Sampler == SmoothingSampler.Sobol && units > SobolPoints.MostDimensions)
        {
            throw UsageError.Because($"--sampler sobol takes layers of at most {SobolPoints.MostDimensions} units, not {units}; "
                + "give --sampler antithetic");
        }

        if (Sampler != SmoothingSampler.GaussHermite || Math.Pow(Draws, units) <= GaussHermiteRule.MostPoints) return;
        int most = 1;
        while (Math.Pow(most + 1, units) <= GaussHermiteRule.MostPoints) most++;
        string fewer = most > 1 ? $"--draws {most} or fewer, or " : "";
        throw UsageError.Because($"--sampler gauss-hermite with --draws {Draws} needs {Draws}^{units} points for a layer of {units} units, "
            + $"more than {GaussHermiteRule.MostPoints}; give {fewer}--sampler antithetic or sobol");
    }

    private void ValidateTraining()
    {
        NotEmpty(nameof(Seeds), Seeds, "0,1");
        NoDuplicates(nameof(Seeds), Seeds);
        if (StartFrom is not null && string.IsNullOrWhiteSpace(StartFrom)) throw UsageError.Because("--start-from is empty; give the folder of a finished run");
        if (StartRho is { } start && StartFrom is null)
            throw UsageError.Because($"--start-rho {start} says which models of --start-from to take, which is not given; give both, or neither");
        AtLeast(nameof(Epochs), Epochs, 1);
        AtLeast(nameof(Batch), Batch, 1);
        Positive(nameof(LearningRate), LearningRate);
        Decay(nameof(AdamBeta1), AdamBeta1);
        Decay(nameof(AdamBeta2), AdamBeta2);
        if (!(AdamSecondMoment >= 0 && float.IsFinite((float)AdamSecondMoment)))
            throw UsageError.Because($"{OptionName(nameof(AdamSecondMoment))} {AdamSecondMoment} is out of range; it must be 0 or more, and a number of single precision");
        Positive(nameof(AdamEpsilon), AdamEpsilon);
        if ((float)AdamEpsilon is 0 or float.PositiveInfinity)
            throw UsageError.Because($"{OptionName(nameof(AdamEpsilon))} {AdamEpsilon} is out of range; single precision has no such number, and training uses it");
        AtLeast(nameof(WarmupSteps), WarmupSteps, 0);
        Positive(nameof(ClipNorm), ClipNorm ?? 1);
        Positive(nameof(SkipNorm), SkipNorm ?? 1);
        AtLeast(nameof(GradientNoise), GradientNoise ?? 1, 1);
        if (Ema is { } ema && ema is not (> 0 and < 1)) throw UsageError.Because($"--ema {ema} is out of range; it must be above 0 and below 1, such as 0.999");
        if (EvaluationDraws < 2 || EvaluationDraws % 2 != 0)
        {
            throw UsageError.Because(
                $"{OptionName(nameof(EvaluationDraws))} {EvaluationDraws} is out of range; it must be an even number, 2 or more");
        }

        AtLeast(nameof(ImportanceDraws), ImportanceDraws ?? 1, 1);
        if (!(CheckpointSeconds >= 0 && double.IsFinite(CheckpointSeconds)))
        {
            throw UsageError.Because($"--checkpoint-seconds {CheckpointSeconds} is out of range; it must be 0 or more");
        }
        if (!Devices.IsName(Device)) throw UsageError.Because($"--device {Device} is none; it can be cpu, cuda, or cuda:1 for the second card");
        AtLeast(nameof(Threads), Threads, 0);
        if (Threads > 1024) throw UsageError.Because($"--threads {Threads} is out of range; it must be at most 1024, or 0 for all");
        NoNull(nameof(StartFrom), StartFrom);
        NoNull(nameof(Out), Out);
        if (Out is not null && string.IsNullOrWhiteSpace(Out)) throw UsageError.Because("--out is empty; give the folder of the run");
    }

    private static string Example(int layers) =>
        string.Join(',', Enumerable.Range(0, layers).Select(i => Math.Max(16, 128 >> i)));

    // No file system has it in a name; a JSON file can.
    private static void NoNull(string property, string? path)
    {
        if (path?.Contains('\0', StringComparison.Ordinal) == true) throw UsageError.Because($"{OptionName(property)} {path} has the character NUL, which no path has");
    }

    private static void AtLeast(string property, int value, int least)
    {
        if (value < least) throw UsageError.Because($"{OptionName(property)} {value} is out of range; it must be {least} or more");
    }

    private static void Decay(string property, double value)
    {
        if (value is not (>= 0 and < 1)) throw UsageError.Because($"{OptionName(property)} {value} is out of range; it must be 0 or more, and below 1");
        if ((float)value == 1) throw UsageError.Because($"{OptionName(property)} {value} is 1 in single precision, which training uses; then nothing would be learned");
    }

    private static void Positive(string property, double value)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw UsageError.Because($"{OptionName(property)} {value} is out of range; it must be above 0");
        }
    }

    private static void NotEmpty<T>(string property, T[]? values, string example, string what = "number")
    {
        if (values is { Length: 0 })
        {
            throw UsageError.Because($"{OptionName(property)} is empty; give at least one {what}, such as {example}");
        }
    }

    private static void NoDuplicates<T>(string property, T[] values)
    {
        var seen = new HashSet<T>();
        foreach (T value in values)
        {
            if (!seen.Add(value)) throw UsageError.Because($"{OptionName(property)} names {value} twice; give every value once");
        }
    }
}
