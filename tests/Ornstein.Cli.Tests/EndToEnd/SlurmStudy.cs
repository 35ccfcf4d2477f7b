using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A study in a folder of its own, as a test on a cluster sees it: what its cells, their attempts and their logs say.</summary>
internal sealed class SlurmStudy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The study folder.</summary>
    public string Folder => _folder.File("study");

    public void Dispose() => _folder.Dispose();

    /// <summary>A path beside the study file.</summary>
    public string At(string name) => _folder.File(name);

    public void Write(string json) => _folder.File("study.json", json);

    public Outcome Ornstein(params string[] arguments) => ChildProgram.Run(_folder.Path, ["study", .. arguments]);

    /// <summary>What 'study status' says of each cell.</summary>
    public JsonNode[] Status() =>
    [
        .. JsonNode.Parse(Ornstein("status", "study.json", "--json").Expect(0).Output)!["experiments"]!.AsArray()
            .SelectMany(experiment => experiment!["each"]!.AsArray()).Select(cell => cell!),
    ];

    /// <summary>The stage of a cell.</summary>
    public string StageOf(string cell) => (string)Status().Single(each => (string)each["cell"]! == cell)["stage"]!;

    // Of the last attempt at a cell.
    private string? Record(string cell)
    {
        var hash = File.ReadLines(Path.Combine(Folder, "submissions", "1", "elements.tsv")).Select(line => line.Split('\t')).Single(line => line[2] == cell)[1];
        var folder = Path.Combine(Folder, "attempts", hash[..2], hash);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).LastOrDefault() : null;
    }

    /// <summary>The step of the last attempt's checkpoint; -1 without one.</summary>
    public long Step(string cell) => Record(cell) is { } record ? TinyRun.CheckpointStep(Path.ChangeExtension(record, null)) : -1;

    /// <summary>The number of the last attempt; -1 without one.</summary>
    public int Attempt(string cell) => Record(cell) is { } record ? int.Parse(Path.GetFileNameWithoutExtension(record)) : -1;

    /// <summary>The node of the last attempt.</summary>
    public string Node(string cell) => (string)JsonNode.Parse(File.ReadAllText(Record(cell)!))!["node"]!;

    /// <summary>What all elements that had the cell said.</summary>
    public string Log(string cell) => string.Concat(Directory.GetDirectories(Path.Combine(Folder, "submissions")).Order(StringComparer.Ordinal).SelectMany(folder =>
        File.ReadLines(Path.Combine(folder, "elements.tsv")).Select(line => line.Split('\t')).Where(line => line[2] == cell)
            .Select(line => Path.Combine(folder, "logs", "00", $"{line[0]}.log")).Where(File.Exists).Select(File.ReadAllText)));

    /// <summary>Waits for every cell; submits again what is lost, as after a controller that forgot jobs.</summary>
    public void Finish(int seconds) => SlurmCluster.WaitFor(
        () =>
        {
            var stages = Status().Select(cell => (string)cell["stage"]!).ToArray();
            Assert.DoesNotContain("failed", stages);
            // A controller that was killed may start a job that runs, and then takes the node out of service: its administrator puts it back.
            if (SlurmCluster.Shell("sinfo -h -o %T").Contains("drain", StringComparison.Ordinal)) SlurmCluster.Shell("scontrol update nodename=n1,n2 state=resume");
            if (stages.Contains("lost")) Ornstein("resume", "study.json");
            Thread.Sleep(1500); // each look starts a program
            return stages.All(stage => stage == "done");
        },
        seconds,
        () => "every cell done; " + string.Join("; ", Status().Where(cell => (string)cell["stage"]! != "done").Take(5).Select(cell => $"{cell["cell"]} {cell["stage"]} {cell["reason"]}"))
        + SlurmCluster.Shell("squeue -r; sinfo -N"));

    /// <summary>Every cell ended as in the study <c>whole</c>, byte for byte.</summary>
    public void AssertSame()
    {
        var (expected, found) = (TinyStudy.Cells(_folder.File("whole")), TinyStudy.Cells(Folder));
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.Keys, AssertSame);
    }

    /// <summary>One cell did.</summary>
    public void AssertSame(string cell) => Assert.Equal(
        File.ReadAllBytes(Path.Combine(TinyStudy.Cells(_folder.File("whole"))[cell], "phase.json")),
        File.ReadAllBytes(Path.Combine(TinyStudy.Cells(Folder)[cell], "phase.json")));

    /// <summary>
    /// A study file of two long cells and some of two epochs. A hundred long epochs pass in less than a second on a quick machine: a test that acts in
    /// the middle of a long cell asks for several hundred.
    /// </summary>
    public static string Cells(int count, int longEpochs)
    {
        var models = new JsonObject
        {
            ["long-a"] = JsonNode.Parse($$"""{ "latents": [6, 3], "hidden": [16, 8], "epochs": {{longEpochs}} }"""),
            ["long-b"] = JsonNode.Parse($$"""{ "latents": [7, 3], "hidden": [16, 8], "epochs": {{longEpochs}} }"""),
        };
        for (var i = 0; i < count; i++) models[$"m{i}"] = JsonNode.Parse($$"""{ "latents": [{{4 + (i % 8)}}, {{2 + (i / 8)}}], "hidden": [16, 8] }""");
        var study = JsonNode.Parse(
            """
            {
              "settings": {
                "trainLimit": 256, "testLimit": 50, "validation": 50, "batch": 32, "threads": 1, "draws": 2, "rho": [0.2, 1], "seeds": [0], "epochs": 2,
                "checkpointSeconds": 0.2
              }
            }
            """)!;
        study["models"] = models;
        study["experiments"] = new JsonObject { ["all"] = new JsonObject { ["models"] = new JsonArray([.. models.Select(model => JsonValue.Create(model.Key))]) } };
        return study.ToJsonString();
    }
}
