namespace Ornstein.Remedies;

/// <summary>What shares an allowance of free bits.</summary>
public enum FreeBitsScope
{
    /// <summary>Every unit has its own.</summary>
    Unit,

    /// <summary>The units of a layer share one.</summary>
    Layer,
}

/// <summary>
/// Free bits (Kingma et al. 2016, "Improving Variational Inference with Inverse Autoregressive Flow", section 2.4): the KL of a unit or a layer, mean over the
/// batch, costs nothing below an allowance: the objective holds max(allowance, KL), whose gradient is zero there.
/// </summary>
public sealed record FreeBits
{
    /// <summary>The allowance lambda in nats of every unit or layer, above 0.</summary>
    public double Nats { get; init; } = 0.5;

    /// <summary>What shares the allowance.</summary>
    public FreeBitsScope Scope { get; init; } = FreeBitsScope.Unit;

    /// <summary>
    /// Share in [0, 1] of the training, at its end, over which the allowance falls to zero in a straight line: the model that is left was then
    /// trained on the objective itself. 0: it stays.
    /// </summary>
    public double Cooldown { get; init; }

    /// <summary>The allowance at a moment of the training, nats.</summary>
    public double At(TrainingClock clock) => Cooldown == 0 ? Nats : Nats * Math.Clamp((1 - clock.Progress) / Cooldown, 0, 1);

    internal void Validate()
    {
        if (!(Nats > 0 && double.IsFinite(Nats))) throw new OrnsteinException($"free bits are {Nats} nats; they must be above 0.");
        if (Scope is not (FreeBitsScope.Unit or FreeBitsScope.Layer)) throw new InvalidOperationException($"{Scope} is no scope of free bits.");
        if (!(Cooldown is >= 0 and <= 1)) throw new OrnsteinException($"the cooldown of free bits is {Cooldown}; it must lie in [0, 1].");
    }
}
