using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Smoothing;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Status;
using Ornstein.Theory;
using Ornstein.Transitions;

namespace Ornstein.Studies.Numbers;

/// <summary>Reads the numbers of a cell from its run folder: nothing is measured again.</summary>
internal static class CellReader
{
    private const double LastPart = 0.2;
    private static readonly TransitionOptions _options = new();

    private static readonly (string Name, Func<MemberResult, double> Value)[] _bounds =
    [
        ("ELBO, unsmoothed", member => member.Elbo),
        ("importance-weighted, unsmoothed", member => member.Bounds?.ImportanceWeighted.Value ?? double.NaN),
        ("ELBO, smoothed generative", member => member.Bounds?.SmoothedGenerative.Value ?? double.NaN),
        ("importance-weighted, smoothed generative", member => member.Bounds?.SmoothedGenerativeImportanceWeighted.Value ?? double.NaN),
    ];

    /// <summary>The numbers, or why there are none.</summary>
    public static (CellNumbers? Numbers, string? Reason) Read(StudyCell cell, RunFolder folder, StudyCellState state)
    {
        if (CellResult.Read(folder) is not { } result) return (null, WhyMissing(state, cell));
        if (CellResult.WhyUseless(result) is { } useless) return (null, $"failed: {useless}");
        if (result.Members.Any(member => member.RhoPerLink is not null))
            return (null, "its links have different rhos, so that there is no single rho to draw it against; see its own report.html");
        if (result.Members.DistinctBy(member => (member.Rho, member.Seed)).Count() < result.Members.Length)
            return (null, "it has several models of one rho and seed; give each a cell of its own, or see its report.html");
        try
        {
            var (epochs, settings) = Log(folder);
            return (Of(cell, folder.Path, result, epochs, settings, [.. RunRounds.Of(folder).Select(Log)]), null);
        }
        catch (OrnsteinException error)
        {
            return (null, error.Message); // a damaged file of one cell must not cost the report of all
        }
    }

    /// <summary>The numbers of results.</summary>
    private static (IReadOnlyList<EpochMetrics> Epochs, RunSettings Settings) Log(RunFolder folder)
    {
        var settings = StoredRun.ShownSettingsOf(folder);
        return (MetricsLog.Read(folder.Metrics, RunPlan.Members(settings).Count), settings);
    }

    internal static CellNumbers Of(
        StudyCell cell, string folder, PhaseResult result, IReadOnlyList<EpochMetrics> epochs, RunSettings settings,
        IReadOnlyList<(IReadOnlyList<EpochMetrics> Epochs, RunSettings Settings)>? rounds = null)
    {
        MemberResult[] members = [.. result.Members.Where(RhoSummary.IsFinished)];
        double[] rhos = [.. members.Select(member => member.Rho).Distinct().Order()];
        SeedCurve Curve(Func<MemberResult, double> value) => CurveOf(members, rhos, value);
        int[] layers = [.. Enumerable.Range(0, result.Latents.Length)];
        return new CellNumbers
        {
            Cell = cell.Name,
            Parts = cell.Entries,
            Folder = folder,
            Command = cell.RepeatCommand,
            Latents = result.Latents,
            Seeds = [.. members.Select(member => member.Seed).Distinct().Order()],
            Asked = [.. result.Members.Select(member => member.Seed).Distinct().Order()],
            Diverged = result.Members.Length - members.Length,
            CollapseThreshold = result.CollapseThreshold,
            Rhos = rhos,
            Kl = [.. layers.Select(layer => Curve(member => member.Kl[layer]))],
            ActiveUnits = [.. layers.Select(layer => Curve(member => member.ActiveUnits[layer]))],
            VarianceShare = [.. layers[..^1].Select(layer => Curve(member => Share(member, layer)))],
            Variance = [.. layers[..^1].Select(layer => Curve(member => Variance(member.KlParts, layer)))],
            UnsmoothedVariance = [.. layers[..^1].Select(layer => Curve(member => Variance(member.UnsmoothedKlParts, layer)))],
            UnsmoothedKl = [.. layers.Select(layer => Curve(member => member.UnsmoothedKl[layer]))],
            Information = [.. layers.Select(layer => Curve(member => Told(member.Information, layer)))],
            MeanInformation = [.. layers.Select(layer => Curve(member => Told(member.MeanInformation, layer)))],
            WidthInformation = [.. layers.Select(layer => Curve(member => Told(member.WidthInformation, layer)))],
            Codes = [.. (result.Codes ?? CodeLocator.All(result.Members, _options.Resolution)).Select(code => Code(code, members))],
            Drops = [.. members.GroupBy(member => member.Seed).OrderBy(seed => seed.Key).Select(seed => SeedDrop.Of(seed, result.Latents.Length - 1)).OfType<SeedDrop>()],
            Decades = [.. members.GroupBy(member => member.Seed).OrderBy(seed => seed.Key).Select(seed => SeedDecade.Of(seed, result.Latents.Length - 1)).OfType<SeedDecade>()],
            Falls = [.. (result.Layers ?? [.. TransitionLocator.Layers(result.Members, _options)]).Select(layer => Fall(layer, result.Members))],
            TopKlUnsmoothed = RangeOf(members.Where(member => member.Rho == 1).Select(member => member.TopKl)),
            Draws = settings.Draws,
            EffectiveRhos = Effective(rhos, settings),
            Members = members,
            ImportanceDraws = members.Select(member => member.Bounds?.Draws).FirstOrDefault(),
            Bounds = [.. _bounds.Select(bound => Bound(bound.Name, bound.Value, members, rhos)).Where(bound => double.IsFinite(bound.BestRho))],
            Training = [.. Training(epochs, settings).Concat((rounds ?? []).SelectMany(round => Training(round.Epochs, round.Settings))).OrderBy(line => line.Rho)],
        };
    }

