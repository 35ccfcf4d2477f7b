using Ornstein.Experiments.Tables;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Tables;

public class KlPartsTableTests
{
    [Fact]
    public void Write_ModelsWithoutParts_WritesNothing() => Assert.Equal("", Written(Fixtures.Phase()));

    [Fact]
    public void Write_SomeModelsWithoutParts_HasDashesThere()
    {
        PhaseResult result = Fixtures.Phase(layers: 2, seeds: 2);
        var parts = new KlParts { Scale = 1.25, Bias = 0.5, Variance = 0.25, ScaleError = 0, BiasError = 0, VarianceError = 0, EstimatorBias = 0 };
        MemberResult With(MemberResult member) => member with { KlParts = [parts], UnsmoothedKlParts = [parts] };
        string[] lines = Written(result with { Members = [.. result.Members[..2].Select(With), .. result.Members[2..]] }).Split('\n');
        Assert.Equal(["0", "z1", "1.250±0.000", "0.500±0.000", "0.250±0.000", "0.250±0.000"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["0.3", "z1", "-", "-", "-", "-"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Write_OneSeed_GivesTheValuesAlone()
    {
        var parts = new KlParts { Scale = 1.25, Bias = 0.5, Variance = -1e-9, ScaleError = 0, BiasError = 0, VarianceError = 0, EstimatorBias = 0 };
        PhaseResult result = Fixtures.Phase(layers: 2, seeds: 1);
        MemberResult[] members = [.. result.Members.Select(member => member with { KlParts = [parts], UnsmoothedKlParts = [parts] })];
        string[] lines = Written(result with { Members = members }).Split('\n');
        Assert.Equal(["0", "z1", "1.250", "0.500", "0.000", "0.000"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Written(PhaseResult result)
    {
        using var writer = new StringWriter();
        KlPartsTable.Write(result, writer);
        return writer.ToString();
    }
}
