using Ornstein.Gaussians;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Remedies;

/// <summary>
/// A rate that the top layer cannot fall below, the committed rate of delta-VAEs, in their manner (Razavi et al. 2019, section 2): q's family is so limited that no member of it is
/// nearer to the prior. Here q's standard deviation stays below a cap r &lt; 1, and every unit has
/// KL(N(m, s^2) || N(0, 1)) >= delta(r) = (r^2 - 1) / 2 - ln r.
/// </summary>
/// <param name="Nats">delta, that every unit keeps at least, in [0, 50].</param>
public sealed record CommittedRate(double Nats) : IRemedy
{
    /// <summary>How configurations write it.</summary>
    public static RemedyKind Kind { get; } = new("committed-rate", text => text.Number() is var nats && nats != 0 ? new CommittedRate(nats) : throw text.Wrong())
    {
        Form = "committed-rate:NATS", Value = "a number of nats above 0", FormerName = "min-rate",
    };

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <inheritdoc/>
    public WrittenRemedy? Written => new(Name, Nats);

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public bool KeepsObjective => true;

    /// <inheritdoc/>
    public IReadOnlyList<ModelNeed> Needs => [new(ModelProperty.StandardPrior, "a committed rate", "leave one of the two out")];

    /// <summary>s r / (s + r) in the place of a standard deviation s.</summary>
    public Func<DiagonalGaussian, DiagonalGaussian>? LimitTop
    {
        get
        {
            var inverse = (float)(1 / CapOf(Nats));
            return q => q with { StandardDeviation = q.StandardDeviation / (q.StandardDeviation * tensor(inverse)).Plus(1) };
        }
    }

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (!(Nats is >= 0 and <= 50)) throw new OrnsteinException($"the committed rate is {Nats} nats a unit; it must lie in [0, 50].");
    }

    /// <summary>delta(r): the least KL of a unit whose standard deviation is at most <paramref name="cap"/>, nats.</summary>
    /// <param name="cap">r in (0, 1].</param>
    public static double OfCap(double cap) => (((cap * cap) - 1) / 2) - Math.Log(cap);

    /// <summary>The cap r in (0, 1] under which a unit keeps at least <paramref name="nats"/>; 1 for zero nats.</summary>
    /// <param name="nats">delta, at least 0.</param>
    public static double CapOf(double nats)
    {
        if (!(nats >= 0 && double.IsFinite(nats))) throw new ArgumentOutOfRangeException(nameof(nats), nats, "A rate is at least 0.");
        // delta falls from infinity to 0 on (0, 1]: halve the interval of ln r, which is wider than the answer's by at most -1/2.
        var (low, high) = (-nats - 0.5, 0.0);
        for (var i = 0; i < 200 && high > low; i++)
        {
            var middle = (low + high) / 2;
            if (OfCap(Math.Exp(middle)) > nats) low = middle;
            else high = middle;
        }

        return nats == 0 ? 1 : Math.Exp(low);
    }
}
