using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

/// <summary>Made branches whose states are known.</summary>
public sealed class BranchComparisonTests
{
    private static readonly Estimate _much = new(0.2, 0.01), _nothing = new(0.0001, 0.0003);
    private static readonly Estimate _up = new(0.1, 0.01), _down = new(-0.1, 0.01), _open = new(0.01, 0.02);
    private static readonly double[] _rhos = [0, 0.5, 0.8, 1];

    [Fact]
    public void StateOf_BothSidesAlike_IsThatState()
    {
        Assert.Equal(BranchState.Alive, BranchComparison.StateOf(_much, _much, _up, _open));
        Assert.Equal(BranchState.Collapsed, BranchComparison.StateOf(_nothing, _nothing, _down, _down));
    }

    [Fact]
    public void StateOf_AliveFromOneSideAlone_IsHysteresisOnlyWhereNeitherMoves()
    {
        Assert.Equal(BranchState.TwoStates, BranchComparison.StateOf(_much, _nothing, _down, _open));
        Assert.Equal(BranchState.TwoStates, BranchComparison.StateOf(_much, _nothing, _down, _up));
        Assert.Equal(BranchState.Growing, BranchComparison.StateOf(_much, _nothing, _up, _open));
        Assert.Equal(BranchState.Falling, BranchComparison.StateOf(_much, _nothing, _down, _down));
        Assert.Equal(BranchState.Undecided, BranchComparison.StateOf(_much, _nothing, _open, _open));
        Assert.Equal(BranchState.Undecided, BranchComparison.StateOf(_much, _nothing, _down, Estimate.None));
        Assert.Equal(BranchState.Undecided, BranchComparison.StateOf(_nothing, _much, _up, _open));
        Assert.Equal(BranchState.Unknown, BranchComparison.StateOf(Estimate.None, _much, _up, _open));
    }

    [Fact]
    public void LimitOf_RatesThatFallThroughZero_IsTheirZeroSeedBySeed()
    {
        // Straight lines with zeros at 0.6 and 0.7.
        var limit = BranchComparison.LimitOf(Points([0, 1], (rho, seed) => new(0.6 + (0.1 * seed) - rho, 0.01)));
        Assert.Equal([0.6, 0.7], limit.Seeds.Select(seed => Math.Round(seed.Rho, 12)));
        Assert.Equal((0.5, 0.8, null), (limit.Low, limit.High, limit.Reason));
    }

    [Fact]
    public void LimitOf_RatesWithinTheirErrors_GivesAWiderIntervalAndNotAnother()
    {
        // At 0.5 and 0.8 two errors leave both signs open.
        var limit = BranchComparison.LimitOf(Points([0], (rho, _) => new(0.6 - rho, 0.15)));
        Assert.Equal((0.0, 1.0), (limit.Low, limit.High));
        Assert.Equal(0.6, limit.Seeds[0].Rho, 1e-12);
    }

    [Fact]
    public void LimitOf_WhatWasLeftTooFastForAnError_IsUnstable()
    {
        var points = Points([0], (rho, _) => new(0.6 - rho, rho < 0.6 ? 1 : 0.01), rho => rho < 0.6 ? _much : _nothing);
        Assert.Equal((0.5, 0.8), (BranchComparison.LimitOf(points).Low, BranchComparison.LimitOf(points).High));
    }

    [Fact]
    public void LimitOf_WhatCameDownFromTheAliveSideToo_IsStableWithoutARate()
    {
        // Nothing moves where noise is all there is; that both sides end collapsed says what the rate cannot.
        var points = Points([0], (rho, _) => rho < 0.6 ? _up : new(0.001, 0.01), rho => rho < 0.6 ? _much : _nothing, rho => rho < 0.6 ? BranchState.Alive : BranchState.Collapsed);
        Assert.Equal((0.5, 0.8, null), (BranchComparison.LimitOf(points).Low, BranchComparison.LimitOf(points).High, BranchComparison.LimitOf(points).Reason));
    }

