using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>Two branches as text: a row per rho, and where the collapsed state loses its stability.</summary>
internal static class BranchTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(BranchesResult result, string runFolder, TextWriter output)
    {
        string[] head = ["rho", $"I(x; {BranchWords.Layer(result)}) from alive", "from collapsed", "growth per epoch", "state"];
        Table.Write(output, head, Rows(result), isRight: true);
        output.WriteLine();
        output.WriteLine($"mean ± standard deviation over seeds, nats per datum, on {PhaseWords.Count(result.EvaluatedOn)} held-out data of {PrintableText.Of(result.Data)}");
        output.WriteLine("growth: rate of the logarithm of the top layer's KL from the collapsed state (docs/training.md)");
        foreach (var root in BranchWords.Roots(result)) output.WriteLine(root);
        output.WriteLine();
        output.WriteLine(BranchWords.Stability(result));
        foreach (var line in BranchWords.StabilityDetails(result).Concat(BranchWords.Hysteresis(result))) output.WriteLine(line);
        output.WriteLine($"run folder: {PrintableText.Of(runFolder)}");
    }

    /// <summary>A row per rho: rho, information from both sides, growth rate, state.</summary>
    public static IEnumerable<string[]> Rows(BranchesResult result) => result.Points.GroupBy(point => point.Rho).Select(points => new[]
    {
        PhaseWords.Number(points.Key),
        Over(points, point => point.FromAlive),
        Over(points, point => point.FromCollapsed),
        Over(points, point => point.Growth),
        BranchWords.States(points),
    });

    private static string Over(IEnumerable<BranchPoint> points, Func<BranchPoint, Estimate> of) =>
        Spread.Of(points.Select(point => of(point).Value)).ToString().Replace(" ± ", "±", StringComparison.Ordinal);
}
