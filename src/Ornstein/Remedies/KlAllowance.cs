using System.Runtime.InteropServices;

namespace Ornstein.Remedies;

/// <summary>Below which KLs, means over the batch, cost no less: the objective holds max(layer, sum over units of max(unit, KL)).</summary>
/// <param name="Unit">Nats of every unit; minus infinity for none.</param>
/// <param name="Layer">Nats of the layer; minus infinity for none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KlAllowance(double Unit, double Layer)
{
    /// <summary>No allowance: a KL costs what it is.</summary>
    public static KlAllowance None { get; } = new(double.NegativeInfinity, double.NegativeInfinity);

    /// <summary>The greater of both.</summary>
    /// <param name="other">The other one.</param>
    public KlAllowance Or(KlAllowance other) => new(Math.Max(Unit, other.Unit), Math.Max(Layer, other.Layer));
}
