using System.Globalization;
using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Studies on a Slurm cluster with the real daemons.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class SlurmTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Study => _folder.File("study");

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// 42 cells. Two of them are long: one is in mid-training when its node is killed, the other when its job is preempted. The controller is
    /// killed hard and started again in between. Everything ends with the bytes of a study that was left alone.
    /// </summary>
    [Fact]
    public void Submit_NodeKilledJobPreemptedControllerKilled_EndsAsStudyRunDoes()
    {
        Assert.SkipWhen(SlurmCluster.WhyNot() is not null, $"{SlurmCluster.WhyNot()}");
        _folder.File("study.json", Cells(40, longEpochs: 150));
        Ornstein("run", "study.json", "--out", "whole").Expect(0);

        using var cluster = new SlurmCluster();
        // One cell by hand: the pace by which the others are packed, and results of both mix.
        Ornstein("run", "study.json", "--only", "m0").Expect(0);
        var submitted = Ornstein("submit", "study.json", "--partition", "low", "--time", "10:00", "--cpus", "1", "--element-time", "0:04").Expect(0).Output;
        Assert.Matches(@"^submitted 41 cells as \d+ elements: job ", submitted);
        var elements = (int)JsonNode.Parse(File.ReadAllText(Path.Combine(Study, "submissions", "1.json")))!["elements"]!;
        Assert.InRange(elements, 4, 41);

        SlurmCluster.WaitFor(() => Step("long-a") >= 40 && Step("long-b") >= 40, 60, "both long cells in mid-training");
        var (first, second) = (Node("long-a"), Node("long-b"));
        cluster.KillController();
        cluster.KillNode(first);
        var killedAt = Step("long-a");
        cluster.StartController();
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h -r -p low").Contains(" n", StringComparison.Ordinal) || Step("long-b") < 0, 30, "a controller that answers");

        // A more urgent job takes the other node: the cell there stops with a checkpoint, and its job is started again.
        if (second != first)
        {
            SlurmCluster.Shell($"sbatch -p all -w {second} -n 1 -c 2 --mem=0 -o /dev/null --wrap 'sleep 2'");
            SlurmCluster.WaitFor(() => Log("long-b").Contains("out of time", StringComparison.Ordinal) || Step("long-b") < 0, 60, "a checkpoint at the warning");
        }

        SlurmCluster.WaitFor(() => SlurmCluster.Shell($"sinfo -h -n {first} -o %T").Contains("down", StringComparison.Ordinal), 60, "Slurm to notice the dead node");
        cluster.StartNode(first);
        Finish(150);

        AssertSame();
        // Nothing but the last interval was trained twice.
        var restarted = Log("long-a").Split('\n').Where(line => line.StartsWith("going on from step", StringComparison.Ordinal)).ToArray();
        Assert.Contains(restarted, line => int.Parse(line.Split(' ')[4].TrimEnd(':'), NumberStyles.AllowThousands, CultureInfo.InvariantCulture) >= killedAt);
        if (second != first) Assert.Contains("going on from step", Log("long-b"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Study, "attempts"), "*", SearchOption.AllDirectories));
    }

    /// <summary>Cancelled in mid-training by 'study cancel', it stays so, and goes on when asked; a job that scancel ended is not revived either.</summary>
    [Fact]
    public void Cancel_RunningAndWaitingElements_StayCancelledUntilResumed()
    {
        Assert.SkipWhen(SlurmCluster.WhyNot() is not null, $"{SlurmCluster.WhyNot()}");
        _folder.File("study.json", Cells(1, longEpochs: 250));
        Ornstein("run", "study.json", "--out", "whole").Expect(0);
        using var cluster = new SlurmCluster();
        Ornstein("submit", "study.json", "--partition", "all", "--max-running", "1").Expect(0);
        SlurmCluster.WaitFor(() => Step("long-a") >= 20, 60, "the first cell in mid-training");
        Assert.Contains("nothing to submit: of 3 cells 0 are done, 1 running, 2 submitted", TinyRun.OneLine(Ornstein("submit", "study.json")), StringComparison.Ordinal);
        Ornstein("collect", "study.json").Expect(0);
        Assert.Contains("long-a: running", File.ReadAllText(Path.Combine(Study, "report.md")), StringComparison.Ordinal);
        Ornstein("cancel", "study.json").Expect(0);
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 30, "an empty queue");
        var status = Status();
        Assert.All(status, cell => Assert.Equal("waiting", (string)cell["stage"]!));
        Assert.All(status, cell => Assert.StartsWith("cancelled, element", (string)cell["reason"]!, StringComparison.Ordinal));
        var step = Step("long-a");
        Assert.True(step >= 20);

        Ornstein("resume", "study.json").Expect(0);
        SlurmCluster.WaitFor(() => Step("long-a") > step, 60, "the first cell to go on");
        SlurmCluster.Shell("scancel -u root");
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 30, "an empty queue");
        Thread.Sleep(2000);
        Assert.Equal("", SlurmCluster.Shell("squeue -h"));
        Assert.All(Status(), cell => Assert.StartsWith("cancelled in Slurm, element", (string)cell["reason"]!, StringComparison.Ordinal));
        Ornstein("resume", "study.json").Expect(0);
        Finish(90);
        AssertSame();
    }

    /// <summary>The controller lost the jobs; an element died of what is no fault of its cells: both are lost, named, and submitted again.</summary>
    [Fact]
    public void Resume_LostElements_SubmitsThemAloneAlsoWhereTheFolderWasMoved()
    {
        Assert.SkipWhen(SlurmCluster.WhyNot() is not null, $"{SlurmCluster.WhyNot()}");
        _folder.File("study.json", Cells(3, longEpochs: 1));
        Ornstein("run", "study.json", "--out", "whole").Expect(0);
        using var cluster = new SlurmCluster();
        // All nodes are taken: the elements wait until the folder has another place.
        SlurmCluster.Shell("sbatch -p all -N 2 -c 2 --mem=0 -o /dev/null --job-name=blocker --wrap 'sleep 600'");
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h -t R").Length > 0, 20, "the job that takes all nodes");
        Ornstein("submit", "study.json").Expect(0);
        Assert.All(Status(), cell => Assert.Contains("element", (string)cell["reason"]!, StringComparison.Ordinal));
        Directory.Move(Study, _folder.File("moved"));
        SlurmCluster.Shell("scancel --name=blocker");
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 60, "an empty queue");
        Directory.Move(_folder.File("moved"), Study);
        var lost = Ornstein("status", "study.json").Expect(0).Output;
        Assert.Matches(@"lost: m0, epoch 0 of 2: element 2 of submission 1, job \d+_2 ended as FAILED on n", lost);
        Assert.Contains("5 lost ('study resume' submits them again)", TinyRun.OneLine(Ornstein("submit", "study.json")), StringComparison.Ordinal);
        Ornstein("resume", "study.json").Expect(0);
        Finish(90);
        AssertSame();
    }

    [Fact]
    public void Submit_WhatSlurmRefuses_IsOneLineAndLeavesNothing()
    {
        Assert.SkipWhen(SlurmCluster.WhyNot() is not null, $"{SlurmCluster.WhyNot()}");
        _folder.File("study.json", Cells(1, longEpochs: 1));
        using var cluster = new SlurmCluster();
        var before = TinyRun.Snapshot(_folder.Path);
        void Refused(string expected, params string[] options) =>
            Assert.Contains(expected, TinyRun.OneLine(Ornstein(["submit", "study.json", .. options])), StringComparison.Ordinal);
        Refused("there is no partition lwo; did you mean 'low'?; partitions are all, low, short", "--partition", "lwo");
        Refused("partition short refuses --time 20:00: its limit is 00:10:00", "--partition", "short", "--time", "20:00");
        Refused("partition all refuses --cpus 3: its largest node has 2", "--cpus", "3");
        Refused("Slurm refuses the submission: Invalid generic resource (gres) specification", "--gpus", "1");
        Refused("Slurm refuses the submission: Batch job submission failed: Invalid feature specification", "--sbatch=--constraint=best");
        Assert.Contains("#SBATCH --partition=low\n", Ornstein("submit", "study.json", "--partition", "low", "--dry-run").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
        Environment.SetEnvironmentVariable("SLURM_CONF", "/nowhere/slurm.conf");
        Refused("Slurm does not answer: ");
    }

    // Two long cells and some of two epochs.
    private static string Cells(int count, int longEpochs)
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

    // Submits again what is lost, as after a controller that forgot jobs.
    private void Finish(int seconds) => SlurmCluster.WaitFor(
        () =>
        {
            var stages = Status().Select(cell => (string)cell["stage"]!).ToArray();
            Assert.DoesNotContain("failed", stages);
            // A controller that was killed may start a job that runs, and then takes the node out of service: its administrator puts it back.
            if (SlurmCluster.Shell("sinfo -h -o %T").Contains("drain", StringComparison.Ordinal)) SlurmCluster.Shell("scontrol update nodename=n1,n2 state=resume");
            if (stages.Contains("lost")) Ornstein("resume", "study.json");
            Thread.Sleep(500);
            return stages.All(stage => stage == "done");
        },
        seconds,
        "every cell done; " + string.Join("; ", Status().Where(cell => (string)cell["stage"]! != "done").Take(5).Select(cell => $"{cell["cell"]} {cell["stage"]} {cell["reason"]}"))
        + SlurmCluster.Shell("squeue -r; sinfo -N"));

    private void AssertSame()
    {
        var (expected, found) = (TinyStudy.Cells(_folder.File("whole")), TinyStudy.Cells(Study));
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, cell => Assert.Equal(
            File.ReadAllBytes(Path.Combine(cell.Value, "phase.json")), File.ReadAllBytes(Path.Combine(found[cell.Key], "phase.json"))));
    }

    private JsonNode[] Status() =>
        [.. JsonNode.Parse(Ornstein("status", "study.json", "--json").Expect(0).Output)!["experiments"]![0]!["each"]!.AsArray().Select(cell => cell!)];

    // Of the last attempt at a cell.
    private string? Record(string cell)
    {
        var hash = File.ReadLines(Path.Combine(Study, "submissions", "1", "elements.tsv")).Select(line => line.Split('\t')).Single(line => line[2] == cell)[1];
        var folder = Path.Combine(Study, "attempts", hash[..2], hash);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).LastOrDefault() : null;
    }

    private long Step(string cell) => Record(cell) is { } record ? TinyRun.CheckpointStep(Path.ChangeExtension(record, null)) : -1;

    private string Node(string cell) => (string)JsonNode.Parse(File.ReadAllText(Record(cell)!))!["node"]!;

    // Of all elements that had the cell.
    private string Log(string cell) => string.Concat(Directory.GetDirectories(Path.Combine(Study, "submissions")).Order(StringComparer.Ordinal).SelectMany(folder =>
        File.ReadLines(Path.Combine(folder, "elements.tsv")).Select(line => line.Split('\t')).Where(line => line[2] == cell)
            .Select(line => Path.Combine(folder, "logs", "00", $"{line[0]}.log")).Where(File.Exists).Select(File.ReadAllText)));

    private Outcome Ornstein(params string[] arguments) => ChildProgram.Run(_folder.Path, ["study", .. arguments]);
}
