using Ornstein.Results;

namespace Ornstein.Experiments.Quantities;

/// <summary>What is known of one model: by its run, and by <c>eval</c> where that measured it.</summary>
/// <param name="Member">Its result.</param>
/// <param name="Evaluation">Its evaluation; null where there is none.</param>
internal sealed record ModelNumbers(MemberResult Member, ModelEvaluation? Evaluation = null)
{
    /// <summary>A layer, from 0, by <c>eval</c>; null where that has no numbers of it.</summary>
    public LayerEvaluation? Layer(int layer) => Evaluation?.Layers.ElementAtOrDefault(layer);

    /// <summary>Units of a layer; null in results of earlier versions.</summary>
    public int? UnitsOf(int layer) => Layer(layer)?.Units ?? Member.UnitKl?.ElementAtOrDefault(layer)?.Length;

    /// <summary>The members of a result in their order, each with its evaluation.</summary>
    public static IReadOnlyList<ModelNumbers> Of(PhaseResult result, EvaluationResult? evaluation) =>
        [.. result.Members.Select(member => new ModelNumbers(member, Array.Find(evaluation?.Models ?? [], model => IsOf(model, member))))];

    private static bool IsOf(ModelEvaluation model, MemberResult member) => model.Seed == member.Seed && model.Remedy == member.Remedy
        && (model.RhoPerLink ?? [model.Rho]).SequenceEqual(member.RhoPerLink ?? [member.Rho]);
}
