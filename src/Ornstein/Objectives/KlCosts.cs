using Ornstein.Models;
using static TorchSharp.torch;

namespace Ornstein.Objectives;

/// <summary>What KLs cost before they are weighed: max(lambda, sum_u max(lambda_u, KL_u)) with the allowances lambda. Made when asked for, once.</summary>
/// <param name="pass">The pass.</param>
/// <param name="batch">Data of a batch: of a pass with several samples the first counts.</param>
/// <param name="scalars">The allowances.</param>
internal sealed class KlCosts(ObjectivePass pass, long batch, ObjectiveScalars scalars)
{
    private readonly Tensor?[] _units = new Tensor?[scalars.KlWeight.Count], _costs = new Tensor?[scalars.KlWeight.Count];
    private IReadOnlyList<Tensor>? _perRow;

    /// <summary>KLs of a layer's units, mean over the batch, nats, [members, units].</summary>
    public Tensor Units(int layer) => _units[layer] ??= (_perRow ??= pass.Kl())[layer].narrow(1, 0, batch).mean([1L]);

    /// <summary>What a layer costs, nats, [members, 1].</summary>
    public Tensor Of(int layer) => _costs[layer] ??= scalars.HasFloor[layer]
        ? maximum(scalars.LayerFloor[layer], maximum(scalars.UnitFloor[layer], Units(layer)).sum([-1L], keepdim: true))
        : Units(layer).sum([-1L], keepdim: true);
}
