using System.Globalization;
using Ornstein.Results;

namespace Ornstein.Transitions;

/// <summary>Information of one part of one layer, of one model.</summary>
/// <param name="Rho">The model's smoothing parameter in [0, 1].</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Information">Its information with its standard error, nats per datum.</param>
public sealed record InformationPoint(double Rho, long Seed, Estimate Information)
{
    /// <summary>Whether it is known to be there though the estimate's error is larger: a layer that holds more than the data can show has bounds far apart, the lower one above zero.</summary>
    public bool IsAboveZero { get; init; }
}

/// <summary>
/// Finds where a part of a layer's code begins along rho, and how. A seed is alive at a rho where its information exceeds a threshold and two of its
/// standard errors; its transition lies between the last rho at which it is alive and the next. Nothing is averaged over seeds that are in different states.
/// A seed ends abruptly where its last alive value is at least 4 thresholds, and the line through it and the rho before would keep half of that at the next rho: a
/// continuous fall, however steep, has lost it by then. The line tells that from rhos about as close on both sides; where the next rho is farther than the resolution, nothing does.
/// <code>
/// bistable     at a rho where some have fallen, the least of the alive has at least 4 thresholds, and 4 times the most of the dead, and one of them ends abruptly, or not within a tenth of rho
/// continuous   else, where half of the seeds or more have less than 4 thresholds, or do not end abruptly between rhos no farther apart than the resolution
/// jump         else, where the rhos on both sides of the others are no farther apart than that
/// steep        else
/// </code>
/// </summary>
public static class CodeLocator
{
    /// <summary>Information of a unit that just counts as active (Burda et al. 2016): ln(1 + 0.01) / 2 of a Gaussian code.</summary>
    public const double Threshold = 0.005;

    private const double Much = 4, Kept = 0.5, Rounding = 1e-9;

    // Seeds of one state fall within so much of rho; and a chord that is so many times as long as the next step says little of the slope at its end.
    private const double Near = 0.1, LongChord = 4;

    // What cannot be told from less than this has not been seen to be nothing.
    private const double Little = 0.05;

