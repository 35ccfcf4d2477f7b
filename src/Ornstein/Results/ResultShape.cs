namespace Ornstein.Results;

/// <summary>
/// Whether what was read from a file has the form that all who use it count on: an entry for every layer and every model, and none that is null. JSON says
/// nothing of lengths.
/// </summary>
internal static class ResultShape
{
    /// <summary>Whether an epoch has a number for every model in all of its lists.</summary>
    public static bool IsWhole(EpochMetrics? epoch)
    {
        if (epoch is not { Epoch: > 0, Step: >= 0, Loss.Length: > 0, Kl.Length: > 0 }) return false;
        var (models, layers) = (epoch.Loss.Length, epoch.Kl.Length);
        bool OfModels<T>(T[]? numbers) => numbers is null || numbers.Length == models;
        bool OfLayers<T>(T[][]? numbers) => numbers is null || (numbers.Length == layers && Array.TrueForAll(numbers, each => each is not null && each.Length == models));
        return OfModels(epoch.Reconstruction) && OfModels(epoch.Validation) && OfModels(epoch.ValidationElboLoss) && OfModels(epoch.Skipped) && OfModels(epoch.Clipped)
            && OfModels(epoch.GradientNorm)
            && OfLayers(epoch.Kl) && OfLayers(epoch.KlWeight) && OfLayers(epoch.ValidationKl) && OfLayers(epoch.ValidationUnitKl)
            && (epoch.ValidationKlParts is not { } parts || new[] { parts.Scale, parts.Bias, parts.Variance }.All(each => each is not null && Array.TrueForAll(each, OfModels)))
            && (epoch.Gradients is not { } gradients || Array.TrueForAll(gradients, each =>
                each is { Network: not null, SquaredMean: { } mean, DataVariance: { } data, NoiseVariance: { } noise } && OfModels(mean) && OfModels(data) && OfModels(noise)));
    }

    /// <summary>Whether results have what everybody asks of them.</summary>
    public static bool IsWhole(PhaseResult? result) => result is { Latents.Length: > 0, EvaluatedOn: >= 0, Steps: >= 0, Epochs: >= 0 }
        && Array.TrueForAll(result.Latents, units => units > 0)
        && Array.TrueForAll(result.Members, member => IsWhole(member, result.Latents.Length))
        && None(result.Warnings, warning => warning is null) && None(result.Layers, layer => layer is null)
        && (result.Codes is not { } codes || (codes.Length % 2 == 0 && Array.TrueForAll(codes, IsWhole)));

    /// <summary>Whether an evaluation has what everybody asks of it.</summary>
    public static bool IsWhole(EvaluationResult? evaluation) => evaluation is not null && IsWhole(evaluation.Phase)
        && Array.TrueForAll(evaluation.Models, model => model is { Layers.Length: var count } && (count == 0 || count == evaluation.Phase.Latents.Length)
            && Array.TrueForAll(model.Layers, layer => layer is not null && None(layer.ActiveUnits, units => units is null)));

    // In means and in widths of each layer. One that has a place, or two states, has the rhos between which that is.
    private static bool IsWhole(CodeTransition? code) => code is not null && !Array.Exists(code.States, state => state is null)
        && ((code.Reason is not null && code.Kind != TransitionKind.Bistable) || code is { Low: not null, High: not null });

    // Lists that were never measured are null; parts of KLs are of all layers but the top one.
    private static bool IsWhole(MemberResult? member, int layers)
    {
        if (member is not { Rho: >= 0 and <= 1 } || member.Kl.Length != layers || member.UnsmoothedKl.Length != layers) return false;
        bool Of<T>(T[]? list, int least) => list is null || (list.Length >= least && list.Length <= layers && !Array.Exists(list, each => each is null));
        bool All<T>(T[]? list) => Of(list, layers);
        return Of(member.ActiveUnits, member.IsOk ? layers : 0) && All(member.KlWeights) && All(member.KlErrors) && All(member.UnitKl) && Of(member.KlParts, 0) && Of(member.UnsmoothedKlParts, 0)
            && All(member.UnitVariance) && All(member.UnitWidthVariance) && All(member.WidthActiveUnits) && All(member.AliveUnits) && All(member.Information) && All(member.MeanInformation)
            && All(member.WidthInformation) && All(member.UnitInformation) && All(member.UnitMeanInformation) && All(member.UnitWidthInformation) && All(member.Verdicts)
            && (member.RhoPerLink is not { } links || (links.Length == layers - 1 && !Array.Exists(links, rho => rho is not (>= 0 and <= 1))))
            && (member.Measures is null || member.Measures.Values.All(measured => measured is not null));
    }

    private static bool None<T>(T[]? list, Predicate<T> isWrong) => list is null || !Array.Exists(list, isWrong);
}
