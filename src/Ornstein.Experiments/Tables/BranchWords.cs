using System.Globalization;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>Sentences about two branches that the table and the report share.</summary>
internal static class BranchWords
{
    /// <summary>Name of the layer that is looked at.</summary>
    public static string Layer(BranchesResult result) => $"z{result.Latents.Length}";

    /// <summary>Where the collapsed state loses its stability, or why that is not known.</summary>
    public static string Stability(BranchesResult result)
    {
        var limit = result.Stability;
        string[] known =
        [
            .. limit.Low is { } low ? [$"is left up to rho {PhaseWords.Number(low)}"] : Array.Empty<string>(),
            .. limit.High is { } high ? [$"stays from rho {PhaseWords.Number(high)} on"] : Array.Empty<string>(),
        ];
        return known.Length == 0 ? $"no limit of stability of the collapsed state ({limit.Reason})" : $"the collapsed state {string.Join(" and ", known)}";
    }

    /// <summary>What else is known of it: where the rates are zero, and why an end is missing.</summary>
    public static IEnumerable<string> StabilityDetails(BranchesResult result)
    {
        var zeros = result.Stability.Seeds.Where(seed => double.IsFinite(seed.Rho)).Select(Zero).ToArray();
        if (zeros.Length > 0) yield return $"its growth rate is zero near rho {string.Join(", ", zeros)}";
        if ((result.Stability.Low ?? result.Stability.High) is not null && result.Stability.Reason is { } reason) yield return reason;
    }

    // The number alone would promise more than rates with errors tell.
    private static string Zero(SeedLimit seed)
    {
        string[] sure =
        [
            .. seed.Low is { } low ? [$"surely above {PhaseWords.Number(low)}"] : Array.Empty<string>(),
            .. seed.High is { } high ? [$"surely below {PhaseWords.Number(high)}"] : Array.Empty<string>(),
        ];
        return $"{PhaseWords.Number(seed.Rho)} (seed {Text(seed.Seed)}{string.Concat(sure.Select(word => ", " + word))})";
    }

    /// <summary>Where a seed has two states, and what is open.</summary>
    public static IEnumerable<string> Hysteresis(BranchesResult result)
    {
        var two = Where(result, BranchState.TwoStates);
        yield return two.Length == 0
            ? "no hysteresis was seen: nowhere is a layer alive from one side and surely collapsed from the other"
            : $"hysteresis, alive from one side and collapsed from the other: {string.Join("; ", two)}";
        foreach (var (state, what) in new[]
        {
            (BranchState.Growing, "still growing from the collapsed side when the training ended"),
            (BranchState.Falling, "still falling from the alive side when the training ended"),
            (BranchState.Undecided, "alive from one side alone, and not told whether it stays so"),
        })
        {
            if (Where(result, state) is { Length: > 0 } open) yield return $"{what}: {string.Join("; ", open)}; train longer (--epochs)";
        }
    }

    /// <summary>What the branches began with, where that is not what was wanted.</summary>
    public static IEnumerable<string> Roots(BranchesResult result) => result.Roots.Where(root => root.Others.Length > 0).Select(root =>
        $"the top layer of seed {string.Join(", ", root.Others.Select(Text))} was not {(root.IsAlive ? "alive" : "collapsed")} at rho {PhaseWords.Number(root.Rho)} after "
        + $"{Text(root.Rounds)} x {Text(result.Epochs)} epochs: no branch from there");

    /// <summary>A state in words.</summary>
    public static string Of(BranchState state) => state switch
    {
        BranchState.Unknown => "cannot say",
        BranchState.Collapsed => "collapsed",
        BranchState.Alive => "alive",
        BranchState.TwoStates => "two states",
        BranchState.Growing => "still growing",
        BranchState.Falling => "still falling",
        BranchState.Undecided => "undecided",
        _ => throw new InvalidOperationException($"{state} is no state."),
    };

    /// <summary>States of the seeds of one rho, each with its number where they differ.</summary>
    public static string States(IEnumerable<BranchPoint> points)
    {
        var groups = points.GroupBy(point => point.State).OrderBy(group => group.Key).ToArray();
        return groups.Length == 1 ? Of(groups[0].Key) : string.Join(", ", groups.Select(group => $"{Text(group.Count())} {Of(group.Key)}"));
    }

    private static string[] Where(BranchesResult result, BranchState state) =>
    [
        .. result.Points.Where(point => point.State == state).GroupBy(point => point.Seed).OrderBy(seed => seed.Key)
            .Select(seed => $"seed {Text(seed.Key)} at rho {string.Join(", ", seed.Select(point => PhaseWords.Number(point.Rho)))}"),
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
