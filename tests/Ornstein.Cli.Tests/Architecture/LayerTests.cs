using System.Reflection;
using System.Text.RegularExpressions;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Tests.Packaging;
using Ornstein.Experiments.Settings;
using Ornstein.Studies;
using Ornstein.View;

namespace Ornstein.Cli.Tests.Architecture;

/// <summary>The order of the code, which <see cref="Layers"/> states: nothing uses what stands above it, and no namespaces use each other in a circle.</summary>
public partial class LayerTests
{
    private static readonly Dictionary<string, Assembly> _assemblies = new(StringComparer.Ordinal)
    {
        ["Ornstein"] = typeof(OrnsteinException).Assembly,
        ["Ornstein.Experiments"] = typeof(RunSettings).Assembly,
        ["Ornstein.Studies"] = typeof(StudyFile).Assembly,
        ["Ornstein.View"] = typeof(ViewOptions).Assembly,
        ["Ornstein.Cli"] = typeof(Application).Assembly,
    };

    public static TheoryData<string> Projects => [.. Layers.Projects];

    public static Assembly AssemblyOf(string project) => _assemblies[project];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Types_OfAProject_UseNothingAboveThem(string project) =>
        AssertNone(Layers.Up(TypeUses.Of(_assemblies[project])), "uses what stands above it (docs/architecture.md), and must not");

    /// <summary>What the directives say and the compiled types do not: constants, and directives that nothing needs.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Directives_OfAProject_NameNothingAboveThem(string project) =>
        AssertNone(Layers.Up(SourceUses.Of(project)), "names a namespace above it (docs/architecture.md), and must not");

    [Theory]
    [InlineData("Ornstein.Experiments")]
    [InlineData("Ornstein.Studies")]
    [InlineData("Ornstein.View")]
    [InlineData("Ornstein.Cli")]
    public void Namespaces_OfAProject_FormNoCircle(string project) => AssertNone(
        Layers.Circles(TypeUses.Of(_assemblies[project]).Concat(SourceUses.Of(project)).Where(arrow => Layers.ProjectOf(arrow.ToNamespace) == project)),
        "is part of a circle of namespaces");

    /// <summary>Who writes a program of their own gets no command line with the library.</summary>
    [Theory]
    [InlineData("Ornstein")]
    [InlineData("Ornstein.Experiments")]
    [InlineData("Ornstein.Studies")]
    [InlineData("Ornstein.View")]
    public void Libraries_OfTheProject_NeedNoScreen(string project) => Assert.DoesNotContain(
        _assemblies[project].GetReferencedAssemblies(), name => name.Name is "System.CommandLine" or "Spectre.Console" or "Ornstein.Cli");

    [Fact]
    public void Picture_OfTheDocument_ShowsTheLayersInTheirOrder()
    {
        var picture = File.ReadAllText(Path.Combine(DotNet.Repository, "docs", "architecture.md")).ReplaceLineEndings("\n").Split("```")[1];
        string[] shown = [.. PictureLine().Matches(picture).SelectMany(line => line.Groups[1].Value.Split(", "))];
        Assert.Equal(Layers.Library, shown);
    }

    [Fact]
    public void Folders_OfTheLibrary_AreLayers()
    {
        var folders = _assemblies["Ornstein"].GetTypes().Select(type => type.Namespace).OfType<string>()
            .Where(space => space.StartsWith("Ornstein.", StringComparison.Ordinal)).Select(Layers.FolderOf);
        Assert.Equal(Layers.Library.Order(StringComparer.Ordinal), folders.Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Else a change of the reader would leave nothing to check.</summary>
    [Theory]
    [InlineData("Ornstein.Experiments.Figures.FigureFonts -> Ornstein.Experiments.Figures.FigureFonts", false)]
    [InlineData("Ornstein.Experiments.Settings.RunSettings -> Ornstein.Experiments.Settings.SettingAttribute", true)] // an attribute of members
    [InlineData("Ornstein.Experiments.Settings.RunSettings -> Ornstein.Experiments.Settings.RhoEntry", true)] // the element type of an array
    [InlineData("Ornstein.Experiments.Settings.RhoEntry -> Ornstein.Experiments.Settings.RhoEntryJson", true)] // a type in an attribute
    [InlineData("Ornstein.Experiments.Runs.RunRounds -> Ornstein.Transitions.RhoRefinement", true)] // a static call
    [InlineData("Ornstein.Experiments.Figures.ImageGrid -> Ornstein.Experiments.Figures.FigureFonts", true)] // an instruction
    [InlineData("Ornstein.Experiments.Runs.RunPictures -> Ornstein.Experiments.Figures.ImageGrid", true)]
    public void TypeUses_OfATypeThatIsUsed_AreFound(string arrow, bool isThere) =>
        Assert.Equal(isThere, TypeUses.Of(_assemblies["Ornstein.Experiments"]).Any(use => use.ToString() == arrow));

    [Fact]
    public void Up_ArrowsOfEachKind_NamesThoseThatGoUp() => Assert.Equal(
        [
            "Ornstein.Experiments.Runs.RunJob -> Ornstein.Cli.ExitCodes",
            "Ornstein.Models.A -> Ornstein.Steps.Operations.B",
            "Ornstein.OrnsteinException -> Ornstein.Data.Dataset",
        ],
        Layers.Up(
        [
            new("Ornstein.Models", "A", "Ornstein.Steps.Operations", "B"), new("Ornstein.Steps.Operations", "B", "Ornstein.Models", "A"),
            new("Ornstein", "OrnsteinException", "Ornstein.Data", "Dataset"), new("Ornstein.Data", "Dataset", "Ornstein", "OrnsteinException"),
            new("Ornstein.Experiments.Runs", "RunJob", "Ornstein.Cli", "ExitCodes"), new("Ornstein.Cli", "ExitCodes", "Ornstein.Experiments.Runs", "RunJob"),
        ]));

    [Fact]
    public void Circles_ThreeNamespacesAndAFourth_NamesTheArrowsBetweenTheThree() => Assert.Equal(
        ["A.X -> B.Y", "B.Y -> C.Z", "C.Z -> A.X"],
        Layers.Circles([new("A", "X", "B", "Y"), new("B", "Y", "C", "Z"), new("C", "Z", "A", "X"), new("C", "Z", "D", "W"), new("A", "X", "A", "V")]));

    private static void AssertNone(IEnumerable<string> arrows, string what) =>
        Assert.True(!arrows.Any(), string.Join(Environment.NewLine, arrows.Select(arrow => $"{arrow} {what}")));

    [GeneratedRegex("^ *([A-Z][A-Za-z]+(?:, [A-Z][A-Za-z]+)*) ", RegexOptions.Multiline, 1000)]
    private static partial Regex PictureLine();
}
