using Ornstein.Remedies;

namespace Ornstein.Stacks;

/// <summary>
/// One model of a stack: its seed (initial weights, order of the data, noise), its smoothing parameter and its remedies.
/// Members of a stack share everything else.
/// </summary>
public sealed record Member
{
    /// <summary>A member whose links are all smoothed with the same rho.</summary>
    /// <exception cref="OrnsteinException">rho lies outside [0, 1].</exception>
    public Member(double rho, long seed) : this([rho], seed)
    {
    }

    /// <summary>A member with a rho for every link z_i to z_{i+1}, lowest first; a single value holds for all links.</summary>
    /// <exception cref="OrnsteinException">A rho lies outside [0, 1], or there is none.</exception>
    public Member(IReadOnlyList<double> rho, long seed)
    {
        ArgumentNullException.ThrowIfNull(rho);
        if (rho.Count == 0) throw new OrnsteinException("a member needs at least one rho in [0, 1].");
        foreach (var value in rho)
        {
            if (!(value >= 0 && value <= 1)) throw new OrnsteinException($"rho is {value}; it must lie in [0, 1].");
        }

        Rho = [.. rho];
        Seed = seed;
    }

    /// <summary>Smoothing parameter of every link, lowest first, or one value for all.</summary>
    public IReadOnlyList<double> Rho { get; }

    /// <summary>The seed of all that is random in this member.</summary>
    public long Seed { get; }

    /// <summary>What fights collapse in this member beside smoothing.</summary>
    public Remedy Remedy { get; init; } = Remedy.None;

    /// <summary>The smoothing parameter of the link between z_{link+1} and z_{link+2} (link 0 joins z1 and z2).</summary>
    public double RhoOf(int link) => Rho.Count == 1 ? Rho[0] : Rho[link];

    /// <summary>Whether a link is smoothed at some moment of the training.</summary>
    internal bool MaySmooth(int link, int links) => Remedy.MaySmooth(RhoOf(link), link, links);

    /// <summary>The smoothing parameter of a link at a moment of the training: <see cref="RhoOf(int)"/>, or where remedies have taken it.</summary>
    /// <param name="link">Which link, from 0.</param>
    /// <param name="links">Links of the model.</param>
    /// <param name="clock">The moment.</param>
    public double RhoOf(int link, int links, TrainingClock clock) => Remedy.Rho(RhoOf(link), link, links, clock);

    /// <summary>Every rho with every seed, by rho and then by seed.</summary>
    public static IReadOnlyList<Member> Grid(IEnumerable<double> rho, IEnumerable<long> seeds)
    {
        ArgumentNullException.ThrowIfNull(rho);
        var every = seeds.ToArray();
        return [.. rho.SelectMany(value => every.Select(seed => new Member(value, seed)))];
    }
}
