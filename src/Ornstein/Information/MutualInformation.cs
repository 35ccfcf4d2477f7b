using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Results;

namespace Ornstein.Information;

/// <summary>
/// Bounds on the mutual information I(x; z_i) under q of every layer (docs/evaluation.md); <see cref="InformationSplit"/> makes an estimate of
/// them, and says what of it lies in means and what in widths.
/// </summary>
public static class MutualInformation
{
    /// <summary>The bounds of every layer, [members][layers], z1 first; null for a member that is left out.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Held-out data, at least 2.</param>
    /// <param name="members">Which members to measure; those with weights that are not finite have no bounds.</param>
    /// <param name="options">How many data and draws.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, or there are fewer than two data.</exception>
    public static LayerInformation[]?[] Of(
        HierarchicalVae vae, DataRows rows, IReadOnlyList<int> members, InformationOptions options, CancellationToken stop = default) =>
        LayerCodes.Measure(vae, rows, members, options, codes => InformationBounds.Of(codes, stop).Means(), progress: null, stop);
}
