using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Harmonics;
using Ornstein.Results;
using Ornstein.Smoothing;

namespace Ornstein.Experiments.Runs;

/// <summary>Measures the harmonics of a stored run's functions and takes means over seeds.</summary>
internal static class RunSpectrum
{
    /// <param name="run">The run.</param>
    /// <param name="unusable">Which of its models are none.</param>
    /// <param name="options">How finely functions are sampled.</param>
    /// <param name="stop">Ends the measurement.</param>
    public static SpectrumResult Measure(StoredRun run, UnusableModel?[] unusable, HarmonicsOptions options, CancellationToken stop)
    {
        var functions = LayerHarmonics.Of(run.Vae, run.Data.Test, options, stop: stop);
        var members = functions.SelectMany(function => function.Profiles.Select((profile, member) => Entry(run, function, profile, member, unusable[member]))).ToArray();
        return new SpectrumResult
        {
            Data = run.Data.Name,
            OtherData = run.OtherData,
            Latents = run.Settings.LatentUnits(),
            MeasuredOn = run.Data.Test.Count,
            Evaluations = options.Evaluations,
            Members = members,
            Rhos = [.. members.GroupBy(entry => (entry.Function, RowNames.Label(entry), entry.Remedy)).Select(group => Mean([.. group]))],
        };
    }

    private static SpectrumEntry Entry(StoredRun run, LayerFunction function, HarmonicProfile profile, int member, UnusableModel? model)
    {
        var rho = run.Vae.Members[member].Rho;
        // A finite function of a model that has other weights that are not is no function of a trained model either.
        var why = model?.Why("the model", "the model's");
        var unusable = model is { DivergedAt: null } ? $"cannot say: {why}" : why;
        var smoothing = run.Vae.Smoothing;
        var rhos = run.RhosOf(member);
        var factor = smoothing.Networks.HasFlag(function.Network) ? rhos[rhos.Count == 1 ? 0 : function.Link] : 1;
        var none = new SpectrumEnergies
        {
            Variance = Estimate.None,
            Energies = [.. profile.Energies.Select(_ => Estimate.None)],
            ShareAboveDegreeOne = Estimate.None,
        };
        var entry = new SpectrumEntry
        {
            Rho = rho[^1],
            RhoPerLink = rho.Count > 1 ? [.. rho] : null,
            Remedy = RemedyEntry.NameOf(run.Vae.Members[member]),
            Seeds = [run.Vae.Members[member].Seed],
            Function = function.Name,
            Units = profile.Units,
            Outputs = function.Outputs,
            Reason = unusable ?? profile.Reason,
            Raw = none,
            GradientEnergy = Estimate.None,
            OddEnergy = Estimate.None,
            EvenEnergy = Estimate.None,
        };
        if (unusable is not null) return entry;
        // In the coordinates of another measure smoothing does not multiply degrees.
        var isOwn = smoothing.Measure == ReferenceMeasure.Own || factor == 1;
        var smoothed = isOwn && profile.Reason is null ? profile.Smoothed(factor) : null;
        return entry with
        {
            Raw = new SpectrumEnergies
            {
                Variance = profile.Variance,
                Energies = [.. profile.Energies],
                ShareAboveDegreeOne = profile.ShareAboveDegreeOne,
            },
            SmoothingRho = isOwn ? factor : null,
            Smoothed = smoothed is null ? null : new SpectrumEnergies
            {
                Variance = smoothed.Variance,
                Energies = [.. smoothed.Energies],
                ShareAboveDegreeOne = smoothed.ShareAboveDegreeOne,
            },
            GradientEnergy = profile.GradientEnergy,
            OddEnergy = profile.OddEnergy,
            EvenEnergy = profile.EvenEnergy,
            SteinW1 = profile.ByStein,
            KernelEnergies = [.. profile.ByKernel],
            Stability = [.. profile.Stability],
        };
    }

    private static SpectrumEntry Mean(SpectrumEntry[] seeds)
    {
        SpectrumEntry[] good = [.. seeds.Where(entry => entry.Reason is null)];
        if (good.Length == 0) return seeds[0] with { Seeds = [.. seeds.SelectMany(entry => entry.Seeds)], SteinW1 = null, KernelEnergies = null, Stability = null };
        return good[0] with
        {
            Seeds = [.. good.SelectMany(entry => entry.Seeds)],
            Raw = Mean([.. good.Select(entry => entry.Raw)]),
            Smoothed = good[0].Smoothed is null ? null : Mean([.. good.Select(entry => entry.Smoothed!)]),
            GradientEnergy = Mean(good.Select(entry => entry.GradientEnergy)),
            OddEnergy = Mean(good.Select(entry => entry.OddEnergy)),
            EvenEnergy = Mean(good.Select(entry => entry.EvenEnergy)),
            SteinW1 = null,
            KernelEnergies = null,
            Stability = null,
        };
    }

    private static SpectrumEnergies Mean(SpectrumEnergies[] seeds) => new()
    {
        Variance = Mean(seeds.Select(s => s.Variance)),
        Energies = [.. Enumerable.Range(0, seeds[0].Energies.Length).Select(k => Mean(seeds.Select(s => s.Energies[k])))],
        ShareAboveDegreeOne = Mean(seeds.Select(s => s.ShareAboveDegreeOne)),
    };

    // Over two seeds and more the error is that of their mean, which holds the measurement's; the same data and points serve all seeds.
    private static Estimate Mean(IEnumerable<Estimate> estimates)
    {
        Estimate[] all = [.. estimates.Where(estimate => double.IsFinite(estimate.Value))];
        if (all.Length == 0) return Estimate.None;
        if (all.Length == 1) return all[0];
        var mean = all.Average(estimate => estimate.Value);
        var spread = all.Sum(estimate => (estimate.Value - mean) * (estimate.Value - mean)) / (all.Length - 1.0);
        return new Estimate(mean, Math.Sqrt(spread / all.Length));
    }
}
