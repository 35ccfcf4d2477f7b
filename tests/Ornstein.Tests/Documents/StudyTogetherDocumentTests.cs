using System.Text.Json;
using MathNet.Numerics.Distributions;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/study.md says of its claims taken together, where each of them was tested alone.</summary>
public class StudyTogetherDocumentTests
{
    private const double Level = 0.05;

    [Fact]
    public void Claims_TakenTogether_AreDecidedAsTheDocumentSays()
    {
        var page = StudyPage.Text().ReplaceLineEndings(" ");
        double[] table = [.. Chances(StudyReport.Of("data-sets"))];
        double[] all = [.. StudyReport.All().SelectMany(study => Chances(study))];
        Assert.Equal(10, table.Length);
        Assert.Equal(Decided(table), Holm(table));
        Assert.Contains($"The {Decided(table)} decided ones of the ten above stay decided", page, StringComparison.Ordinal);
        Assert.Contains($"Over all {all.Length} claims of this page {Holm(all)} of {Decided(all)} would", page, StringComparison.Ordinal);
        double[] bothWays = [.. StudyReport.All().SelectMany(study => Chances(study, directions: 2))];
        Assert.Contains($"then {Holm([.. Chances(StudyReport.Of("data-sets"), directions: 2)])} of the {Decided(table)} and {Holm(bothWays)} of the {Decided(all)} stay decided", page, StringComparison.Ordinal);
    }

    private static int Decided(double[] chances) => chances.Count(chance => chance <= Level);

    // Holm's method: the smallest at the level over their number, the next at that over one less, until one fails.
    private static int Holm(double[] chances) => chances.Order().Index().TakeWhile(chance => chance.Item * (chances.Length - chance.Index) <= Level).Count();

    /// <summary>For each claim the chance of a verdict as decided as its own, if the seeds knew nothing of it; 1 where it is not decided.</summary>
    private static IEnumerable<double> Chances(StudyReport study, int directions = 1) => study.Json.GetProperty("claims").EnumerateArray().Select(judged =>
    {
        var verdict = StudyReport.MainVerdict(judged);
        JsonElement[] questions = [.. verdict.GetProperty("questions").EnumerateArray()];
        return verdict.GetProperty("outcome").GetString() switch
        {
            "not-shown" => 1,
            // All questions have to be answered for it, so the weakest counts; one against it is enough, so they share the chance.
            "holds" when questions.Length > 0 => Math.Min(1, directions * questions.Max(question => Sign(question.GetProperty("for").GetInt32()))),
            "refuted" when questions.Length > 0 => Math.Min(1, directions * questions.Length * questions.Min(question => Sign(question.GetProperty("against").GetInt32()))),
            // What is left is decided by a difference: "differs" holds, or "similar" is refuted.
            _ => Difference(study, judged.GetProperty("claim"), verdict.GetProperty("parameter").GetString()!),
        };
    });

    private static double Sign(int seeds) => 1 - Binomial.CDF(0.5, 10, seeds - 1);

    private static double Difference(StudyReport study, JsonElement claim, string parameter)
    {
        var layer = claim.GetProperty("layer") is { ValueKind: JsonValueKind.Number } number ? "z" + number.GetInt32() : "top";
        JsonElement[] pairs = [.. study.Json.GetProperty("differences").EnumerateArray().Where(pair => pair.GetProperty("layer").GetString() == layer && pair.GetProperty("parameter").GetString() == parameter)];
        var least = pairs.Select(pair => pair.GetProperty("difference")).Where(difference => difference.ValueKind == JsonValueKind.Object).Min(difference =>
        {
            var freedom = difference.GetProperty("seeds").GetInt32() - 1;
            var error = (difference.GetProperty("high").GetDouble() - difference.GetProperty("low").GetDouble()) / 2 / StudentT.InvCDF(0, 1, freedom, 0.975);
            return 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(difference.GetProperty("mean").GetDouble()) / error);
        });
        return Math.Min(1, pairs.Length * least);
    }
}
