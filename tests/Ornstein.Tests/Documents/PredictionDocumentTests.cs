using System.Globalization;
using System.Text.Json;

namespace Ornstein.Tests.Documents;

/// <summary>The tables of docs/diagnosis.md on ten predictions, from the documents that the study has written.</summary>
public class PredictionDocumentTests
{
    /// <summary>A rho with its bracket, as a document has it; 1 where a layer is active at every rho.</summary>
    private readonly record struct Located(double Rho, string Text);

    private sealed record Model(string Name, Located[] Predicted, Located[] Measured);

    [Fact]
    public void Tables_OfTheDocument_FollowFromTheStudy()
    {
        var models = Models();
        Assert.Equal(10, models.Count);
        AssertHas(string.Concat(models.Select(model => $"| {model.Name} | {model.Predicted[0].Text} | {model.Predicted[1].Text} |\n")));
        AssertHas(string.Concat(models.Select(model => $"| {model.Name} | {Number(model.Predicted[0].Rho)} | {model.Measured[0].Text} | {Number(model.Predicted[1].Rho)} | {model.Measured[1].Text} |\n")));
        for (var part = 0; part < 2; part++)
        {
            Assert.All(models, model => Assert.True(model.Predicted[part].Rho > model.Measured[part].Rho, model.Name));
            var (criterion, constant) = (Errors(models, part).Average(), ErrorsOfAConstant(models, part).Average());
            AssertHas($"| codes in {(part == 0 ? "means" : "widths")} | {Number(criterion)} | {Number(constant)} | {Number(criterion / constant)} |\n");
        }
    }

    /// <summary>"0.92 for means and for widths", and "0.90 for means and 0.68 for widths" of the decoder variance alone.</summary>
    [Fact]
    public void Order_OfTheDocument_IsThatOfTheStudy()
    {
        var models = Models();
        double[] variances = [.. models.Select(model => double.Parse(model.Name.Split(", ")[1], CultureInfo.InvariantCulture))];
        double Rank(IEnumerable<double> first, int part) => Math.Round(Math.Abs(MathNet.Numerics.Statistics.Correlation.Spearman(first, models.Select(model => model.Measured[part].Rho))), 2);
        Assert.Equal([0.92, 0.92], [Rank(models.Select(model => model.Predicted[0].Rho), 0), Rank(models.Select(model => model.Predicted[1].Rho), 1)]);
        Assert.Equal([0.9, 0.68], [Rank(variances, 0), Rank(variances, 1)]);
    }

    /// <summary>What an unstable collapsed state would give: the first code of either kind.</summary>
    [Fact]
    public void FirstCode_OfEitherKind_IsNotPredictedEither()
    {
        var models = Models();
        Assert.All(models, model => Assert.True(model.Predicted[1].Rho >= model.Predicted[0].Rho));
        double[] first = [.. models.Select(model => Math.Max(model.Measured[0].Rho, model.Measured[1].Rho))];
        // "is 0.84 times that of a constant", "No measured rho lies above 0.913".
        var constant = first.Select((rho, i) => Math.Abs(rho - first.Where((_, other) => other != i).Average())).Average();
        Assert.Equal(0.84, Math.Round(models.Zip(first, (model, rho) => Math.Abs(model.Predicted[1].Rho - rho)).Average() / constant, 2));
        Assert.Equal(0.913, Math.Round(models.Max(model => model.Measured.Max(measured => measured.Rho)), 3, MidpointRounding.AwayFromZero));
    }

    private static IEnumerable<double> Errors(List<Model> models, int part) => models.Select(model => Math.Abs(model.Predicted[part].Rho - model.Measured[part].Rho));

    // From the mean of what was measured in the others.
    private static IEnumerable<double> ErrorsOfAConstant(List<Model> models, int part) => models.Select(model =>
        Math.Abs(models.Where(other => other != model).Average(other => other.Measured[part].Rho) - model.Measured[part].Rho));

    private static List<Model> Models()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "prediction.json")));
        var cells = document.RootElement.EnumerateArray().ToLookup(cell => (Data: cell.GetProperty("data").GetString()!, Variance: cell.GetProperty("decoderVariance").GetDouble()));
        return
        [
            .. cells.OrderByDescending(cell => cell.Key.Data == "MNIST").ThenBy(cell => cell.Key.Variance).Select(cell =>
            {
                var before = cell.Single(one => one.GetProperty("rhos").GetArrayLength() == 1).GetProperty("predictions")[0];
                var sweep = cell.Single(one => one.GetProperty("rhos").GetArrayLength() > 1).GetProperty("predictions")[0];
                return new Model(
                    string.Create(CultureInfo.InvariantCulture, $"{cell.Key.Data}, {cell.Key.Variance}"),
                    [Of(before, "fromCollapsed"), Of(before.GetProperty("codesInWidths"), "fromCollapsed")],
                    [Of(sweep, "measuredMeans"), Of(sweep, "measuredWidths")]);
            }),
        ];
    }

    private static Located Of(JsonElement parent, string name)
    {
        var located = parent.GetProperty(name);
        if (located.ValueKind == JsonValueKind.Object && located.GetProperty("low").ValueKind == JsonValueKind.Number)
        {
            double Get(string bound) => located.GetProperty(bound).GetDouble();
            // Seeds in two states have no mean: the middle of the bracket counts.
            var hasMean = located.GetProperty("estimate").ValueKind == JsonValueKind.Number;
            var rho = hasMean ? Get("estimate") : (Get("low") + Get("high")) / 2;
            return new(rho, $"{Number(rho)} ({Number(Get("low"))} to {Number(Get("high"))}){(hasMean ? "" : ", two states")}");
        }

        var reason = (parent.TryGetProperty(name + "Reason", out var beside) ? beside : located.GetProperty("reason")).GetString()!;
        Assert.True(reason.Contains("active at every rho", StringComparison.Ordinal) || reason.EndsWith("up to rho 1", StringComparison.Ordinal), reason);
        return new(1, "1 (active at every rho)");
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static void AssertHas(string text) =>
        Assert.Contains(text, File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "diagnosis.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
}
