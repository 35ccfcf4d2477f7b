using Ornstein.Results;

namespace Ornstein.Studies.Numbers;

/// <summary>
/// Over which rhos the information of one seed's top layer falls by the last factor of ten that can be told from nothing. Between two rhos tried its
/// logarithm is a straight line, so that the distance does not change at once with the rhos that were tried, as <see cref="SeedDrop"/> does.
/// </summary>
/// <param name="Seed">The seed.</param>
/// <param name="From">Where it falls through <see cref="Upper"/> nats the last time as rho rises.</param>
/// <param name="To">Where it falls through <see cref="Lower"/> nats the last time.</param>
internal sealed record SeedDecade(long Seed, double From, double To)
{
    /// <summary>Nats per datum, in means and widths together.</summary>
    public const double Upper = 0.1, Lower = 0.01;

    // What is less cannot be told from nothing.
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
        return Last(told, Math.Log(Upper)) is { } from && Last(told, Math.Log(Lower)) is { } to ? new(along[0].Seed, from, to) : null;
    }

    private static double? Last((double Rho, double Log)[] told, double level)
    {
        var above = Array.FindLastIndex(told, each => each.Log >= level);
        if (above < 0 || above == told.Length - 1) return null;
        var ((rho, high), (next, low)) = (told[above], told[above + 1]);
        return rho + ((next - rho) * (high - level) / (high - low));
    }
}
