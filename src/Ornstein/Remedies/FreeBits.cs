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
public sealed record FreeBits : IRemedy
{
    /// <summary>How configurations write it.</summary>
    public static RemedyKind Kind { get; } = new("free-bits", text => new FreeBits
    {
        Nats = text.Number(),
        Scope = text.Choice("per", ("unit", FreeBitsScope.Unit), ("layer", FreeBitsScope.Layer)),
        Cooldown = text.Number("cooldown", 0),
    })
    {
        Form = "free-bits:NATS[:per=unit|layer][:cooldown=SHARE]", Value = "a number of nats", Keys = ["per", "cooldown"],
    };

    /// <summary>The allowance lambda in nats of every unit or layer, above 0.</summary>
    public double Nats { get; init; } = 0.5;

    /// <summary>What shares the allowance.</summary>
    public FreeBitsScope Scope { get; init; } = FreeBitsScope.Unit;

    /// <summary>
    /// Share in [0, 1] of the training, at its end, over which the allowance falls to zero in a straight line: the model that is left was then
    /// trained on the objective itself. 0: it stays.
    /// </summary>
    public double Cooldown { get; init; }

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <inheritdoc/>
    public WrittenRemedy? Written =>
        new WrittenRemedy(Name, Nats).With("per", Scope == FreeBitsScope.Layer ? "layer" : null).With("cooldown", Cooldown, standard: 0);

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public KlAllowance Allowance(int layer, TrainingClock clock) =>
        Scope == FreeBitsScope.Unit ? KlAllowance.None with { Unit = At(clock) } : KlAllowance.None with { Layer = At(clock) };

    /// <summary>The allowance at a moment of the training, nats.</summary>
    public double At(TrainingClock clock) => Cooldown == 0 ? Nats : Nats * Math.Clamp((1 - clock.Progress) / Cooldown, 0, 1);

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (!(Nats > 0 && double.IsFinite(Nats))) throw new OrnsteinException($"free bits are {Nats} nats; they must be above 0.");
        if (Scope is not (FreeBitsScope.Unit or FreeBitsScope.Layer)) throw new InvalidOperationException($"{Scope} is no scope of free bits.");
        if (!(Cooldown is >= 0 and <= 1)) throw new OrnsteinException($"the cooldown of free bits is {Cooldown}; it must lie in [0, 1].");
    }

    /// <inheritdoc/>
    public void ValidateBeside(IReadOnlyList<IRemedy> others, int layers)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (others.Any(other => other.Joint is { Count: > 1 }))
            throw new OrnsteinException("free bits limit the KLs of the ELBO; the importance-weighted objective has no KL terms.");
        if (others.Any(other => other.Joint is not null))
            throw new OrnsteinException("free bits limit the KLs of the KL form; the joint form has log-ratios of samples in their place, which may be negative.");
        // Of layers with a weight they hold; where none has one they would change nothing.
        var weightless = others.FirstOrDefault(other => Enumerable.Range(0, layers).All(layer => other.KlWeight(layer, TrainingClock.End) == 0));
        if (weightless is not null)
            throw new OrnsteinException($"free bits with {weightless.Name} 0 make no sense: a KL of weight 0 costs nothing already.");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Unfinished(RemedyUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        var (last, nats) = (use.Last, At(use.Last));
        if (Cooldown == 0 || !ScheduleEnd.IsShort(nats, Nats, 0, Cooldown * last.Steps)) return [];
        return
        [
            $"the cooldown of free bits is {ScheduleEnd.Text(Cooldown)} of {ScheduleEnd.Count(last.Steps, "step")}, less than one: they end at "
                + $"{ScheduleEnd.Text(nats)} nats, so the objective itself is not trained",
        ];
    }
}
