using Ornstein.Results;

namespace Ornstein.Studies.Numbers;

/// <summary>
/// Over which rhos the information of one seed's top layer falls from 0.1 to 0.01 nats, the last time as rho rises. Between two rhos tried its logarithm
/// counts as a straight line, so the distance depends less on the rhos tried than that of <see cref="SeedDrop"/>. Where the layer falls through both in one
/// step, the distance is a share of that step.
/// </summary>
/// <param name="Seed">The seed.</param>
/// <param name="From">Where it falls through <see cref="Upper"/> nats.</param>
/// <param name="To">Where it falls through <see cref="Lower"/> nats.</param>
/// <param name="IsOneStep">Whether both lie between the same two rhos tried.</param>
internal sealed record SeedDecade(long Seed, double From, double To, bool IsOneStep)
{
    /// <summary>Nats per datum, in means and widths together.</summary>
    public const double Upper = 0.1, Lower = 0.01;

    // Less counts as this much: a free choice, which matters only where the layer falls through both in one step.
    private const double Floor = Lower / 10;

    /// <summary>How far apart the two are: the less, the sharper the end.</summary>
    public double Distance => To - From;

    /// <summary>That of one seed's models; null where the layer does not fall through both, or where nothing is known of its information.</summary>
    /// <param name="models">Its models.</param>
    /// <param name="layer">The layer, from 0.</param>
    public static SeedDecade? Of(IEnumerable<MemberResult> models, int layer)
    {
        MemberResult[] along = [.. models.OrderBy(model => model.Rho)];
        if (!Array.TrueForAll(along, model => layer < model.Information?.Length && double.IsFinite(model.Information[layer].Value))) return null;
        (double Rho, double Log)[] told = [.. along.Select(model => (model.Rho, Math.Log(Math.Max(Floor, model.Information![layer].Value))))];
        return Last(told, Math.Log(Upper)) is { } from && Last(told, Math.Log(Lower)) is { } to ? new(along[0].Seed, from.Rho, to.Rho, from.After == to.After) : null;
    }

    private static (double Rho, int After)? Last((double Rho, double Log)[] told, double level)
    {
        var above = Array.FindLastIndex(told, each => each.Log >= level);
        if (above < 0 || above == told.Length - 1) return null;
        var ((rho, high), (next, low)) = (told[above], told[above + 1]);
        return (rho + ((next - rho) * (high - level) / (high - low)), above);
    }
}
