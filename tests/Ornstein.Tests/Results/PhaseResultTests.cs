using System.Text.Json;
using System.Text.Json.Nodes;
using Ornstein.Results;
using Ornstein.Tests.Transitions;

namespace Ornstein.Tests.Results;

public class PhaseResultTests
{
    [Fact]
    public void Deserialize_AResultOfAnEarlierVersion_HasNoneOfTheLaterKeys()
    {
        var result = new PhaseResult
        {
            Data = "digits", Latents = [3, 1], EvaluatedOn = 7, Steps = 5, Epochs = 1, CollapseThreshold = 0.05, Warnings = ["a warm-up"],
            Members = [TransitionLocatorTests.Member(0.5, 0, 1) with { KlWeights = [1, 0.5] }],
        };
        var document = JsonNode.Parse(JsonSerializer.Serialize(result, ResultJson.Indented))!;
        Assert.Equal([1, 0.5], document["members"]![0]!["klWeights"]!.AsArray().Select(weight => (double)weight!));
        Assert.Equal("a warm-up", (string?)document["warnings"]![0]);
        Assert.True(document.AsObject().Remove("warnings"));
        Assert.True(document["members"]![0]!.AsObject().Remove("klWeights"));
        var earlier = JsonSerializer.Deserialize<PhaseResult>(document.ToJsonString(), ResultJson.Indented)!;
        Assert.Null(earlier.Warnings);
        Assert.Null(earlier.Members[0].KlWeights);
        Assert.True(earlier.Members[0].IsOk);
    }
}
