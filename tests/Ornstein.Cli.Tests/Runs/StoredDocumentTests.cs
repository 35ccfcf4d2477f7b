using System.Text.Json;
using Ornstein.Experiments.Runs;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Runs;

public class StoredDocumentTests
{
    [Fact]
    public void Parse_ThisVersion_IsRead()
    {
        string json = JsonSerializer.Serialize(Fixtures.Phase(), ResultJson.Indented);
        Assert.Equal(16, StoredDocument.Parse<PhaseResult>(json, "phase.json")!.Members.Length);
    }

    [Theory]
    [InlineData("""{ "format": 2, "anything": [] }""", "2")]
    [InlineData("""{ "models": 1, "format": 99 }""", "99")]
    public void Parse_LaterVersion_IsRefusedWhateverElseItHolds(string json, string format)
    {
        var error = Assert.Throws<OrnsteinException>(() => StoredDocument.Parse<RunCost>(json, "run/cost.json"));
        Assert.Equal($"'run/cost.json' was written by a later version of Ornstein (format {format}); read it with that version.", error.Message);
    }

    [Theory]
    [InlineData("""{ "format": 0, "models": 1, "trainingSeconds": 1, "trainingSecondsPerModel": 1 }""")]
    [InlineData("""{ "format": "1" }""")]
    [InlineData("""{ "mod""")]
    [InlineData("[]")]
    public void Parse_NoDocumentOfThisKind_IsDamaged(string json) =>
        Assert.ThrowsAny<JsonException>(() => StoredDocument.Parse<RunCost>(json, "cost.json"));
}
