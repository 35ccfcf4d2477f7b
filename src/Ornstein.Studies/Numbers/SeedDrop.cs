using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Studies.Numbers;

/// <summary>How far along rho one seed's top layer takes from half of its most information in means to none, as far as the rhos tried tell.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Half">The highest rho at which it has at least half of its most.</param>
/// <param name="BelowHalf">The rho tried next.</param>
/// <param name="Lives">The highest rho at which it tells anything, or has a KL of <see cref="Ended"/> or more.</param>
/// <param name="Ends">The rho tried next.</param>
internal sealed record SeedDrop(long Seed, double Half, double BelowHalf, double Lives, double Ends)
{
    /// <summary>Nats of KL below which a layer has ended.</summary>
    public const double Ended = 0.01;

    /// <summary>What its means tell at each rho tried, ascending.</summary>
    public required IReadOnlyList<Told> Told { get; init; }

    /// <summary>The way from half to nothing, at most.</summary>
    public double Most => Ends - Half;

    /// <summary>The way from half to nothing, at least.</summary>
    public double Least => Math.Max(0, Lives - BelowHalf);

    /// <summary>Whether a layer tells in its means. The verdict knows the bounds of what has a large error.</summary>
    public static bool Tells(MemberResult model, int layer) => model.MeanInformation![layer].Exceeds(CodeLocator.Threshold)
        || (layer < model.Verdicts?.Length && model.Verdicts[layer] is (LayerVerdict.AliveInMeans or LayerVerdict.Both));

    /// <summary>The drop of one seed's models; null where the layer never lives, where it does not end, or where nothing is known of its information.</summary>
    /// <param name="models">Its models.</param>
    /// <param name="layer">The layer, from 0.</param>
    public static SeedDrop? Of(IEnumerable<MemberResult> models, int layer)
    {
        MemberResult[] along = [.. models.OrderBy(model => model.Rho)];
        if (along.Length < 2 || !Array.TrueForAll(along, model => layer < model.MeanInformation?.Length)) return null;
        double[] told = [.. along.Select(model => model.MeanInformation![layer].Value)];
        var most = told.Max();
        var half = Array.FindLastIndex(told, value => value >= most / 2);
        var lives = Array.FindLastIndex(along, model => Tells(model, layer) || !(model.Kl[layer] < Ended));
        if (half < 0 || !Tells(along[half], layer) || lives == along.Length - 1) return null;
        return new(along[0].Seed, along[half].Rho, along[half + 1].Rho, along[lives].Rho, along[lives + 1].Rho) { Told = [.. along.Zip(told, (model, nats) => new Told(model.Rho, nats))] };
    }
}

/// <summary>What a layer tells in its means at one rho.</summary>
/// <param name="Rho">The rho.</param>
/// <param name="Nats">Nats per datum.</param>
internal sealed record Told(double Rho, double Nats);