    /// <summary>
    /// The transitions of both parts of every layer from the second, z2 first; none where members differ in more than rho and seed, for which
    /// <see cref="TransitionLocator.Layers"/> gives the reason.
    /// </summary>
    /// <param name="members">Members over rho and seeds.</param>
    /// <param name="resolution">Distance in rho at which a fall counts as a jump.</param>
    public static IReadOnlyList<CodeTransition> All(IReadOnlyList<MemberResult> members, double resolution)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (Comparable.ReasonAgainst(members) is not null) return [];
        var layers = members.Select(member => member.Kl.Length).DefaultIfEmpty(0).Max();
        InformationPoint[] Points(int layer, Func<MemberResult, Estimate[]?> information, LayerVerdict alive) =>
        [
            .. members.Select(member => new InformationPoint(member.Rho, member.Seed, information(member) is { } all && all.Length >= layer ? all[layer - 1] : Estimate.None)
            {
                // The verdict knows the bounds.
                IsAboveZero = member is { Information: { } whole, Verdicts: { } verdicts } && whole.Length >= layer && !IsAlive(whole[layer - 1])
                    && (verdicts[layer - 1] == alive || verdicts[layer - 1] == LayerVerdict.Both),
            }),
        ];
        return
        [
            .. Enumerable.Range(2, Math.Max(0, layers - 1)).SelectMany(layer => new[]
            {
                Of(layer, CodePart.Means, Points(layer, member => member.MeanInformation, LayerVerdict.AliveInMeans), resolution),
                Of(layer, CodePart.Widths, Points(layer, member => member.WidthInformation, LayerVerdict.AliveInWidths), resolution),
            }),
        ];
    }

    /// <summary>The transition of one part of one layer.</summary>
    /// <param name="layer">The layer, 1 next to the data.</param>
    /// <param name="part">The part.</param>
    /// <param name="points">Information of every model, one for each rho and seed; what is not finite is left out.</param>
    /// <param name="resolution">Distance in rho at which a fall counts as a jump.</param>
    public static CodeTransition Of(int layer, CodePart part, IReadOnlyList<InformationPoint> points, double resolution)
    {
        ArgumentNullException.ThrowIfNull(points);
        InformationPoint[] known = [.. points.Where(point => double.IsFinite(point.Information.Value))];
        double[] rhos = [.. points.Select(point => point.Rho).Distinct().Order()];
        var states = rhos.Select(rho => StatesAt(rho, [.. known.Where(point => point.Rho == rho)])).ToArray();
        CodeTransition Without(string reason) => new() { Layer = layer, Part = part, States = states, Reason = reason };
        var name = $"z{layer.ToString(CultureInfo.InvariantCulture)} {(part == CodePart.Means ? "in its means" : "in its widths")}";
        if (Comparable.Twice(points.Select(point => (point.Rho, point.Seed))) is { } twice) return Without(twice);
        if (known.Length == 0) return Without("cannot say: no model has a measured information");
        if (rhos.Length == 1) return Without("cannot say: a transition needs at least two different rhos");
        // A curve that lacks rhos would be taken for one that ends there.
        SeedCode[] whole = [.. known.GroupBy(point => point.Seed).Where(seed => seed.Select(point => point.Rho).Distinct().Count() == rhos.Length)
            .Select(seed => new SeedCode([.. seed.OrderBy(point => point.Rho)]))];
        if (whole.Length == 0) return Without("cannot say: no seed has a model at every rho");
        if (whole.SelectMany(seed => seed.Above).Where(IsOpen).MaxBy(point => point.Information.StandardError) is { Rho: var at, Information: var open })
            return Without(FormattableString.Invariant($"cannot say: the information of {name} is uncertain by {2 * open.StandardError:#,0.##} nats at rho {at}"));
        if (Array.TrueForAll(whole, seed => seed.LastAlive < 0))
            return Without(FormattableString.Invariant($"no transition: nothing in {name} exceeds {Threshold} nats at any rho"));
        if (Array.TrueForAll(whole, seed => seed.LastAlive == rhos.Length - 1))
            return Without(FormattableString.Invariant($"no transition: there is information in {name} up to rho {rhos[^1]}{(rhos[^1] < 1 ? "; higher was not tried" : "")}"));
        var low = whole.Min(seed => seed.LastAlive < 0 ? rhos[0] : rhos[seed.LastAlive]);
        var high = whole.Max(seed => rhos[Math.Min(seed.LastAlive + 1, rhos.Length - 1)]);
        var (first, last) = (whole.Min(seed => seed.LastAlive), whole.Max(seed => seed.LastAlive));
        // Where some seeds have fallen and others not; what they do at lower rhos is no part of this transition.
        var isBistable = Enumerable.Range(first + 1, last - first).Any(place => IsBistable(whole, place));
        if (!isBistable && Array.Exists(whole, seed => seed.LastAlive < 0 || seed.LastAlive == rhos.Length - 1))
            return Without($"cannot say: seeds disagree on {name} at the ends of the rhos tried; train longer or with more seeds");
        return new CodeTransition
        {
            Layer = layer,
            Part = part,
            Kind = isBistable ? TransitionKind.Bistable : KindOf(whole, resolution),
            Estimate = isBistable ? null : whole.Average(seed => seed.Zero()),
            Low = low,
            High = high,
            // Where one seed's own lies beyond the rhos tried, their end is no bound of it.
            NextSeedProbability = Array.Exists(whole, seed => seed.LastAlive < 0 || seed.LastAlive == rhos.Length - 1) ? null : (whole.Length - 1.0) / (whole.Length + 1),
            States = states,
        };
    }

    /// <summary>Whether a value counts as information.</summary>
    internal static bool IsAlive(Estimate information) => information.Exceeds(Threshold);

    private static bool IsAlive(InformationPoint point) => point.IsAboveZero || IsAlive(point.Information);

    private static bool IsOpen(InformationPoint point) => !IsAlive(point) && point.Information.Value + (2 * point.Information.StandardError) >= Little;

    private static CodeStates StatesAt(double rho, InformationPoint[] seeds)
    {
        InformationPoint[] alive = [.. seeds.Where(IsAlive)];
        return new(rho, alive.Length, seeds.Length, alive.Length == 0 ? double.NaN : alive.Average(point => point.Information.Value));
    }

    // Seeds that fall continuously, one a little later than another, are in one state.
    private static bool IsBistable(SeedCode[] seeds, int place)
    {
        SeedCode[] alive = [.. seeds.Where(seed => IsAlive(seed.At(place)))];
        double[] dead = [.. seeds.Select(seed => seed.At(place)).Where(point => !IsAlive(point)).Select(point => point.Information.Value)];
        return alive.Length > 0 && dead.Length > 0 && alive.Min(seed => seed.At(place).Information.Value) >= Much * Math.Max(Threshold, dead.Max())
            && Array.Exists(alive, seed => seed.IsAbrupt || !seed.Ends || seed.EndsAt - seed.At(place).Rho > Near + Rounding);
    }

    private static TransitionKind KindOf(SeedCode[] seeds, double resolution)
    {
        SeedCode[] abrupt = [.. seeds.Where(seed => seed.IsMuch && (seed.IsAbrupt || !seed.HasSlope || seed.Gap > resolution + Rounding))];
        if (2 * abrupt.Length <= seeds.Length) return TransitionKind.Continuous;
        return Array.TrueForAll(abrupt, seed => seed.HasSlope && seed.Gap <= resolution + Rounding) ? TransitionKind.Jump : TransitionKind.Steep;
    }

    /// <summary>One seed along rho, rising.</summary>
    private sealed class SeedCode(InformationPoint[] points)
    {
        /// <summary>Index of the highest rho at which it is alive; -1 for none.</summary>
        public int LastAlive { get; } = Array.FindLastIndex(points, IsAlive);

        /// <summary>The points beyond it.</summary>
        public IEnumerable<InformationPoint> Above => points.Skip(LastAlive + 1);

        /// <summary>Whether it is dead at the highest rhos.</summary>
        public bool Ends => LastAlive < points.Length - 1;

        /// <summary>The highest rho at which it is alive, of one that is anywhere.</summary>
        public double EndsAt => points[LastAlive].Rho;

        /// <summary>Whether the rhos before its end are close enough to tell how steeply it falls there.</summary>
        public bool HasSlope => LastAlive > 0 && Ends && points[LastAlive].Rho - points[LastAlive - 1].Rho <= (LongChord * Gap) + Rounding;

        /// <summary>Whether its last alive value is far from nothing.</summary>
        public bool IsMuch => LastAlive >= 0 && points[LastAlive].Information.Value >= Much * Threshold;

        /// <summary>Whether it ends, and not as a continuous fall does.</summary>
        public bool IsAbrupt
        {
            get
            {
                if (!Ends || !IsMuch) return false;
                return LastAlive == 0 || (HasSlope && points[LastAlive].Information.Value - (Fall * Gap) >= Kept * points[LastAlive].Information.Value);
            }
        }

        // Of the line through the last alive point and the one before, per rho.
        private double Fall => (points[LastAlive - 1].Information.Value - points[LastAlive].Information.Value) / (points[LastAlive].Rho - points[LastAlive - 1].Rho);

        public double Gap => points[LastAlive + 1].Rho - points[LastAlive].Rho;

        public InformationPoint At(int place) => points[place];

        // Where that line meets zero, no farther than the first dead rho; halfway to it where the line does not fall, or nothing lies before.
        public double Zero()
        {
            var (low, high) = (points[LastAlive], points[LastAlive + 1]);
            var fall = LastAlive > 0 ? Fall : 0;
            return fall > 0 ? Math.Min(high.Rho, low.Rho + (low.Information.Value / fall)) : (low.Rho + high.Rho) / 2;
        }
    }
}
