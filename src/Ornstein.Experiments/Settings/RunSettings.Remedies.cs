using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Priors;

namespace Ornstein.Experiments.Settings;

public sealed partial record RunSettings
{
    /// <summary>Whether models are told apart by their remedies.</summary>
    internal bool HasSeveralRemedies() => Remedy.Length > 1;

    /// <summary>Whether a rho is below 1, at the start or where a remedy takes it.</summary>
    internal bool Smooths() => Latents.Length > 1
        && (Rho.Any(rho => rho != 1) || Remedy.Any(entry => Links.Any(link => entry.Remedy.MaySmooth(1, link, Latents.Length - 1))));

    /// <summary>Whether annealing is asked for that moves no rho.</summary>
    internal bool AnnealsNothing() => Remedy.Any(entry => entry.Remedy.MovesRho(Latents.Length - 1)
        && Rho.All(rho => !Links.Any(link => entry.Remedy.MovesRho(rho.Values[rho.IsUniform ? 0 : link], link, Latents.Length - 1))));

    private IEnumerable<int> Links => Enumerable.Range(0, Latents.Length - 1);

    // What goes together is the library's to say of remedies; of the architecture it is said here, since there the option is known.
    private void ValidateRemedies()
    {
        NotEmpty(nameof(Remedy), Remedy, "none,warm-up:20", "remedy");
        NoDuplicates(nameof(Remedy), Remedy);
        if (Refine > 0 && HasSeveralRemedies())
            throw UsageError.Because("--refine looks for the drop of one remedy; give a single one to --remedy, or leave --refine out");
        ValidateArchitecture();
        var (model, smoothing) = (RunPlan.Model(this, data: 1, RunPlan.Gaussian(this)), RunPlan.Smoothing(this));
        try
        {
            model.Prior.Validate(model, smoothing);
        }
        catch (OrnsteinException error)
        {
            throw UsageError.Because($"--prior {Prior}: {error.Message.TrimEnd('.')}");
        }

        foreach (var entry in Remedy)
        {
            try
            {
                RunPlan.RemedyOf(this, entry).Validate(model, smoothing);
            }
            catch (OrnsteinException error)
            {
                throw UsageError.Because($"--remedy {entry}: {error.Message.TrimEnd('.')}");
            }

            entry.RequireReadable();
        }
    }

    private void ValidateArchitecture()
    {
        if (Ladder && Latents.Length == 1)
            throw UsageError.Because("--ladder merges q with p from the layer above, and a single layer has none; give two --latents or more");
        if (Ladder && Hidden.Length == 0)
            throw UsageError.Because("--ladder climbs on hidden layers, and --hidden none leaves none; give hidden sizes");
        if (Ladder && Skip.HasFlag(SkipConnections.Inference))
        {
            throw UsageError.Because($"--skip {SettingText.Format(Skip)} beside --ladder: in a ladder every layer of q reads the data already; "
                + $"give --skip {(Skip == SkipConnections.Both ? "generative" : "none")}");
        }

        if (Skip != SkipConnections.None && Latents.Length == 1)
        {
            throw UsageError.Because(
                $"--skip {SettingText.Format(Skip)} passes over layers, and a single layer leaves none to pass over; leave it out");
        }

        if (BatchNorm && Hidden.Length == 0)
            throw UsageError.Because("--batch-norm is applied to hidden layers, and --hidden none leaves none; give hidden sizes");
        if (BatchNorm && Batch == 1)
            throw UsageError.Because("--batch-norm takes hidden units relative to their mean over the batch, and --batch 1 leaves nothing of them; give --batch 2 or more");
        Positive(nameof(MeanNorm), MeanNorm ?? 1);
        if (MeanNorm is null && MeanNormLayers != MeanNormLayers.Top)
            throw UsageError.Because($"--mean-norm-layers {SettingText.Format(MeanNormLayers)} says whose means --mean-norm normalizes, which is not given; give both, or neither");
        if (MeanNorm is not null && Batch == 1)
            throw UsageError.Because("--mean-norm takes q's means relative to their mean over the batch, and --batch 1 leaves nothing of them; give --batch 2 or more");
        if (MeanNorm is not null && Prior != PriorEntry.StandardNormal)
            throw UsageError.Because($"--mean-norm bounds the KL to the standard normal prior, and --prior {Prior} is another; leave one of the two out");
        if (Likelihood != LikelihoodEntry.Auto && Likelihood != LikelihoodEntry.Gaussian) RequireNoVariance($"--likelihood {Likelihood}", "another");
    }

    /// <summary>Throws where a variance of the data is given without a Gaussian likelihood, which alone has one.</summary>
    /// <param name="because">What makes the likelihood another one.</param>
    /// <param name="other">Which.</param>
    internal void RequireNoVariance(string because, string other)
    {
        var given = DecoderSigma != GaussianVariance.Fixed ? $"--decoder-sigma {SettingText.Format(DecoderSigma)}"
            : DecoderVariance != 1 ? $"--decoder-variance {SettingText.Format(DecoderVariance)}" : null;
        if (given is null) return;
        throw UsageError.Because($"{given} belongs to a gaussian likelihood, and {because} makes it {other}, which has no variance; give --likelihood gaussian, or leave it out");
    }
}
