using System.Text.Json.Nodes;
using Ornstein.Cli.Tests.Comparisons;
using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.Experiments.Comparisons;
using Ornstein.Experiments.Settings;
using Ornstein.View.Documents;
using Ornstein.View.Listing;

namespace Ornstein.Cli.Tests.View;

/// <summary>How the runs of a comparison are named.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class CompareDocumentTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a/run b/run", "a/run b/run")]
    [InlineData("x/a/run y/a/run b/run other", "x/a/run y/a/run b/run other")]
    [InlineData("x/a/run y/a/run z/other", "x/a/run y/a/run other")]
    [InlineData("x/a x/b", "a b")]
    [InlineData("x/a x/a", "a a")]
    public void Label_OfRunsThatDoNotDiffer_IsTheEndOfTheirPathThatTellsThemApart(string paths, string labels)
    {
        var rows = Comparison.Of([.. paths.Split(' ').Select(path => ComparisonTests.Run(path, RunSettings.ForPhase, [1]))], "bound", false).Rows;
        Assert.Equal(labels.Split(' '), rows.Select(row => row.Label));
    }

    [Fact]
    public void Notes_OfRunsThatAreNotComparable_NameThemAsInTheList()
    {
        RunPlace[] places = [Copy("done"), Copy("other/done")];
        var phase = Path.Combine(places[1].Path, "phase.json");
        var result = JsonNode.Parse(File.ReadAllText(phase))!;
        result["evaluatedOn"] = 99;
        File.WriteAllText(phase, result.ToJsonString());
        var document = CompareDocument.OfPlaces(places);
        Assert.Equal("NOT COMPARABLE: the number of test data is 100 in 'done' and 99 in 'other/done'", document.Notes[0]);
        Assert.All(document.Notes, note => Assert.DoesNotContain(_folder.Path, note, StringComparison.Ordinal));
        Assert.Equal(document.Rows.Length, document.Rows.Select(row => row.Label).Distinct(StringComparer.Ordinal).Count());
    }

    private RunPlace Copy(string id)
    {
        var path = _folder.File("runs/" + id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.Move(tiny.CopyWhole(_folder), path);
        File.Delete(Path.Combine(path, "evaluation.json")); // of a test that evaluates
        return new RunPlace(id, path, Study: null);
    }
}
