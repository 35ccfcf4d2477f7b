using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Information;
using Ornstein.Models;
using Ornstein.Results;

namespace Ornstein.Diagnosis;

/// <summary>Adds to measured members what their layers tell about the data, and the verdicts that follow.</summary>
public static class MemberInformation
{
    /// <summary>The members with information and verdicts; with a reason instead where data cannot say.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="results">What <see cref="Evaluator.Members"/> measured of it.</param>
    /// <param name="rows">The same held-out data.</param>
    /// <param name="options">How many data and draws.</param>
    /// <param name="rule">The rule of the verdicts.</param>
    /// <param name="noVarianceReason">Why the data do not vary, where the caller knows; null: they are looked at.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range.</exception>
    public static MemberResult[] AddTo(
        HierarchicalVae vae, IReadOnlyList<MemberResult> results, DataRows rows, InformationOptions options, CollapseRule rule,
        string? noVarianceReason = null, IProgress<MeasurementProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(rule);
        if ((noVarianceReason ?? DataVariation.ReasonAgainst(rows)) is { } reason)
            return [.. results.Select(result => result.IsOk ? result with { InformationReason = reason } : result)];
        int[] measured = [.. Enumerable.Range(0, results.Count).Where(member => results[member].IsOk)];
        var splits = InformationSplit.Of(vae, rows, measured, options, progress, stop);
        return [.. results.Select((result, member) => splits[member] is { } layers ? With(result, layers, rule) : result)];
    }

    private static MemberResult With(MemberResult result, LayerSplit[] layers, CollapseRule rule) => result with
    {
        Information = [.. layers.Select(layer => layer.Information)],
        MeanInformation = [.. layers.Select(layer => layer.Means)],
        WidthInformation = [.. layers.Select(layer => layer.Widths)],
        UnitInformation = [.. layers.Select(layer => layer.UnitInformation)],
        UnitMeanInformation = [.. layers.Select(layer => layer.UnitMeans)],
        UnitWidthInformation = [.. layers.Select(layer => layer.UnitWidths)],
        Verdicts = [.. layers.Select((layer, i) => rule.Judge(result.Kl[i], layer.Information, layer.Means, layer.Widths, layer.Bounds.Lower))],
    };
}
