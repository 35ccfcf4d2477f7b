namespace Ornstein.Remedies;

/// <summary>Which links move first when smoothing is annealed.</summary>
public enum AnnealingOrder
{
    /// <summary>All at once.</summary>
    Together,

    /// <summary>One after another, that between z1 and z2 first.</summary>
    LowestFirst,

    /// <summary>One after another, that below the top layer first.</summary>
    HighestFirst,
}

/// <summary>
/// Smoothing annealed over the training: every link's rho goes in a straight line from the member's own to a final one. Layers learn to carry
/// information while smoothing keeps them alive, and the model that is left is unsmoothed where the final rho is 1.
/// </summary>
public sealed record RhoAnnealing : IRemedy
{
    private static readonly RhoAnnealing _standard = new();

    /// <summary>How configurations write it.</summary>
    public static RemedyKind Kind { get; } = new("anneal", text => new RhoAnnealing
    {
        To = text.Numbers("to", _standard.To),
        Until = text.Number("until", _standard.Until),
        Order = text.Choice(
            "order", ("together", AnnealingOrder.Together), ("lowest-first", AnnealingOrder.LowestFirst), ("highest-first", AnnealingOrder.HighestFirst)),
        ByEpoch = text.Choice("by", ("step", false), ("epoch", true)),
    })
    {
        Form = "anneal[:to=RHO/RHO/...][:until=SHARE][:order=together|lowest-first|highest-first][:by=step|epoch]", Keys = ["to", "until", "order", "by"],
    };

    /// <summary>Final rho of every link, lowest first, or one for all; each in [0, 1].</summary>
    public IReadOnlyList<double> To { get; init; } = [1];

    /// <summary>Share of the training in (0, 1] at which every link has its final rho.</summary>
    public double Until { get; init; } = 0.6;

    /// <summary>Which links move first; one after another, each takes an equal part of the time.</summary>
    public AnnealingOrder Order { get; init; } = AnnealingOrder.Together;

    /// <summary>Whether rho moves from epoch to epoch, not from step to step.</summary>
    public bool ByEpoch { get; init; }

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <inheritdoc/>
    public WrittenRemedy? Written => new WrittenRemedy(Name)
        .With("to", To is [1] ? null : WrittenRemedy.Numbers(To))
        .With("until", Until, _standard.Until)
        .With("order", Order switch
        {
            AnnealingOrder.LowestFirst => "lowest-first",
            AnnealingOrder.HighestFirst => "highest-first",
            _ => null,
        })
        .With("by", ByEpoch ? "epoch" : null);

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public bool KeepsObjective => true;

    /// <inheritdoc/>
    public double Rho(double start, int link, int links, TrainingClock clock) => At(start, link, links, clock);

    /// <summary>A link's rho at a moment of the training.</summary>
    /// <param name="start">Its rho at the start.</param>
    /// <param name="link">Which link, from 0.</param>
    /// <param name="links">Links of the model.</param>
    /// <param name="clock">The moment.</param>
    public double At(double start, int link, int links, TrainingClock clock)
    {
        var (from, until) = Interval(link, links);
        var progress = (ByEpoch ? clock.AtEpochStart : clock).Progress;
        if (progress >= until || clock.Progress >= 1) return FinalOf(link); // exactly, so that rho = 1 is no smoothing
        var done = Math.Clamp((progress - from) / (until - from), 0, 1);
        return start + (done * (FinalOf(link) - start));
    }

    /// <summary>Final rho of a link.</summary>
    public double FinalOf(int link) => To.Count == 1 ? To[0] : To[link];

    /// <summary>The part of the training over which a link moves.</summary>
    internal (double From, double Until) Interval(int link, int links)
    {
        return Order switch
        {
            AnnealingOrder.Together => (0, Until),
            AnnealingOrder.LowestFirst => Part(link),
            AnnealingOrder.HighestFirst => Part(links - 1 - link),
            _ => throw new InvalidOperationException($"{Order} is no order of links."),
        };

        (double From, double Until) Part(int place) => (Until * place / links, Until * (place + 1) / links);
    }

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        var links = layers - 1;
        if (links == 0) throw new OrnsteinException("annealing moves the rho of the links between layers, and a single layer has none.");
        if (To.Count != 1 && To.Count != links)
        {
            throw new OrnsteinException($"annealing has {To.Count} final rhos and the model {links} links; give one, or one per link.");
        }

        foreach (var rho in To)
        {
            if (!(rho is >= 0 and <= 1)) throw new OrnsteinException($"a final rho of annealing is {rho}; it must lie in [0, 1].");
        }

        if (!(Until is > 0 and <= 1)) throw new OrnsteinException($"annealing ends at {Until} of the training; it must lie in (0, 1].");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Unfinished(RemedyUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        // Members that differ in where they begin are one cause.
        var (ends, finals) = (new List<double>(), new List<double>());
        foreach (var start in use.Members.Select(member => member.Rho))
        {
            for (var link = 0; link < start.Count; link++)
            {
                var (rho, (from, until)) = (At(start[link], link, start.Count, use.Last), Interval(link, start.Count));
                if (!ScheduleEnd.IsShort(rho, start[link], FinalOf(link), (until - from) * use.Last.Steps)) continue;
                ends.Add(rho);
                finals.Add(FinalOf(link));
            }
        }

        if (ends.Count == 0) return [];
        return
        [
            $"annealed rho {(ByEpoch ? "moves from epoch to epoch and " : "")}is not at its end in the last step: the training ends with rho "
                + $"{ScheduleEnd.Range(ends)}, and results are measured at {ScheduleEnd.Range(finals)}",
        ];
    }

    /// <summary>Whether it takes the same links to the same rhos at the same moments.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(RhoAnnealing? other) =>
        other is not null && To.SequenceEqual(other.To) && (Until, Order, ByEpoch) == (other.Until, other.Order, other.ByEpoch);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(To.Aggregate(0, HashCode.Combine), Until, Order, ByEpoch);
}
