using Ornstein.Batching;
using Ornstein.Contributions;
using Ornstein.Evaluation;
using Ornstein.Information;
using Ornstein.Models;
using Ornstein.Probes;
using Ornstein.Results;

namespace Ornstein.Diagnosis;

/// <summary>Every diagnosis of posterior collapse, layer by layer, of measured members (docs/evaluation.md).</summary>
public static class LayerDiagnoses
{
    /// <summary>The lower threshold of active units that is reported beside the rule's.</summary>
    private const double LowUnitThreshold = 0.001;

    /// <summary>Diagnoses of every member.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="results">What <see cref="Evaluator.Members"/> measured of it.</param>
    /// <param name="rows">The same held-out data.</param>
    /// <param name="options">How it is measured.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, or there are fewer than two data.</exception>
    public static ModelEvaluation[] Of(
        HierarchicalVae vae, IReadOnlyList<MemberResult> results, DataRows rows, DiagnosesOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        int[] measured = [.. Enumerable.Range(0, results.Count).Where(member => results[member].UnitVariance is not null)];
        var contributions = LayerContributions.Of(vae, rows, options.Evaluation, stop);
        var information = MutualInformation.Of(vae, rows, measured, options.Information, stop);
        var probes = options.Labels is { } labels
            ? LabelProbes.Of(vae, labels.Train, labels.Test, measured, options.Probes, stop)
            : new LayerProbes[]?[results.Count];
        return [.. results.Select((result, member) => new ModelEvaluation
        {
            Rho = result.Rho,
            RhoPerLink = result.RhoPerLink,
            Seed = result.Seed,
            Status = result.Status,
            FromPrior = measured.Contains(member) ? contributions[member].FromPrior : Estimate.None,
            Layers = measured.Contains(member)
                ? [.. result.Kl.Select((_, layer) =>
                    Layer(result, layer, contributions[member], information[member]![layer], probes[member]?[layer], options.Rule))]
                : [],
            SkipElboReason = contributions[member].SkipElboReason,
            ProbesReason = options.Labels is null ? options.NoLabelsReason : null,
        })];
    }

    private static LayerEvaluation Layer(
        MemberResult result, int layer, ModelContributions contributions, LayerInformation information, LayerProbes? probes, CollapseRule rule)
    {
        var variances = result.UnitVariance![layer];
        return new LayerEvaluation
        {
            Layer = layer + 1,
            Units = variances.Length,
            Verdict = rule.Judge(result.Kl[layer], variances),
            Kl = new Estimate(result.Kl[layer], result.KlErrors![layer]),
            ActiveUnits = [.. new[] { rule.UnitThreshold, LowUnitThreshold }.Select(threshold =>
                new ActiveUnitCount(threshold, variances.Count(variance => variance > threshold)))],
            Information = information,
            ReconstructionFrom = contributions.ReconstructionFrom[layer],
            ElboFrom = contributions.ElboFrom[layer],
            SkipElbo = contributions.SkipElbo?[layer],
            Probes = probes,
        };
    }
}
