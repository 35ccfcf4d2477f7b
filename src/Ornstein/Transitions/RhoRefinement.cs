using Ornstein.Results;

namespace Ornstein.Transitions;

/// <summary>Where further members say most about the transitions: in the widest gaps between rhos inside a layer's drop.</summary>
public static class RhoRefinement
{
    private const int Digits = 4;

    /// <summary>The rhos of the next round, rising; none where every drop is resolved, or none is known, as where members differ in their remedies.</summary>
    /// <param name="members">All members so far.</param>
    /// <param name="options">How many rhos a round adds, and the distance at which a drop is resolved.</param>
    /// <exception cref="OrnsteinException">An option is out of range.</exception>
    public static double[] Next(IReadOnlyList<MemberResult> members, TransitionOptions options)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var drops = TransitionLocator.Layers(members, options with { Resamples = TransitionOptions.LeastResamples }).Select(layer => layer.Drop).OfType<Drop>().ToArray();
        var rhos = new SortedSet<double>(members.Where(member => member.RhoPerLink is null).Select(member => member.Rho));
        var added = new List<double>();
        while (added.Count < options.RhosPerRound)
        {
            var gaps = rhos.Zip(rhos.Skip(1), (low, high) => (Low: low, High: high))
                .Where(gap => Array.Exists(drops, drop => gap.Low >= drop.Low && gap.High <= drop.High)).ToArray();
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
