using System.Text.Json;
using Ornstein.Cli.Tests.Packaging;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Stacks;

namespace Ornstein.Cli.Tests.Runs;

public sealed class StoredResultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Recorded => [.. Directory.EnumerateFiles(Path.Combine(DotNet.Repository, "docs", "study", "cells"), "*.json").Select(path => Path.GetFileName(path))];

    /// <summary>Results that earlier versions wrote are results.</summary>
    [Theory]
    [MemberData(nameof(Recorded))]
    public void Read_ResultsOfAnEarlierVersion_AreRead(string file)
    {
        var run = new RunFolder(_folder.File("run"));
        Directory.CreateDirectory(run.Path);
        File.Copy(Path.Combine(DotNet.Repository, "docs", "study", "cells", file), run.Phase);
        Assert.NotEmpty(StoredResult.Read(run).Members);
    }

    /// <summary>Comparisons and diagnoses find a model by the name of its remedy.</summary>
    [Fact]
    public void Read_RemedyByItsEarlierName_HasTheNameOfNow()
    {
        var phase = Fixtures.Phase();
        MemberResult[] members = [phase.Members[0] with { Remedy = "warm-up:20+min-rate:0.1" }, phase.Members[1]];
        var run = new RunFolder(_folder.File("run"));
        Directory.CreateDirectory(run.Path);
        File.WriteAllText(run.Phase, JsonSerializer.Serialize(phase with { Members = members }, ResultJson.Indented));
        var own = new Member(1, 0) { Remedy = new Remedy { WarmUp = new KlWarmUp { Epochs = 20 }, CommittedRate = 0.1 } };
        Assert.Equal([RemedyEntry.NameOf(own), null], StoredResult.Read(run).Members.Select(member => member.Remedy));
    }
}