    /// <summary>A small alive state, below what counts as information: both sides end there, and from the collapsed one it surely grew.</summary>
    [Fact]
    public void LimitOf_WhatBothSidesCallCollapsedAndSurelyGrows_IsUnstableAlone()
    {
        BranchState State(double rho) => rho < 0.4 ? BranchState.Alive : BranchState.Collapsed;
        var limit = BranchComparison.LimitOf(Points([0], (rho, _) => rho < 1 ? _up : _down, rho => rho < 0.4 ? _much : _nothing, State));
        Assert.Equal((0.8, 1.0, null), (limit.Low, limit.High, limit.Reason));
        Assert.StartsWith("it is left at every rho", BranchComparison.LimitOf(Points([0], (_, _) => _up, _ => _nothing, _ => BranchState.Collapsed)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LimitOf_WhatLeftBeforeTheFirstRate_IsUnstableAndHasNoZero()
    {
        var points = Points([0], (rho, _) => rho < 0.6 ? Estimate.None : _down, rho => rho < 0.6 ? _much : _nothing);
        var limit = BranchComparison.LimitOf(points);
        Assert.Equal((0.5, 0.8), (limit.Low, limit.High));
        Assert.Equal(double.NaN, limit.Seeds[0].Rho);
    }

    [Fact]
    public void LimitOf_WithoutOne_SaysWhy()
    {
        string? Reason(IReadOnlyList<BranchPoint> points) => BranchComparison.LimitOf(points).Reason;
        Assert.StartsWith("it stays at every rho", Reason(Points([0], (_, _) => _down)), StringComparison.Ordinal);
        Assert.StartsWith("it is left at every rho", Reason(Points([0], (_, _) => _up)), StringComparison.Ordinal);
        Assert.StartsWith("cannot say: no model began", Reason(Points([0], (_, _) => _up, _ => Estimate.None)), StringComparison.Ordinal);
        Assert.StartsWith("cannot say: a limit needs", Reason([Points([0], (_, _) => _up)[0]]), StringComparison.Ordinal);
        Assert.Contains("at rho 0 ", Reason(Points([0], (rho, _) => rho == 0 ? _open : _down)), StringComparison.Ordinal);
        Assert.Contains("at rho 1 ", Reason(Points([0], (rho, _) => rho == 1 ? _open : _up)), StringComparison.Ordinal);
        // Of two seeds one alone leaves: no rho up to which both do.
        Assert.Contains("at rho 0 ", Reason(Points([0, 1], (rho, seed) => seed == 0 && rho < 1 ? _up : _down)), StringComparison.Ordinal);
    }

    /// <summary>Every seed has its own, and the limit of all spans them: zeros at 0.3, between the two lowest rhos, and at 0.9, between the two highest.</summary>
    [Fact]
    public void LimitOf_SeedsWithZerosFarApart_SpansThemAll()
    {
        var limit = BranchComparison.LimitOf(Points([3, 5], (rho, seed) => new((seed == 3 ? 0.3 : 0.9) - rho, 0.01)));
        Assert.Equal((0.0, 1.0, null), (limit.Low, limit.High, limit.Reason));
        Assert.Equal([(3, 0.0, 0.5), (5, 0.8, 1.0)], limit.Seeds.Select(seed => (seed.Seed, seed.Low, seed.High)));
        Assert.Equal([0.3, 0.9], limit.Seeds.Select(seed => Math.Round(seed.Rho, 12)));
    }

    /// <summary>What lies beyond the rhos tried is no number, and no infinity either.</summary>
    [Fact]
    public void LimitOf_ASeedThatLeavesOrStaysEverywhere_HasNoEndThere()
    {
        var left = BranchComparison.LimitOf(Points([0, 1], (rho, seed) => seed == 0 ? new(0.6 - rho, 0.01) : _up));
        Assert.Equal([(0.5, 0.8), (1.0, null)], left.Seeds.Select(seed => (seed.Low, seed.High)));
        Assert.Equal((0.5, null), (left.Low, left.High));
        var stays = BranchComparison.LimitOf(Points([0, 1], (rho, seed) => seed == 0 ? new(0.6 - rho, 0.01) : _down));
        Assert.Equal([(0.5, 0.8), (null, 0.0)], stays.Seeds.Select(seed => (seed.Low, seed.High)));
        Assert.Equal((null, 0.8), (stays.Low, stays.High));
    }

    private static BranchPoint[] Points(long[] seeds, Func<double, long, Estimate> growth, Func<double, Estimate>? fromCollapsed = null, Func<double, BranchState>? state = null) =>
    [
        .. _rhos.SelectMany(rho => seeds.Select(seed => new BranchPoint
        {
            Rho = rho, Seed = seed, FromAlive = _much, FromCollapsed = fromCollapsed?.Invoke(rho) ?? _nothing, Growth = growth(rho, seed), Drift = Estimate.None,
            State = state?.Invoke(rho) ?? BranchState.Unknown,
        })),
    ];
}
