using Ornstein.Experiments.Settings;
using Ornstein.Studies;
using Ornstein.Studies.Numbers;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Studies.Numbers;

/// <summary>Results whose critical rhos are known: the top layer's KL of a seed falls linearly to zero at a rho of its own.</summary>
internal static class MadeCells
{
    private static readonly double[] _rho = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <param name="parts">Entries of data, model and smoothing.</param>
    /// <param name="criticals">Critical rho of every seed; above 1 for one that does not fall.</param>
    public static CellNumbers Cell(string parts, params double[] criticals)
    {
        (string, string)[] named = [.. new[] { "data", "models", "smoothing" }.Zip(parts.Split('/'))];
        var cell = new StudyCell(named, RunSettings.ForPhase with { Rho = [.. _rho.Select(rho => (RhoEntry)rho)], Seeds = [.. criticals.Select((_, i) => (long)i)] }, "0123456789");
        return CellReader.Of(cell, "folder", Phase(criticals), [], cell.Settings);
    }

    /// <summary>The same with information: in the means of the top layer it falls linearly to zero at one rho of every seed, in its widths at another.</summary>
    /// <param name="parts">Entries of data, model and smoothing.</param>
    /// <param name="means">Where information in means ends, for every seed; above 1 for one where it does not.</param>
    /// <param name="widths">Where that in widths ends.</param>
    public static CellNumbers CellOfCodes(string parts, double[] means, double[] widths)
    {
        (string, string)[] named = [.. new[] { "data", "models", "smoothing" }.Zip(parts.Split('/'))];
        var phase = Phase(widths);
        Estimate[] Of(double critical, double rho) => [new(3, 0.01), new(2 * Math.Max(0, critical - rho), 0.001)];
        MemberResult[] members =
        [
            .. phase.Members.Select(member => member with
            {
                MeanInformation = Of(means[member.Seed], member.Rho),
                WidthInformation = Of(widths[member.Seed], member.Rho),
                Information = Of(means[member.Seed] + Math.Max(0, widths[member.Seed] - member.Rho), member.Rho),
            }),
        ];
        var cell = new StudyCell(named, RunSettings.ForPhase with { Rho = [.. _rho.Select(rho => (RhoEntry)rho)], Seeds = [.. means.Select((_, i) => (long)i)] }, "0123456789");
        return CellReader.Of(cell, "folder", phase with { Members = members }, [], cell.Settings);
    }

    public static PhaseResult Phase(params double[] criticals)
    {
        MemberResult[] members =
            [.. _rho.SelectMany(rho => criticals.Select((critical, seed) => Fixtures.Member(rho, seed, 2, 2 * Math.Max(0, critical - rho))))];
        return Fixtures.Phase(layers: 2, critical: false) with { Members = members, Layers = null, CollapseThreshold = 0.05 };
    }
}
