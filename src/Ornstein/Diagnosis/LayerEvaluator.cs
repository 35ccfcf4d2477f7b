using Ornstein.Batching;
using Ornstein.Contributions;
using Ornstein.Evaluation;
using Ornstein.Information;
using Ornstein.Models;
using Ornstein.Probes;
using Ornstein.Results;

namespace Ornstein.Diagnosis;

/// <summary>Everything that is measured of posterior collapse, layer by layer, of measured members (docs/evaluation.md).</summary>
public static class LayerEvaluator
{
    /// <summary>The lower threshold of active units that is reported beside the usual one.</summary>
    private const double LowUnitThreshold = 0.001;

    /// <summary>The evaluation of every member.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="results">What <see cref="Evaluator.Members"/> measured of it.</param>
    /// <param name="rows">The same held-out data.</param>
    /// <param name="options">How it is measured.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range.</exception>
    public static ModelEvaluation[] Of(
        HierarchicalVae vae, IReadOnlyList<MemberResult> results, DataRows rows, LayerEvaluatorOptions options, IProgress<MeasurementProgress>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        int[] measured = [.. Enumerable.Range(0, results.Count).Where(member => results[member].UnitVariance is not null)];
        var contributions = LayerContributions.Of(vae, rows, options.Evaluation, progress, stop);
        var noInformation = options.NoVarianceReason ?? DataVariation.ReasonAgainst(rows);
        var information = noInformation is null
            ? InformationSplit.Of(vae, rows, measured, options.Information, progress, stop)
            : new LayerSplit[]?[results.Count];
        var noProbes = NoProbes(options);
        var probes = noProbes is null
            ? LabelProbes.Of(vae, options.Labels!.Value.Train, options.Labels.Value.Test, measured, options.Probes, progress, stop)
            : new LayerProbes[]?[results.Count];
        return [.. results.Select((result, member) => new ModelEvaluation
        {
            Rho = result.Rho,
            RhoPerLink = result.RhoPerLink,
            Remedy = result.Remedy,
            Seed = result.Seed,
            Status = result.Status,
            FromPrior = measured.Contains(member) ? contributions[member].FromPrior : Estimate.None,
            Layers = measured.Contains(member)
                ? [.. result.Kl.Select((_, layer) =>
                    Layer(result, layer, contributions[member], information[member]?[layer], probes[member]?[layer], options))]
                : [],
            SkipElboReason = contributions[member].SkipElboReason,
            InformationReason = noInformation,
            ProbesReason = noProbes,
        })];
    }

    // A single datum can be read right or wrong; data that are all the same cannot be told apart.
    private static string? NoProbes(LayerEvaluatorOptions options)
    {
        if (options.Labels is not { } labels) return options.NoLabelsReason;
        return LabelProbes.ReasonAgainst(labels.Train.Labels, labels.Test.Labels, options.Probes)
            ?? options.NoVarianceReason
            ?? DataVariation.ReasonAgainst(labels.Train.Rows)
            ?? (labels.Test.Rows.Count < 2 ? null : DataVariation.ReasonAgainst(labels.Test.Rows));
    }

    private static LayerEvaluation Layer(
        MemberResult result, int layer, ModelContributions contributions, LayerSplit? split, LayerProbes? probes, LayerEvaluatorOptions options)
    {
        var variances = result.UnitVariance![layer];
        return new LayerEvaluation
        {
            Layer = layer + 1,
            Units = variances.Length,
            Verdict = split is null ? null : options.Rule.Judge(result.Kl[layer], split.Information, split.Means, split.Widths, split.Bounds.Lower),
            Kl = new Estimate(result.Kl[layer], result.KlErrors![layer]),
            ActiveUnits = split is null ? null :
            [
                .. new[] { options.Evaluation.ActiveUnitThreshold, LowUnitThreshold }.Select(threshold =>
                    new ActiveUnitCount(threshold, variances.Count(variance => variance > threshold))),
            ],
            WidthActiveUnits = split is null ? null : result.WidthActiveUnits?[layer],
            AliveUnits = split is null ? null : result.AliveUnits?[layer],
            Information = split?.Bounds,
            TotalInformation = split?.Information,
            MeanInformation = split?.Means,
            WidthInformation = split?.Widths,
            ReconstructionFrom = contributions.ReconstructionFrom[layer],
            ElboFrom = contributions.ElboFrom[layer],
            SkipElbo = contributions.SkipElbo?[layer],
            Probes = probes,
        };
    }
}
