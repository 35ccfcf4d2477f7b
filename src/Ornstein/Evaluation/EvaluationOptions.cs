namespace Ornstein.Evaluation;

/// <summary>How a stack is measured on held-out data.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Passes through q per datum; an even number, at least 2, because active units need two independent halves.</summary>
    public int Draws { get; init; } = 8;

    /// <summary>
    /// Samples k per datum of the bounds (<see cref="Results.MemberBounds"/>), at least 1; null: as many as <see cref="Draws"/>. The literature
    /// takes 5,000 for an estimate of log p(x).
    /// </summary>
    public int? ImportanceDraws { get; init; }

    /// <summary>Data in a pass.</summary>
    public int BatchSize { get; init; } = 250;

    /// <summary>Seed of the noise; the same for all members, so that their differences are not sampling noise.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Variance over data of a unit's posterior mean above which it is active (Burda et al. 2016, section 5.2).</summary>
    public double ActiveUnitThreshold { get; init; } = 0.01;

    /// <summary>
    /// Variance over data of E[log s given x], s a unit's width, above which the width is active. A mean of small variance v beside noise of variance
    /// 1 tells ln(1 + v) / 2, about v / 2 nats; log s of small variance w tells w nats, because a Gaussian number has the Fisher information 2 about
    /// its log s, and half of it times w is what it tells. So 0.005 is as many nats as 0.01 of <see cref="ActiveUnitThreshold"/>.
    /// </summary>
    public double WidthUnitThreshold { get; init; } = 0.005;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (Draws < 2 || Draws % 2 != 0) throw new OrnsteinException($"evaluation draws is {Draws}; it must be an even number, at least 2.");
        if (ImportanceDraws < 1) throw new OrnsteinException($"importance draws is {ImportanceDraws}; it must be at least 1.");
        if (BatchSize < 1) throw new OrnsteinException($"evaluation batch is {BatchSize}; it must be at least 1.");
    }
}