    /// <summary>Median, least and greatest of what is finite; null where nothing is.</summary>
    internal static SeedRange? RangeOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0
            ? null
            : new((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1], sorted.Length);
    }

    private static double[]? Effective(double[] rhos, RunSettings settings)
    {
        if (settings.Measure != ReferenceMeasure.Own || settings.Sampler == SmoothingSampler.Sobol) return null;
        var smoothing = new LinearSmoothing { Draws = settings.Draws, Sampler = settings.Sampler };
        return [.. rhos.Select(rho => Math.Sqrt(smoothing.EffectiveSquare(rho)))];
    }

    private static string WhyMissing(StudyCellState state, StudyCell cell) => state.Stage switch
    {
        CellStage.Failed => $"failed: {state.Reason}",
        CellStage.Running => $"running: epoch {state.Epochs} of {cell.Settings.Epochs}",
        _ => state.Epochs > 0 ? $"begun: epoch {state.Epochs} of {cell.Settings.Epochs}" : "not run yet",
    };

    private static SeedCurve CurveOf(MemberResult[] members, double[] rhos, Func<MemberResult, double> value)
    {
        SeedRange?[] ranges = [.. rhos.Select(rho => RangeOf(members.Where(member => member.Rho == rho).Select(value)))];
        double[] Of(Func<SeedRange, double> number) => [.. ranges.Select(range => range is null ? double.NaN : number(range))];
        return new(Of(range => range.Median), Of(range => range.Least), Of(range => range.Greatest));
    }

    // Of a layer that has collapsed the share is noise over noise.
    private static double Share(MemberResult member, int layer) =>
        member.Kl[layer] >= _options.CollapseThreshold ? Variance(member.KlParts, layer) / member.Kl[layer] : double.NaN;

    private static double Variance(KlParts[]? parts, int layer) => parts is not null && layer < parts.Length ? parts[layer].Variance : double.NaN;

    private static double Told(Estimate[]? information, int layer) => information is not null && layer < information.Length ? information[layer].Value : double.NaN;

    private static CodeFall Code(CodeTransition code, MemberResult[] members)
    {
        double[] rhos = [.. members.Select(member => member.Rho).Distinct().Order()];
        return new(code, members.GroupBy(member => member.Seed).Where(seed => seed.Select(member => member.Rho).Distinct().Count() == rhos.Length)
            .Select(seed => (Seed: seed.Key, Rho: OwnRho(CodeLocator.All([.. seed], _options.Resolution).FirstOrDefault(each => each.Layer == code.Layer && each.Part == code.Part), rhos)))
            .Where(seed => seed.Rho is not null).ToDictionary(seed => seed.Seed, seed => seed.Rho!));
    }

    // Null where a single seed's is not known.
    private static SeedRho? OwnRho(CodeTransition? code, double[] rhos) => code switch
    {
        { Estimate: { } rho, Low: { } low, High: { } high } => new SeedRho(rho, low, high),
        // It cannot be said of an uncertain one.
        { Reason: { } reason } when reason.StartsWith("no transition", StringComparison.Ordinal) => code.IsEverAlive ? SeedRho.Always(rhos[^1]) : SeedRho.Never(rhos[0]),
        _ => null,
    };

    private static LayerFall Fall(LayerCollapse layer, MemberResult[] members)
    {
        var bySeed = members.GroupBy(member => member.Seed).OrderBy(seed => seed.Key)
            .Select(seed => (seed.Key, TransitionLocator.Layers([.. seed], _options).FirstOrDefault(own => own.Layer == layer.Layer)?.Drop))
            .Where(seed => seed.Drop is not null)
            .ToDictionary(seed => seed.Key, seed => Around(seed.Drop!.Estimate, members.Where(member => member.Seed == seed.Key && member.IsOk)));
        return new(layer.Layer, layer.Drop, layer.Reason, bySeed);
    }

    // A fall that is carried on no farther than the first collapsed rho ends there at the latest.
    private static SeedRho Around(double rho, IEnumerable<MemberResult> seed)
    {
        const double same = 1e-9;
        double[] rhos = [.. seed.Select(member => member.Rho).Order()];
        return new(rho, rhos.Where(tried => tried < rho - same).DefaultIfEmpty(rhos[0]).Last(), rhos.Where(tried => tried >= rho - same).DefaultIfEmpty(rhos[^1]).First());
    }

    private static BoundNumbers Bound(string name, Func<MemberResult, double> value, MemberResult[] members, double[] rhos)
    {
        // Else a rho at which the poor seeds diverged would be the best.
        var everywhere = members.Where(member => double.IsFinite(value(member))).CountBy(member => member.Seed).Where(seed => seed.Value == rhos.Length).Select(seed => seed.Key).ToHashSet();
        double Mean(double rho) => members.Where(member => member.Rho == rho && (everywhere.Count == 0 || everywhere.Contains(member.Seed)))
            .Select(value).Where(double.IsFinite).DefaultIfEmpty(double.NegativeInfinity).Average();
        var best = rhos.MaxBy(Mean);
        var curve = CurveOf(members, rhos, value);
        if (!double.IsFinite(Mean(best))) return new(name, curve, double.NaN, null);
        var at = members.Where(member => member.Rho == best).ToDictionary(member => member.Seed, value);
        double[] gains =
        [
            .. members.Where(member => member.Rho == 1 && at.ContainsKey(member.Seed))
                .Select(member => at[member.Seed] - value(member)).Where(double.IsFinite),
        ];
        return new(name, curve, best, SeedMean.Of(gains));
    }

    private static IEnumerable<TrainingNumbers> Training(IReadOnlyList<EpochMetrics> epochs, RunSettings settings)
    {
        if (epochs.Count == 0) yield break;
        var members = RunPlan.Members(settings).Select((member, index) => (Rho: member.Rho[^1], member.Seed, Index: index)).ToArray();
        var (full, time) = BranchRates.AtFullRate(epochs, settings);
        foreach (var rho in members.GroupBy(member => member.Rho).OrderBy(group => group.Key))
        {
            double Kl(EpochMetrics epoch) =>
                RangeOf(rho.Select(member => (epoch.ValidationKl ?? epoch.Kl)[^1].ElementAtOrDefault(member.Index)))?.Median ?? double.NaN;
            double[] kl = [.. epochs.Select(Kl)];
            var before = (int)Math.Round((1 - LastPart) * epochs.Count) - 1;
            SeedGrowth[] seeds =
            [
                .. rho.Select(member => SeedGrowth.Of(
                    member.Seed, [.. full.Select(epoch => (epoch.ValidationKl ?? epoch.Kl)[^1].ElementAtOrDefault(member.Index))], time, _options.CollapseThreshold)).OfType<SeedGrowth>(),
            ];
            yield return new(rho.Key, [.. epochs.Select(epoch => epoch.Epoch)], kl, epochs.Count < 5 ? double.NaN : kl[^1] - kl[before], seeds);
        }
    }
}
