using Ornstein.Results;

namespace Ornstein.Transitions;

/// <summary>Where further members say most about the transitions: in the widest gaps between rhos inside their brackets.</summary>
public static class RhoRefinement
{
    private const int Digits = 4;

    /// <summary>
    /// The rhos around every transition that members show: [low, high] of every layer's drop of the KL, and of every layer's code in
    /// means and in widths. None where there is no transition, or none is known, as where members differ in more than rho and seed.
    /// </summary>
    /// <param name="members">All members so far; those without a measured information have brackets of the KL alone.</param>
    /// <param name="options">When a layer counts as collapsed.</param>
    /// <exception cref="OrnsteinException">An option is out of range.</exception>
    public static IReadOnlyList<(double Low, double High)> Brackets(IReadOnlyList<MemberResult> members, TransitionOptions options)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var drops = TransitionLocator.Layers(members, options with { Resamples = TransitionOptions.LeastResamples }).Select(layer => layer.Drop).OfType<Drop>();
        var codes = CodeLocator.All(members, options.Resolution).Where(code => code.Kind is not null);
        return [.. drops.Select(drop => (drop.Low, drop.High)), .. codes.Select(code => (code.Low!.Value, code.High!.Value))];
    }

    /// <summary>
    /// The rhos of the next round, rising: the middles of the widest gaps inside any bracket, whichever transition's it is. None where every gap is as
    /// narrow as the resolution, also where seeds stay in two states, or where there is no bracket.
    /// </summary>
    /// <param name="members">All members so far.</param>
    /// <param name="options">How many rhos a round adds, and the distance at which a transition is resolved.</param>
    /// <exception cref="OrnsteinException">An option is out of range.</exception>
    public static double[] Next(IReadOnlyList<MemberResult> members, TransitionOptions options)
    {
        var brackets = Brackets(members, options);
        var rhos = new SortedSet<double>(members.Where(member => member.RhoPerLink is null).Select(member => member.Rho));
        var added = new List<double>();
        while (added.Count < options.RhosPerRound)
        {
            var gaps = rhos.Zip(rhos.Skip(1), (low, high) => (Low: low, High: high))
                .Where(gap => brackets.Any(bracket => gap.Low >= bracket.Low && gap.High <= bracket.High)).ToArray();
            var widest = gaps.DefaultIfEmpty((Low: 0, High: 0)).MaxBy(gap => gap.High - gap.Low);
            if (widest.High - widest.Low <= options.Resolution + 1e-9) break;
            var middle = Math.Round((widest.Low + widest.High) / 2, Digits);
            if (!rhos.Add(middle)) break; // no finer than the digits that a rho is written with
            added.Add(middle);
        }

        added.Sort();
        return [.. added];
    }
}
